// The media of one visit to a space: everybody the space says one may hear or be heard by, for exactly as long as it
// says so. It hears the space's events, tells the store what the screens show, and gives everybody what one gives.

import type { HearingPeer, SpaceClient, SpaceEvent } from "../space/client";
import { type PeerMedia, type PeerStats, useMedia } from "../state/media";
import { useSpace } from "../state/space";
import { IceServers } from "./connect/ice";
import { listenToNetwork } from "./connect/network";
import { Pace } from "./connect/outbox";
import type { Given } from "./giving";
import { Person } from "./person";
import { rememberVolume, useMediaPreferences, volumeOf } from "./preferences";
import { Mixer, type Place } from "./sound/mixer";
import { tally } from "./tally";
import { Timer } from "./timer";

/** How often it is looked who speaks: quicker than a ring around a face can be followed. */
const LISTEN_MS = 100;
const MEASURE_MS = 2_000;
const STRIDE = 4;

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
	readonly #ice: IceServers;
	readonly #pace = new Pace();
	readonly #mixer: Mixer;
	readonly #stopNetwork: () => void;
	readonly #listen = new Timer(() => this.#onListen());
	readonly #measure = new Timer(() => this.#onMeasure());

	constructor(
		spaceId: string,
		relayOnly: boolean,
		private readonly host: VisitHost,
	) {
		this.#ice = new IceServers(spaceId, relayOnly, useMediaPreferences.getState().relayOnly, (change) => {
			useMedia.setState({ relay: this.#ice.relayOnly });
			for (const { peer } of this.#people.values()) peer.configure(change);
		});
		useMedia.setState({ relay: this.#ice.relayOnly });
		this.#stopNetwork = listenToNetwork(
			() => {
				this.#ice.hint();
				for (const { peer } of this.#people.values()) peer.hint();
			},
			() => {
				for (const { peer } of this.#people.values()) peer.unplugged();
			},
		);
		this.#mixer = new Mixer({
			places: () => this.#places(),
			heard: () => this.#people,
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
				for (const { peer } of this.#people.values()) peer.setOnline(this.#online);
				break;
			case "welcome":
				this.#onWelcome(event.self);
				break;
			case "people":
				for (const { id, connected } of event.changed) this.#people.get(id)?.peer.setAway(!connected);
				break;
			case "hearing":
				useMedia.setState({
					...{ room: event.room, beyond: event.beyond, locked: event.locked, lockedOut: event.lockedOut },
				});
				this.#onHearing(event.peers);
				break;
			case "signal":
				this.#peering(event.from, event.epoch)?.peer.receive(event.payload);
				break;
			case "signalRefused":
				this.#people.get(event.to)?.peer.refused(event.reason);
				break;
		}
	}

	/** Somebody moves, or something else changed how people sound. */
	wake(): void {
		if (this.#people.size > 0) this.#mixer.wake();
	}

	give(given: Given): void {
		this.#given = given;
		for (const person of this.#people.values()) person.give(given);
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
		this.#stopNetwork();
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
			new Map([...this.#people].flatMap(([id, { peer }]) => (peer.link ? [[id, peer.link.pc] as const] : []))),
		gainOf: (id: number) => this.#people.get(id)?.voices[0]?.gain ?? 0,
	};

	#onWelcome(self: number): void {
		// Another session: whom one knew before knows one no more.
		if (this.#self !== null && this.#self !== self) for (const id of [...this.#people.keys()]) this.#end(id);
		this.#self = self;
		this.publish();
		for (const { peer } of this.#people.values()) peer.hint();
	}

	#onHearing(peers: HearingPeer[]): void {
		const wanted = new Map(peers.map((peer) => [peer.id, peer]));
		for (const [id, person] of [...this.#people]) {
			if (wanted.get(id)?.epoch !== person.epoch) this.#end(id);
		}
		for (const rights of peers) {
			const known = this.#people.get(rights.id);
			if (known) known.setRights(rights);
			else this.#begin(rights);
		}
		this.host.company(this.#people.size > 0);
		// One more or one less changes what each may cost.
		for (const person of this.#people.values()) person.give(this.#given);
		this.#tell();
		this.wake();
	}

	#begin(rights: HearingPeer): void {
		const { id, epoch } = rights;
		const person = new Person(rights, volumeOf(useSpace.getState().people.get(id)?.userId), {
			ice: this.#ice,
			pace: this.#pace,
			changed: () => this.#tell(),
			wakeMixer: () => this.wake(),
			silent: () => this.#client?.hope(),
			soundBlocked: () => this.host.soundBlocked(),
			send: (payload) => this.#client?.signal(id, epoch, payload),
			report: (outcome, tookMs, via) => this.#client?.report(outcome, tookMs, via),
			people: () => [...this.#people.values()].filter(({ receives }) => receives).length,
			lowData: () => useMediaPreferences.getState().lowData,
			speaker: () => useMediaPreferences.getState().speakerId,
			stereo: () => useMediaPreferences.getState().stereo,
		});
		this.#people.set(id, person);
		person.give(this.#given);
		void person.peer.start(this.#online);
		this.#listen.setOnce(LISTEN_MS);
		this.#measure.setOnce(MEASURE_MS);
	}

	#end(id: number): void {
		this.#people.get(id)?.close();
		this.#people.delete(id);
		if (this.#people.size === 0) {
			this.#listen.stop();
			this.#measure.stop();
			this.host.company(false);
		}
		this.#tell();
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
		const now = performance.now();
		let changed = false;
		for (const person of this.#people.values()) changed = person.listen(now) || changed;
		if (changed) this.#tell();
		this.host.pulse(now);
		this.#listen.set(LISTEN_MS);
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

const same = (a: PeerMedia, b: PeerMedia): boolean =>
	(Object.keys(b) as (keyof PeerMedia)[]).every((key) => a[key] === b[key]);
