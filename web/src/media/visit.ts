// The media of one visit to a space: everybody the space says one may hear or be heard by, for exactly as long as it
// says so. It hears the space's events, tells the store what the screens show, and gives everybody what one gives.

import type { HearingPeer, MediaRoom, RoomPeer, SpaceClient, SpaceEvent } from "../space/client";
import { type PeerMedia, type PeerStats, useMedia } from "../state/media";
import { useSpace } from "../state/space";
import { IceServers } from "./connect/ice";
import { listenToNetwork } from "./connect/network";
import { Pace } from "./connect/outbox";
import type { Given } from "./giving";
import { Person, type Rights } from "./person";
import { rememberVolume, useMediaPreferences, volumeOf } from "./preferences";
import { Rooms } from "./room/rooms";
import { Mixer, type Place } from "./sound/mixer";
import { tally } from "./tally";
import { Timer } from "./timer";

/** How often it is looked who speaks: quicker than a ring around a face can be followed. */
const LISTEN_MS = 100;
/** Of more than these every other one is looked at in turn: each look waits for another thread of the browser. */
const LISTEN_MAX = 4;
const MEASURE_MS = 2_000;
const STRIDE = 4;
/** Whoever speaks and is not among the loudest has no lane; nobody waits longer for them. */
const FLOW_MS_MAX = 2_000;
/** Where lanes are free, whoever speaks gets one, however late they or we are. */
const FLOW_FREE_MS_MAX = 8_000;
/** From joining a room to saying that it flows, so that others can find one's voice there and fade over to it. */
const FLOW_MS_MIN = 1_000;
/** The height of a picture that has no tile yet. */
const LEAST_PX = 90;
/**
 * While tiles are laid out anew their sizes change with every frame, and of more than 30 messages a second a node reads none: so
 * what is wanted is said at most this often, and what it is in the end is always said.
 */
const WANTS_MS = 150;
/** However many rooms fall silent at once, the way to the space is doubted once. */
const HOPE_GAP_MS = 600;

export interface VisitHost {
	/** Somebody is there, or nobody any more. */
	company(some: boolean): void;
	/** While somebody is there, ten times a second. */
	pulse(now: number): void;
	soundBlocked(): void;
}

export class Visit {
	#client: SpaceClient | null = null;
	#self: number | null = null;
	#online = false;
	#left = false;
	#given: Given = { microphone: null, camera: null, screen: null, sound: null };
	#telling = false;
	readonly #people = new Map<number, Person>();
	readonly #rooms: Rooms;
	/** What the space was told last of the ways that flow. */
	#flows = "";
	readonly #sayWants = new Timer(() => this.#onWants());
	#wantsAt = Number.NEGATIVE_INFINITY;
	#hopedAt = Number.NEGATIVE_INFINITY;
	/** Somebody looks again, or nobody any more. */
	readonly #onLook = () => {
		for (const person of this.#people.values()) person.sayWants();
		this.#wantSoon();
	};
	readonly #ice: IceServers;
	readonly #pace = new Pace();
	readonly #mixer: Mixer;
	readonly #stopNetwork: () => void;
	readonly #listen = new Timer(() => this.#onListen());
	#turn = 0;
	readonly #measure = new Timer(() => this.#onMeasure());

	constructor(
		spaceId: string,
		relayOnly: boolean,
		private readonly host: VisitHost,
	) {
		this.#ice = new IceServers(spaceId, relayOnly, useMediaPreferences.getState().relayOnly, (change) => {
			useMedia.setState({ relay: this.#ice.relayOnly });
			for (const { peer } of this.#people.values()) peer?.configure(change);
		});
		useMedia.setState({ relay: this.#ice.relayOnly });
		this.#stopNetwork = listenToNetwork(
			() => {
				this.#ice.hint();
				for (const { peer } of this.#people.values()) peer?.hint();
				this.#rooms.hint();
			},
			() => {
				for (const { peer } of this.#people.values()) peer?.unplugged();
			},
		);
		document.addEventListener("visibilitychange", this.#onLook);
		this.#rooms = new Rooms(spaceId, {
			configuration: () => this.#ice.configuration(),
			wantGrant: (room) => this.#client?.wantGrant(room),
			lost: (room) => this.#client?.roomLost(room),
			silent: () => this.#hope(),
			changed: () => this.#onRooms(),
			soundBlocked: () => this.host.soundBlocked(),
			lowData: () => useMediaPreferences.getState().lowData,
			speaker: () => useMediaPreferences.getState().speakerId,
			stereo: () => useMediaPreferences.getState().stereo,
		});
		this.#mixer = new Mixer({
			places: () => this.#places(),
			heard: () => this.#people,
			strangers: () => this.#rooms.voicesBesides(this.#people),
			moving: () => this.#client?.moving(performance.now()) ?? false,
			wishes: () => ({ ...useMediaPreferences.getState(), deafened: useMedia.getState().deafened }),
			looked: (places) => {
				for (const [id, place] of places) this.#people.get(id)?.setPlace(place);
			},
		});
	}

	attach(client: SpaceClient): void {
		this.#client = client;
	}

	handle(event: SpaceEvent): void {
		if (this.#left) return;
		switch (event.type) {
			case "connection":
				this.#online = event.state === "online";
				for (const { peer } of this.#people.values()) peer?.setOnline(this.#online);
				break;
			case "welcome":
				this.#onWelcome(event.self);
				break;
			case "people":
				for (const { id, connected } of event.changed) this.#people.get(id)?.peer?.setAway(!connected);
				// Somebody may show something now; the store is told of it by others, at this very moment.
				this.#wantSoon();
				break;
			case "hearing":
				useMedia.setState({
					...{
						room: event.room,
						beyond: event.beyond,
						audience: event.audience,
						locked: event.locked,
						lockedOut: event.lockedOut,
					},
				});
				this.#onHearing(event.peers, event.mediaRooms, event.roomPeers);
				break;
			case "mediaGrant":
				this.#rooms.takeGrant(event.room, event.grant);
				break;
			case "signal":
				this.#peering(event.from, event.epoch)?.peer?.receive(event.payload);
				break;
			case "signalRefused":
				this.#people.get(event.to)?.peer?.refused(event.reason);
				break;
		}
	}

	/** Somebody moves, or something else changed how people sound. */
	wake(): void {
		if (this.#people.size + this.#rooms.size > 0) this.#mixer.wake();
	}

	give(given: Given): void {
		this.#given = given;
		for (const person of this.#people.values()) person.give(given);
		this.#rooms.give(given);
		this.publish();
	}

	publish(): void {
		const { microphone, camera, screen } = this.#given;
		this.#client?.publish({ microphone: microphone !== null, camera: camera !== null, screen: screen !== null });
	}

	person(id: number): Person | undefined {
		return this.#people.get(id);
	}

	everybody(): Iterable<Person> {
		return this.#people.values();
	}

	setSpeaker(id: string | null): void {
		for (const person of this.#people.values()) person.setSpeaker(id);
		this.#rooms.setSpeaker(id);
	}

	setStereo(stereo: boolean): void {
		for (const person of this.#people.values()) person.setStereo(stereo);
		this.#rooms.setStereo(stereo);
	}

	playAgain(): void {
		for (const person of this.#people.values()) person.playAgain();
		this.#rooms.playAgain();
	}

	setVolume(id: number, volume: number): void {
		const userId = useSpace.getState().people.get(id)?.userId;
		if (userId !== undefined) rememberVolume(userId, volume);
		const person = this.#people.get(id);
		if (!person) return;
		person.volume = volume;
		this.wake();
		this.#tell();
	}

	setRelayOnly(wish: boolean): void {
		this.#ice.setRelayOnly(wish);
	}

	lock(on: boolean): void {
		this.#client?.lock(on);
	}

	stats(): Promise<PeerStats[]> {
		return Promise.all([...this.#people.values()].map((person) => person.stats()));
	}

	leave(): void {
		this.#left = true;
		for (const id of [...this.#people.keys()]) this.#end(id);
		this.#rooms.close();
		this.#stopNetwork();
		document.removeEventListener("visibilitychange", this.#onLook);
		this.#sayWants.stop();
		this.#ice.close();
		this.#mixer.close();
		this.#listen.stop();
		this.#measure.stop();
		this.#client = null;
	}

	/** For `?inspect`: what the browser tests look at. */
	readonly inspect = {
		peers: () => [...this.#people.values()].map((person) => ({ ...person.describe(), epoch: person.epoch })),
		counts: () => ({ ...tally }),
		connections: () =>
			new Map([...this.#people].flatMap(([id, { peer }]) => (peer?.link ? [[id, peer.link.pc] as const] : []))),
		rooms: () => this.#rooms.describe(),
		roomConnections: () => this.#rooms.connections(),
		roomReceivers: (id: number, kind: "microphone" | "camera") =>
			this.#rooms.lanes(id, kind).map(({ slot }) => slot.receiver),
		/** Of whatever way is listened to: all of them together, for nobody is to be heard twice. */
		gainOf: (id: number) => this.#people.get(id)?.voices.reduce((sum, { gain }) => sum + gain, 0) ?? 0,
	};

	#onWelcome(self: number): void {
		// Another session: whom one knew before knows one no more.
		if (this.#self !== null && this.#self !== self) for (const id of [...this.#people.keys()]) this.#end(id);
		this.#self = self;
		this.publish();
		// The socket comes back after a sleep too, which the credentials of relays may not have outlived.
		this.#ice.hint();
		for (const { peer } of this.#people.values()) peer?.hint();
		// What was said meanwhile reached nobody.
		this.#rooms.hint();
		this.#flows = "";
	}

	#onHearing(peers: HearingPeer[], rooms: MediaRoom[], roomPeers: RoomPeer[]): void {
		const wanted = new Map<number, Rights>();
		for (const rights of [...roomPeers, ...peers]) {
			const both = wanted.get(rights.id);
			const hears = rights.hears || (both?.hears ?? false);
			const heard = rights.heard || (both?.heard ?? false);
			wanted.set(rights.id, { id: rights.id, hears, heard, fullVolume: rights.fullVolume });
		}
		const own = new Map(peers.map((peer) => [peer.id, peer]));
		this.#rooms.tell(rooms);
		for (const id of [...this.#people.keys()]) if (!wanted.has(id)) this.#end(id);
		for (const rights of wanted.values()) {
			const known = this.#people.get(rights.id);
			if (known) known.setRights(rights);
			else this.#begin(rights);
		}
		for (const [id, person] of this.#people) person.setPeering(own.get(id) ?? null, this.#online);
		useMedia.setState({ way: rooms.length === 0 ? "direct" : this.#rooms.zones > 1 ? "zones" : "room" });
		this.#company();
		// One more or one less changes what each may cost.
		for (const person of this.#people.values()) person.give(this.#given);
		this.#sayFlows();
		this.#wantSoon();
		this.#tell();
		this.wake();
	}

	#company(): void {
		// On a stage one may hear nobody, and be heard by all.
		this.host.company(this.#people.size > 0 || this.#rooms.publishes);
	}

	#begin(rights: Rights): void {
		const { id } = rights;
		const person = new Person(rights, volumeOf(useSpace.getState().people.get(id)?.userId), {
			lanes: (kind) => this.#rooms.lanes(id, kind),
			absent: (kind) => this.#rooms.absent(id, kind),
			room: () => (this.#rooms.size > 0 ? this.#rooms.joined : null),
			tiled: () => this.#wantSoon(),
			seen: isSeen,
			ice: this.#ice,
			pace: this.#pace,
			changed: () => this.#tell(),
			wakeMixer: () => this.wake(),
			silent: () => this.#client?.hope(),
			soundBlocked: () => this.host.soundBlocked(),
			send: (epoch, payload) => this.#client?.signal(id, epoch, payload),
			report: (outcome, tookMs, via) => this.#client?.report(outcome, tookMs, via),
			people: () => [...this.#people.values()].filter(({ peer, receives }) => peer && receives).length,
			lowData: () => useMediaPreferences.getState().lowData,
			speaker: () => useMediaPreferences.getState().speakerId,
			stereo: () => useMediaPreferences.getState().stereo,
		});
		this.#people.set(id, person);
		person.give(this.#given);
		this.#listen.setOnce(LISTEN_MS);
		this.#measure.setOnce(MEASURE_MS);
	}

	#end(id: number): void {
		this.#people.get(id)?.close();
		this.#people.delete(id);
		if (this.#people.size === 0) {
			this.#listen.stop();
			this.#measure.stop();
			this.#company();
		}
		this.#tell();
	}

	#onRooms(): void {
		for (const person of this.#people.values()) person.roomsChanged();
		this.#sayFlows();
		this.#tell();
	}

	#hope(): void {
		const now = performance.now();
		if (now - this.#hopedAt < HOPE_GAP_MS) return;
		this.#hopedAt = now;
		this.#client?.hope();
	}

	/** Now, together with what else changes in this moment, or as soon as it may be said again. */
	#wantSoon(): void {
		this.#sayWants.setOnce(Math.max(0, this.#wantsAt + WANTS_MS - performance.now()));
	}

	/**
	 * Large pictures first; the node sends what the line takes. What somebody shows and is drawn nowhere yet is asked for in its
	 * smallest size: only what comes gets a tile, and the tile says how large it is to be. Where nobody looks nothing gets one.
	 */
	#onWants(): void {
		if (this.#rooms.size === 0) return;
		this.#wantsAt = performance.now();
		const { people } = useSpace.getState();
		const seen = isSeen();
		const wanted = [...this.#people.values()].flatMap((person) =>
			(["camera", "screen"] as const).map((kind) => {
				const least = seen && people.get(person.id)?.[kind] ? LEAST_PX : 0;
				return { id: person.id, kind, heightPx: Math.max(least, person.tile(kind)?.height ?? 0) };
			}),
		);
		this.#rooms.want(wanted.filter(({ heightPx }) => heightPx > 0).sort((a, b) => b.heightPx - a.heightPx));
	}

	/** Tells the space which ways flow, so that it can end those that are not needed any more. */
	#sayFlows(): void {
		const now = performance.now();
		// Whoever speaks, and is to be heard there, has to have been.
		const people = [...this.#people.values()];
		const waits = people.some((person) => person.speaks && person.hears && !person.flowsThroughRoom);
		const most = this.#rooms.full ? FLOW_MS_MAX : FLOW_FREE_MS_MAX;
		const least = people.length === 0 ? 0 : waits ? most : FLOW_MS_MIN;
		const rooms = this.#rooms.flowing().filter(({ joinedAt }) => now - joinedAt >= least);
		const peers = people.filter((person) => this.#rooms.size > 0 && person.flowsDirectly);
		const flows = [rooms.map(({ room }) => room), peers.map(({ id }) => id)] as const;
		const said = JSON.stringify(flows);
		if (said === this.#flows || (this.#flows === "" && this.#rooms.size === 0)) return;
		this.#flows = this.#rooms.size === 0 ? "" : said;
		this.#client?.flows(...flows);
	}

	#peering(id: number, epoch: number): Person | undefined {
		const person = this.#people.get(id);
		return person?.epoch === epoch ? person : undefined;
	}

	#places(): Map<number, Place> {
		const places = new Map<number, Place>();
		const now = this.#client?.hearing();
		for (let at = 0; now && at + STRIDE <= now.length; at += STRIDE) {
			const [id = 0, gain = 0, pan = 0, distancePx = -1] = now.subarray(at, at + STRIDE);
			places.set(id, { gain, pan, distancePx, fullVolume: this.#people.get(id)?.fullVolume ?? false });
		}
		return places;
	}

	#onListen(): void {
		// First, so that whatever goes wrong in one look, there is another: rings and rooms live by it.
		this.#listen.set(LISTEN_MS);
		const now = performance.now();
		let changed = false;
		this.#rooms.listen(now);
		this.#turn = 1 - this.#turn;
		let n = 0;
		for (const person of this.#people.values()) {
			n += 1;
			if (this.#people.size <= LISTEN_MAX || n % 2 === this.#turn) changed = person.listen(now) || changed;
		}
		if (changed) this.#tell();
		if (this.#rooms.size > 0) this.#sayFlows();
		this.host.pulse(now);
	}

	#onMeasure(): void {
		for (const person of this.#people.values()) person.measure().catch(() => {});
		this.#measure.set(MEASURE_MS);
	}

	/** What many things change at once is told once. */
	#tell(): void {
		if (this.#telling) return;
		this.#telling = true;
		queueMicrotask(() => {
			this.#telling = false;
			if (this.#left) return;
			const before = useMedia.getState().peers;
			const peers = new Map<number, PeerMedia>();
			for (const [id, person] of this.#people) {
				const now = person.describe();
				const known = before.get(id);
				peers.set(id, known && same(known, now) ? known : now);
			}
			const unchanged = peers.size === before.size && [...peers].every(([id, peer]) => before.get(id) === peer);
			if (!unchanged) useMedia.setState({ peers });
		});
	}
}

/** A hidden tab shows nothing, unless its tiles are in a window of their own (Document Picture-in-Picture). */
function isSeen(): boolean {
	const { documentPictureInPicture: own } = window as { documentPictureInPicture?: { window: Window | null } };
	return !document.hidden || Boolean(own?.window);
}

const same = (a: PeerMedia, b: PeerMedia): boolean =>
	(Object.keys(b) as (keyof PeerMedia)[]).every((key) => a[key] === b[key]);
