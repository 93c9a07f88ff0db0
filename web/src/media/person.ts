// One person as far as media goes: what they are sent, what is heard and seen of them. Transports come and go beneath it: a
// connection of one's own, lanes of media rooms, for a while both. Exactly one of them is listened to. Whoever shows a
// person sees only this.
//
// The rights are the space's: nothing is put on the way where one is not `heard`, nothing is played where one does not hear.

import type { HearingPeer } from "../space/client";
import type { PeerMedia, PeerStats } from "../state/media";
import { type ControlMessage, NOTHING_SENT, type Sends, type Size } from "./connect/control";
import type { IceServers } from "./connect/ice";
import type { Lane } from "./connect/link";
import type { Pace } from "./connect/outbox";
import { Peer } from "./connect/peer";
import { type Reading, readReport, toPeerStats, type Via } from "./connect/stats";
import { CONNECTING, type PeerState } from "./connect/words";
import { type Given, Giving } from "./giving";
import type { RoomLane } from "./room/rooms";
import type { AbsenceCause, TrackKind } from "./room/words";
import type { Heard, Place } from "./sound/mixer";
import { Speaking } from "./sound/speaking";
import { Voice } from "./sound/voice";
import { mediaText as text } from "./text";
import { Timer } from "./timer";

/** What the space allows, whatever the way. */
export interface Rights {
	id: number;
	hears: boolean;
	heard: boolean;
	fullVolume: boolean;
}

type Picture = "camera" | "screen";

export interface PersonHost {
	/** Where something of them arrives through rooms, the best first. */
	lanes(kind: TrackKind): RoomLane[];
	/** Why a picture of theirs comes through none. */
	absent(kind: Picture): AbsenceCause | null;
	/** A room they may be heard in is joined; null: there is none. */
	room(): boolean | null;
	/** They are drawn otherwise. */
	tiled(): void;
	/** Somebody may look at what has no tile yet. */
	seen(): boolean;
	ice: IceServers;
	pace: Pace;
	changed(): void;
	wakeMixer(): void;
	silent(): void;
	soundBlocked(): void;
	send(epoch: number, payload: string): void;
	report(outcome: "connected" | "failed", tookMs: number, via: Via): void;
	/** How many are sent pictures. */
	people(): number;
	lowData(): boolean;
	speaker(): string | null;
	stereo(): boolean;
}

/** Tiles change size many times while a panel slides open; the last of it is what counts. */
const WANTS_MS = 150;
const NOT_SHOWN: Size = { width: 0, height: 0 };
/** Of what was played this long ago it is said that it sounds: two looks in a crowd, and a little. */
const SOUNDS_MS = 450;

export class Person implements Heard {
	/** The own way to them, where the space wants one. */
	peer: Peer | null = null;
	#epoch: number | null = null;
	readonly #voice: Voice;
	/** What of all that arrives is listened to. */
	#listenedTo: Voice;
	/** Of their screen; there is an element for it only while it sounds. */
	#soundVoice: Voice | null = null;
	volume: number;
	#rights: Rights;
	#theirs: Sends = NOTHING_SENT;
	/** How we draw them. */
	#tiles: Record<Picture, Size | null> = { camera: null, screen: null };
	#streams: Partial<Record<Picture, MediaStream>> = {};
	#reading: Reading | null = null;
	readonly #giving: Giving;
	#stats: PeerStats | null = null;
	readonly #speaking = new Speaking();
	#heardAt = { stamp: 0, at: 0 };
	#roomHeardAt = { stamp: 0, at: 0 };
	#level = 0;
	readonly #tellWants = new Timer(() => this.sayWants());

	constructor(
		rights: Rights,
		volume: number,
		private readonly host: PersonHost,
	) {
		this.#rights = rights;
		this.volume = volume;
		this.#voice = this.#newVoice();
		this.#listenedTo = this.#voice;
		this.#giving = new Giving({
			link: () => this.peer?.link ?? null,
			heard: () => this.#rights.heard,
			people: host.people,
			lowData: host.lowData,
		});
	}

	get id(): number {
		return this.#rights.id;
	}

	/** Of the own way; null: there is none. */
	get epoch(): number | null {
		return this.#epoch;
	}

	get hears(): boolean {
		return this.#rights.hears;
	}

	get fullVolume(): boolean {
		return this.#rights.fullVolume;
	}

	get voices(): readonly Voice[] {
		const through = (kind: TrackKind) => this.host.lanes(kind).flatMap(({ voice }) => (voice ? [voice] : []));
		const own = this.#soundVoice ? [this.#voice, this.#soundVoice] : [this.#voice];
		return [...own, ...through("microphone"), ...through("sound")];
	}

	plays(voice: Voice): boolean {
		const [film] = this.host.lanes("sound");
		if (voice === this.#soundVoice) return film === undefined;
		return voice === this.#listenedTo || (voice === film?.voice && film.slot.kind === "sound");
	}

	/** Heard through a room, not only said to be, and in no other way any more: what is ended while it fades out is a gap. */
	get flowsThroughRoom(): boolean {
		const fading = this.voices.some((voice) => voice.gain > 0 && !this.plays(voice));
		return !fading && this.host.lanes("microphone").some(({ slot, leaving }) => slot.flows && !leaving);
	}

	/** Connected, and nothing is played of a room that is to be left. */
	get flowsDirectly(): boolean {
		return this.connected && !this.host.lanes("microphone").some(({ voice, leaving }) => leaving && voice?.gain);
	}

	get connected(): boolean {
		return this.peer?.state.state === "connected";
	}

	get speaks(): boolean {
		return this.#speaking.on;
	}

	get level(): number {
		return this.#level;
	}

	/** Gets pictures from us, or would. */
	get receives(): boolean {
		return this.#rights.heard;
	}

	/** A way of one's own, another one, or none any more. */
	setPeering(peering: HearingPeer | null, online: boolean): void {
		if ((peering?.epoch ?? null) === this.#epoch) return;
		this.peer?.close();
		this.peer = null;
		this.#epoch = peering?.epoch ?? null;
		this.#theirs = NOTHING_SENT;
		this.#streams = {};
		this.#stats = null;
		if (peering) {
			const { host } = this;
			const { epoch } = peering;
			this.peer = new Peer(peering.polite, host.ice, host.pace, {
				changed: () => this.#onPeerChanged(),
				lanes: () => this.#onLanes(),
				open: () => this.#onOpen(),
				silent: host.silent,
				control: (message) => this.#onControl(message),
				send: (payload) => host.send(epoch, payload),
				report: host.report,
			});
			void this.peer.start(online);
		}
		this.#choose();
		this.#play();
		this.host.changed();
	}

	/** Something else arrives of them through rooms. */
	roomsChanged(): void {
		this.#choose();
		this.host.wakeMixer();
	}

	setRights(rights: Rights): void {
		this.#rights = rights;
		this.#play();
		this.#giving.again();
		this.host.changed();
	}

	give(given: Given): void {
		this.#giving.give(given);
	}

	setPlace(place: Place): void {
		this.#giving.setPlace(place);
	}

	tile(kind: Picture): Size | null {
		return this.#tiles[kind];
	}

	setTile(kind: Picture, size: Size): void {
		const before = this.#tiles[kind];
		if (before && before.width === size.width && before.height === size.height) return;
		this.#tiles[kind] = size;
		this.host.tiled();
		// Who opens a picture waits for it; who closes one does not.
		if (!before || before.width === 0) this.sayWants();
		else this.#tellWants.set(WANTS_MS);
	}

	/** Tells them how large they are drawn. What has no tile yet may come in any size, unless nobody looks. */
	sayWants(): void {
		this.#tellWants.stop();
		const none = this.host.seen() ? null : NOT_SHOWN;
		const { camera, screen } = this.#tiles;
		this.peer?.link?.say({ type: "wants", camera: camera ?? none, screen: screen ?? none });
	}

	setSpeaker(id: string | null): void {
		for (const voice of [this.#voice, this.#soundVoice]) voice?.setSpeaker(id);
	}

	setStereo(stereo: boolean): void {
		for (const voice of [this.#voice, this.#soundVoice]) voice?.setStereo(stereo);
	}

	playAgain(): void {
		for (const voice of [this.#voice, this.#soundVoice]) voice?.play();
	}

	/** Looks how loud they are. Says whether it changed that they speak. */
	listen(now: number): boolean {
		const own = this.peer?.lane("microphone")?.receiver;
		const [direct] = own?.getSynchronizationSources() ?? [];
		// What was said last is reported until something else is: silence is when no more comes.
		const heard = direct !== undefined && direct.timestamp !== this.#heardAt.stamp;
		if (heard) this.#heardAt = { stamp: direct.timestamp, at: now };
		this.peer?.watch(now, heard, this.#theirs.microphone);
		const lane = this.#roomLane();
		const [through] = lane?.slot.receiver.getSynchronizationSources() ?? [];
		if (through && through.timestamp !== this.#roomHeardAt.stamp)
			this.#roomHeardAt = { stamp: through.timestamp, at: now };
		this.#choose();
		const [source, { at }] = lane ? [through, this.#roomHeardAt] : [direct, this.#heardAt];
		const sounds = now - at < SOUNDS_MS && this.hears && (lane !== undefined || this.#theirs.microphone);
		this.#level = sounds ? (source?.audioLevel ?? 0) : 0;
		return this.#speaking.take(this.#level, now);
	}

	/** Measures the way, and fits the pictures to it. */
	async measure(): Promise<void> {
		const link = this.peer?.link;
		if (link?.state !== "connected") return;
		const report = (await link.pc.getStats()) as unknown as Iterable<[string, unknown]>;
		if (link !== this.peer?.link) return;
		const reading = readReport(report, performance.now());
		this.#stats = toPeerStats(this.id, this.peer.state.state, this.#reading, reading);
		this.#reading = reading;
		if (this.#giving.measure(reading)) this.host.changed();
	}

	async stats(): Promise<PeerStats> {
		await this.measure().catch(() => {});
		const { state } = this.#state();
		if (this.#stats && state === "connected") return { ...this.#stats, state };
		return {
			...{
				id: this.id,
				state,
				via: this.peer ? "unknown" : "room",
				protocol: "unknown",
				roundTripMs: null,
				lossIn: null,
				lossOut: null,
			},
			...{ kbpsIn: 0, kbpsOut: 0, video: null, sent: null, jitterMs: null },
		};
	}

	describe(): PeerMedia {
		const { state, reason, retryInMs } = this.#state();
		const { hears, heard } = this.#rights;
		const weak = this.#theirs.why === "poor" || this.#giving.poor;
		const [camera, screen] = [this.#picture("camera"), this.#picture("screen")];
		const absent = (camera ? null : this.host.absent("camera")) ?? (screen ? null : this.host.absent("screen"));
		return {
			...{ id: this.id, state, retryInMs, hears, heard, camera, screen },
			reason: reason ?? (weak ? text.peer.weak : absent && text.peer.absent[absent]),
			speaking: this.#speaking.on,
			audioOnly: this.#theirs.why !== null || absent !== null,
			volume: this.volume,
		};
	}

	close(): void {
		this.#tellWants.stop();
		this.peer?.close();
		this.peer = null;
		this.#voice.close();
		this.#soundVoice?.close();
		this.#soundVoice = null;
		this.#streams = {};
	}

	#newVoice(): Voice {
		const voice = new Voice(() => this.host.soundBlocked());
		voice.setSpeaker(this.host.speaker());
		voice.setStereo(this.host.stereo());
		return voice;
	}

	/** How it is with them, by the better of the ways. */
	#state(): PeerState {
		const own = this.peer?.state;
		const room = this.host.room();
		if (own?.state === "connected" || room === true) return { state: "connected", reason: null, retryInMs: null };
		return own ?? CONNECTING;
	}

	/** The lane of a room that is listened to. */
	#roomLane(): RoomLane | undefined {
		return this.host.lanes("microphone").find(({ voice }) => voice !== null && voice === this.#listenedTo);
	}

	/**
	 * A room that stays, once something has been played of it; else the own way, if there is one, and once something comes that
	 * way if something comes through a room; else a room all the same.
	 */
	#choose(): void {
		const lanes = this.host.lanes("microphone");
		const settled = lanes.find(({ slot, leaving }) => slot.flows && !leaving);
		const sounds = ({ at }: { at: number }) => performance.now() - at < SOUNDS_MS;
		const direct = this.connected && (sounds(this.#heardAt) || !this.#roomLane() || !sounds(this.#roomHeardAt));
		const best = settled ?? (direct ? undefined : (lanes.find(({ slot }) => slot.flows) ?? lanes[0]));
		const chosen = best?.voice ?? this.#voice;
		if (chosen === this.#listenedTo) return;
		this.#listenedTo = chosen;
		this.host.wakeMixer();
	}

	#onPeerChanged(): void {
		this.#choose();
		this.host.changed();
	}

	/** A connection is there, perhaps in place of another one. */
	#onLanes(): void {
		this.#streams = {};
		this.#reading = null;
		this.#theirs = NOTHING_SENT;
		this.#play();
		this.#giving.newLink();
	}

	#onOpen(): void {
		this.sayWants();
		this.#giving.mayTell();
	}

	#onControl(message: ControlMessage): void {
		if (message.type === "wants") {
			this.#giving.setWants({ camera: message.camera, screen: message.screen });
		} else if (message.type === "sends") {
			this.#theirs = message.sends;
			this.#play();
			this.host.changed();
		}
	}

	#play(): void {
		const track = (lane: Lane) => (this.hears ? (this.peer?.lane(lane)?.receiver.track ?? null) : null);
		this.#voice.setTrack(track("microphone"));
		if (this.#theirs.sound && this.hears) this.#soundVoice ??= this.#newVoice();
		else {
			this.#soundVoice?.close();
			this.#soundVoice = null;
		}
		this.#soundVoice?.setTrack(track("sound"));
		this.host.wakeMixer();
	}

	/** The same stream as long as it is the same connection: a video element that gets another one blinks. */
	#picture(kind: Picture): MediaStream | null {
		if (!this.hears) return null;
		const through = this.host.lanes(kind)[0]?.slot.receiver.track;
		const track = through ?? (this.#theirs[kind] ? this.peer?.lane(kind)?.receiver.track : undefined);
		if (!track) return null;
		const before = this.#streams[kind];
		if (before?.getVideoTracks()[0] === track) return before;
		this.#streams[kind] = new MediaStream([track]);
		return this.#streams[kind];
	}
}
