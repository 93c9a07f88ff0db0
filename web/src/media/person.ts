// One person as far as media goes: what they are sent, what is heard and seen of them. Transports come and go beneath it;
// whoever shows a person sees only this.
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
import { type Given, Giving } from "./giving";
import type { Heard, Place } from "./sound/mixer";
import { Speaking } from "./sound/speaking";
import { Voice } from "./sound/voice";
import { mediaText as text } from "./text";
import { Timer } from "./timer";

export interface PersonHost {
	ice: IceServers;
	pace: Pace;
	changed(): void;
	wakeMixer(): void;
	silent(): void;
	soundBlocked(): void;
	send(payload: string): void;
	report(outcome: "connected" | "failed", tookMs: number, via: Via): void;
	/** How many are sent pictures. */
	people(): number;
	lowData(): boolean;
	speaker(): string | null;
	stereo(): boolean;
}

type Picture = "camera" | "screen";
/** Tiles change size many times while a panel slides open; the last of it is what counts. */
const WANTS_MS = 150;

export class Person implements Heard {
	readonly peer: Peer;
	readonly #voice: Voice;
	/** Of their screen; there is an element for it only while it sounds. */
	#soundVoice: Voice | null = null;
	volume: number;
	#rights: HearingPeer;
	#theirs: Sends = NOTHING_SENT;
	/** How we draw them. */
	#tiles: Record<Picture, Size | null> = { camera: null, screen: null };
	#streams: Partial<Record<Picture, MediaStream>> = {};
	#reading: Reading | null = null;
	readonly #giving: Giving;
	#stats: PeerStats | null = null;
	readonly #speaking = new Speaking();
	#heardAt = { stamp: 0, at: 0 };
	#level = 0;
	readonly #tellWants = new Timer(() => this.#sayWants());

	constructor(
		rights: HearingPeer,
		volume: number,
		private readonly host: PersonHost,
	) {
		this.#rights = rights;
		this.volume = volume;
		this.#voice = this.#newVoice();
		this.#giving = new Giving({
			link: () => this.peer.link,
			heard: () => this.#rights.heard,
			people: host.people,
			lowData: host.lowData,
		});
		this.peer = new Peer(rights.polite, host.ice, host.pace, {
			changed: () => this.#onPeerChanged(),
			lanes: () => this.#onLanes(),
			open: () => this.#onOpen(),
			silent: host.silent,
			control: (message) => this.#onControl(message),
			send: host.send,
			report: host.report,
		});
	}

	get id(): number {
		return this.#rights.id;
	}

	get epoch(): number {
		return this.#rights.epoch;
	}

	get hears(): boolean {
		return this.#rights.hears;
	}

	get fullVolume(): boolean {
		return this.#rights.fullVolume;
	}

	get voices(): readonly Voice[] {
		return this.#soundVoice ? [this.#voice, this.#soundVoice] : [this.#voice];
	}

	get level(): number {
		return this.#level;
	}

	/** Gets pictures from us, or would. */
	get receives(): boolean {
		return this.#rights.heard;
	}

	setRights(rights: HearingPeer): void {
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

	setTile(kind: Picture, size: Size): void {
		const before = this.#tiles[kind];
		if (before && before.width === size.width && before.height === size.height) return;
		this.#tiles[kind] = size;
		// Who opens a picture waits for it; who closes one does not.
		if (!before || before.width === 0) this.#sayWants();
		else this.#tellWants.set(WANTS_MS);
	}

	setSpeaker(id: string | null): void {
		for (const voice of this.voices) voice.setSpeaker(id);
	}

	setStereo(stereo: boolean): void {
		for (const voice of this.voices) voice.setStereo(stereo);
	}

	playAgain(): void {
		for (const voice of this.voices) voice.play();
	}

	/** Looks how loud they are. Says whether it changed that they speak. */
	listen(now: number): boolean {
		const [source] = this.peer.lane("microphone")?.receiver.getSynchronizationSources() ?? [];
		// What was said last is reported until something else is: silence is when no more comes.
		const heard = source !== undefined && source.timestamp !== this.#heardAt.stamp;
		if (heard) this.#heardAt = { stamp: source.timestamp, at: now };
		this.peer.watch(now, heard, this.#theirs.microphone);
		const sounds = source !== undefined && now - this.#heardAt.at < 250 && this.hears && this.#theirs.microphone;
		this.#level = sounds ? (source.audioLevel ?? 0) : 0;
		return this.#speaking.take(this.#level, now);
	}

	/** Measures the way, and fits the pictures to it. */
	async measure(): Promise<void> {
		const { link } = this.peer;
		if (link?.state !== "connected") return;
		const report = (await link.pc.getStats()) as unknown as Iterable<[string, unknown]>;
		if (link !== this.peer.link) return;
		const reading = readReport(report, performance.now());
		this.#stats = toPeerStats(this.id, this.peer.state.state, this.#reading, reading);
		this.#reading = reading;
		if (this.#giving.measure(reading)) this.host.changed();
	}

	async stats(): Promise<PeerStats> {
		await this.measure().catch(() => {});
		const { state } = this.peer.state;
		if (this.#stats && state === "connected") return { ...this.#stats, state };
		return {
			...{ id: this.id, state, via: "unknown", protocol: "unknown", roundTripMs: null, lossIn: null, lossOut: null },
			...{ kbpsIn: 0, kbpsOut: 0, video: null, sent: null, jitterMs: null },
		};
	}

	describe(): PeerMedia {
		const { state, reason, retryInMs } = this.peer.state;
		const { hears, heard } = this.#rights;
		const weak = this.#theirs.why === "poor" || this.#giving.poor;
		return {
			...{ id: this.id, state, retryInMs, hears, heard },
			reason: reason ?? (weak ? text.peer.weak : null),
			camera: this.#picture("camera"),
			screen: this.#picture("screen"),
			speaking: this.#speaking.on,
			audioOnly: this.#theirs.why !== null,
			volume: this.volume,
		};
	}

	close(): void {
		this.#tellWants.stop();
		this.peer.close();
		for (const voice of this.voices) voice.close();
		this.#soundVoice = null;
		this.#streams = {};
	}

	#newVoice(): Voice {
		const voice = new Voice(() => this.host.soundBlocked());
		voice.setSpeaker(this.host.speaker());
		voice.setStereo(this.host.stereo());
		return voice;
	}

	#onPeerChanged(): void {
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
		this.#sayWants();
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

	#sayWants(): void {
		this.#tellWants.stop();
		this.peer.link?.say({ type: "wants", ...this.#tiles });
	}

	#play(): void {
		const track = (lane: Lane) => (this.hears ? (this.peer.lane(lane)?.receiver.track ?? null) : null);
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
		const track = this.peer.lane(kind)?.receiver.track;
		if (!this.hears || !this.#theirs[kind] || !track) return null;
		this.#streams[kind] ??= new MediaStream([track]);
		return this.#streams[kind];
	}
}
