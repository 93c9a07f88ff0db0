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
import { isSmallDevice } from "./devices/camera";
import { differs, isFar, type Judgement, judge, type Plan, planCamera, planScreen, unjudged } from "./picture/quality";
import { applyPlan, applySoundBitrate } from "./picture/sending";
import type { Heard, Place } from "./sound/mixer";
import { Speaking } from "./sound/speaking";
import { Voice } from "./sound/voice";
import { mediaText as text } from "./text";
import { Timer } from "./timer";

/** What one gives now; none of it where it is muted or off. */
export interface Given {
	microphone: MediaStreamTrack | null;
	camera: MediaStreamTrack | null;
	screen: MediaStreamTrack | null;
	sound: MediaStreamTrack | null;
}

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
	#given: Given = { microphone: null, camera: null, screen: null, sound: null };
	#theirs: Sends = NOTHING_SENT;
	#said = "";
	/** How they draw us. */
	#wants: Record<Picture, Size | null> = { camera: null, screen: null };
	/** How we draw them. */
	#tiles: Record<Picture, Size | null> = { camera: null, screen: null };
	#plans: Record<Picture, Plan | null> = { camera: null, screen: null };
	#rung = -1;
	#planning = false;
	#planAgain: (() => Promise<void>) | null = null;
	#streams: Partial<Record<Picture, MediaStream>> = {};
	#judgement: Judgement = unjudged();
	#far = false;
	#reading: Reading | null = null;
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
		this.#give();
		this.host.changed();
	}

	give(given: Given): void {
		this.#given = given;
		this.#give();
	}

	setPlace({ distancePx, fullVolume }: Place): void {
		const far = isFar(this.#far, distancePx, fullVolume);
		if (far === this.#far) return;
		this.#far = far;
		this.#give();
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
		const { lossOut: lossShare, roundTripMs, availableKbps } = reading;
		const before = this.#judgement.grade;
		this.#judgement = judge(this.#judgement, { lossShare, roundTripMs, availableKbps });
		if (before !== this.#judgement.grade) this.host.changed();
		this.#give();
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
		const weak = this.#theirs.why === "poor" || this.#judgement.grade === "poor";
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
		this.#plans = { camera: null, screen: null };
		this.#reading = null;
		this.#theirs = NOTHING_SENT;
		this.#said = "";
		this.#play();
		this.#give();
	}

	#onOpen(): void {
		this.#sayWants();
		this.#said = "";
		this.#give();
	}

	#onControl(message: ControlMessage): void {
		if (message.type === "wants") {
			this.#wants = { camera: message.camera, screen: message.screen };
			this.#give();
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

	#give(): void {
		const { link } = this.peer;
		if (!link?.lane("microphone")) return;
		const heard = this.#rights.heard;
		const of = (track: MediaStreamTrack | null) => (heard ? track : null);
		const why = this.#far ? "far" : this.#judgement.grade === "poor" ? "poor" : null;
		const camera = why === null ? of(this.#given.camera) : null;
		this.#say({
			microphone: of(this.#given.microphone) !== null,
			camera: camera !== null,
			screen: of(this.#given.screen) !== null,
			sound: of(this.#given.sound) !== null,
			why: heard && this.#given.camera ? why : null,
		});
		// All at once, and at once: the end of sending waits for nothing.
		const put = Promise.all([
			link.put("microphone", of(this.#given.microphone)),
			link.put("camera", camera),
			link.put("screen", of(this.#given.screen)),
			link.put("sound", of(this.#given.sound)),
		]);
		this.#planAgain = async () => {
			await put;
			await this.#planCamera(camera);
			await this.#planScreen(of(this.#given.screen));
			await this.#planSound();
		};
		void this.#planAll();
	}

	/** One at a time, and only the newest: a sender takes no second plan while the first is on its way. */
	async #planAll(): Promise<void> {
		if (this.#planning) return;
		this.#planning = true;
		while (this.#planAgain) {
			const next = this.#planAgain;
			this.#planAgain = null;
			await next();
		}
		this.#planning = false;
	}

	#say(sends: Sends): void {
		const said = JSON.stringify(sends);
		if (said === this.#said || !this.peer.link?.say({ type: "sends", sends })) return;
		this.#said = said;
	}

	async #planCamera(track: MediaStreamTrack | null): Promise<void> {
		if (!track) return;
		const { plan, rung } = planCamera({
			source: sizeOf(track),
			tile: this.#wants.camera,
			people: this.host.people(),
			grade: this.#judgement.grade,
			availableKbps: this.#plans.camera?.active ? (this.#reading?.availableKbps ?? null) : null,
			lowData: this.host.lowData(),
			smallDevice: isSmallDevice(),
			cpuLimited: this.#reading?.cpuLimited ?? false,
			rungBefore: this.#rung,
		});
		this.#rung = rung;
		await this.#apply("camera", plan);
	}

	async #planScreen(track: MediaStreamTrack | null): Promise<void> {
		if (!track) return;
		const { grade } = this.#judgement;
		const wish = { source: sizeOf(track), tile: this.#wants.screen, people: this.host.people(), grade };
		await this.#apply("screen", planScreen({ ...wish, lowData: this.host.lowData() }));
	}

	async #planSound(): Promise<void> {
		const speech = this.peer.lane("microphone")?.sender;
		const film = this.peer.lane("sound")?.sender;
		const poor = this.#judgement.grade === "poor" || this.host.lowData();
		if (speech?.track) await applySoundBitrate(speech, poor ? 20 : 40);
		if (film?.track) await applySoundBitrate(film, poor ? 40 : 96);
	}

	async #apply(kind: Picture, plan: Plan): Promise<void> {
		const sender = this.peer.lane(kind)?.sender;
		if (!sender || !differs(this.#plans[kind], plan)) return;
		const before = this.#plans[kind];
		this.#plans[kind] = plan;
		if (!(await applyPlan(sender, plan, kind))) this.#plans[kind] = before;
	}
}

function sizeOf(track: MediaStreamTrack): Size {
	const { width = 0, height = 0 } = track.getSettings();
	return { width, height };
}
