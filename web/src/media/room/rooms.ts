// The media rooms one is in: those the space names, for as long as it names them. Each is a connection to a node; a lost one
// is made anew, and the space is told, which may then name another.
//
// A room that is to be left goes on until what takes its place flows, which is for the space to decide: it is told which
// ways flow. Absent on purpose: whose sound is played through which way. That is person.ts.

import type { MediaRoom } from "../../space/client";
import type { Given } from "../giving";
import { applySoundBitrate } from "../picture/sending";
import { Voice } from "../sound/voice";
import { Timer } from "../timer";
import { type LossCause, RoomConnection, type Slot } from "./connection";
import type { AbsenceCause, TrackKind, WantedPicture } from "./words";

export interface RoomsHost {
	configuration(): RTCConfiguration;
	wantGrant(room: number): void;
	lost(room: number): void;
	/** Nothing more is heard of a node: perhaps it is the own network. */
	silent(): void;
	/** Rooms have come, gone, joined, or have something else on their lanes. */
	changed(): void;
	soundBlocked(): void;
	lowData(): boolean;
	speaker(): string | null;
	stereo(): boolean;
}

/** Something of somebody that arrives through a room. */
export interface RoomLane {
	slot: Slot;
	/** For sound. */
	voice: Voice | null;
	/** The room is to be left. */
	leaving: boolean;
}

interface Entry {
	told: MediaRoom;
	connection: RoomConnection;
	joinedAt: number | null;
	attempts: number;
	/** Where its join was refused until then: sooner it would only be refused again. By `performance.now()`. */
	notBefore: number;
	retry: Timer;
	voices: Map<Slot, Voice>;
}

/** Of a zone beside one's own this many are passed on. */
const REDUCED_VOICES = 3;
const RETRY_MS = 500;
const RETRY_MS_MAX = 8_000;
/**
 * Everybody of a room is told at once of the one that takes its place. While it still flows nobody is in a hurry: they join one after
 * another within this, so that a hundred handshakes are in nobody's way.
 */
const SPREAD_MS = 1_000;

export class Rooms {
	readonly #entries = new Map<number, Entry>();
	/** Those that are joined a little later. */
	readonly #later = new Map<number, { told: MediaRoom; timer: Timer }>();
	#given: Given = { microphone: null, camera: null, screen: null, sound: null };
	#wanted: readonly WantedPicture[] = [];

	constructor(
		private readonly spaceId: string,
		private readonly host: RoomsHost,
	) {}

	get size(): number {
		return this.#entries.size;
	}

	/** One gives to at least one of them. */
	get publishes(): boolean {
		return [...this.#entries.values()].some(({ told }) => told.publish);
	}

	get joined(): boolean {
		return [...this.#entries.values()].some(({ connection }) => connection.joined);
	}

	/** Zones: more rooms than one's own. */
	get zones(): number {
		return [...this.#entries.values()].filter(({ told }) => !told.leaving).length;
	}

	/** One of them has no lane for one more voice: whoever is not among the loudest there is not heard. */
	get full(): boolean {
		return [...this.#entries.values()].some(({ told, connection }) => {
			const taken = connection.voices.filter(({ id }) => id !== null).length;
			return connection.joined && taken >= (told.publish ? connection.voices.length : REDUCED_VOICES);
		});
	}

	tell(rooms: readonly MediaRoom[]): void {
		const told = new Map(rooms.map((room) => [room.room, room]));
		for (const [room, entry] of [...this.#entries]) {
			const now = told.get(room);
			if (now) entry.told = now;
			else this.#end(room);
		}
		for (const [room, waiting] of [...this.#later]) {
			const now = told.get(room);
			if (now) waiting.told = now;
			else this.#forget(room);
		}
		const replaces = [...this.#entries.values()].some(({ told, connection }) => told.leaving && connection.lively);
		for (const told of rooms) {
			const { room } = told;
			if (this.#entries.has(room) || this.#later.has(room)) continue;
			const timer = new Timer(() => this.#hurry([room]));
			this.#later.set(room, { told, timer });
			if (replaces && !told.leaving) timer.set(Math.random() * SPREAD_MS);
			else this.#hurry([room]);
		}
		if (!replaces) this.#hurry();
		this.#giveAll();
	}

	takeGrant(room: number, grant: string): void {
		this.#entries.get(room)?.connection.take(grant);
	}

	give(given: Given): void {
		this.#given = given;
		this.#giveAll();
	}

	want(pictures: readonly WantedPicture[]): void {
		this.#wanted = pictures;
		for (const { connection } of this.#entries.values()) connection.want(pictures);
	}

	/** The ways on which something of somebody arrives: newer rooms first, and before those that are to be left. */
	lanes(id: number, kind: TrackKind): RoomLane[] {
		const found: RoomLane[] = [];
		const entries = [...this.#entries.values()].sort((a, b) => b.told.room - a.told.room);
		for (const leaving of [false, true]) {
			for (const entry of entries) {
				if (entry.told.leaving !== leaving || !entry.connection.joined) continue;
				const { voices, pictures } = entry.connection;
				for (const slot of kind === "camera" || kind === "screen" ? pictures : voices) {
					if (slot.id !== id || slot.kind !== kind) continue;
					found.push({
						slot,
						leaving,
						voice: kind === "microphone" || kind === "sound" ? this.#voice(entry, slot) : null,
					});
				}
			}
		}
		return found;
	}

	/** Those of lanes that have somebody else on them, or nobody. */
	*voicesBesides(known: ReadonlyMap<number, unknown>): Iterable<Voice> {
		for (const { voices } of this.#entries.values())
			for (const [{ id }, voice] of voices) if (id === null || !known.has(id)) yield voice;
	}

	/** Why a picture of theirs does not come through any room, where one of them says so. */
	absent(id: number, kind: TrackKind): AbsenceCause | null {
		for (const { told, connection } of this.#entries.values()) {
			if (told.leaving || !connection.joined) continue;
			const found = connection.absent.find((picture) => picture.id === id && picture.kind === kind);
			if (found) return found.cause;
		}
		return null;
	}

	/** Notes which lanes something is played of. */
	listen(now: number): void {
		for (const { connection } of this.#entries.values()) {
			for (const slot of connection.voices) {
				if (slot.id === null) continue;
				const stamp = slot.receiver.getSynchronizationSources()[0]?.timestamp ?? 0;
				// What is played just after a change may still be what was there before.
				if (stamp !== slot.stamp && now - slot.since > 120) slot.flows = true;
				slot.stamp = stamp;
			}
		}
	}

	/** Those that are joined, and since when. */
	flowing(): { room: number; joinedAt: number }[] {
		return [...this.#entries.values()].flatMap(({ told, connection, joinedAt }) =>
			connection.joined && joinedAt !== null ? [{ room: told.room, joinedAt }] : [],
		);
	}

	setSpeaker(id: string | null): void {
		for (const voice of this.#voices()) voice.setSpeaker(id);
	}

	setStereo(stereo: boolean): void {
		for (const voice of this.#voices()) voice.setStereo(stereo);
	}

	playAgain(): void {
		for (const voice of this.#voices()) voice.play();
	}

	/** The network may be another, or the space can be asked again: what is waited for is tried at once. */
	hint(): void {
		for (const [room, entry] of this.#entries) {
			if (performance.now() < entry.notBefore) continue;
			entry.attempts = 0;
			if (entry.retry.running) this.#again(room);
			else entry.connection.askAgain();
		}
	}

	connections(): Map<number, RTCPeerConnection> {
		return new Map([...this.#entries].map(([room, { connection }]) => [room, connection.pc]));
	}

	describe(): { room: number; publish: boolean; leaving: boolean; joined: boolean }[] {
		return [...this.#entries.values()].map(({ told, connection }) => ({ ...told, joined: connection.joined }));
	}

	close(): void {
		for (const room of [...this.#later.keys()]) this.#forget(room);
		for (const room of [...this.#entries.keys()]) this.#end(room);
	}

	#forget(room: number): void {
		this.#later.get(room)?.timer.stop();
		this.#later.delete(room);
	}

	/** Joins those that wait: it is their time, or what they take the place of does not flow any more. */
	#hurry(rooms = [...this.#later.keys()]): void {
		for (const room of rooms) {
			const told = this.#later.get(room)?.told;
			this.#forget(room);
			if (told) this.#begin(told);
		}
		this.#giveAll();
	}

	#begin(told: MediaRoom): void {
		const { room } = told;
		const entry: Entry = {
			...{ told, joinedAt: null, attempts: 0, notBefore: 0, voices: new Map() },
			retry: new Timer(() => this.#again(room)),
			connection: this.#connect(room),
		};
		this.#entries.set(room, entry);
	}

	#connect(room: number): RoomConnection {
		const connection: RoomConnection = new RoomConnection(room, this.host.configuration(), this.spaceId, {
			wantGrant: () => this.host.wantGrant(room),
			joined: () => {
				const entry = this.#entries.get(room);
				if (entry?.connection !== connection) return;
				entry.joinedAt = performance.now();
				entry.attempts = 0;
				connection.want(this.#wanted);
				this.host.changed();
			},
			slots: () => {
				this.#quiet(room);
				this.host.changed();
			},
			lost: (why, retryInMs) => this.#onLost(room, connection, why, retryInMs),
		});
		return connection;
	}

	#onLost(room: number, connection: RoomConnection, why: LossCause, retryInMs: number): void {
		const entry = this.#entries.get(room);
		if (entry?.connection !== connection) return;
		entry.joinedAt = null;
		if (why === "silent") this.host.silent();
		if (why !== "refused") this.host.lost(room);
		entry.notBefore = why === "refused" && retryInMs > 0 ? performance.now() + retryInMs : 0;
		entry.retry.set(Math.max(retryInMs, Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** entry.attempts)));
		entry.attempts += 1;
		this.#hurry();
		this.host.changed();
	}

	#again(room: number): void {
		const entry = this.#entries.get(room);
		if (!entry) return;
		entry.retry.stop();
		this.#silence(entry);
		entry.connection.close();
		entry.connection = this.#connect(room);
		this.#giveAll();
	}

	#end(room: number): void {
		const entry = this.#entries.get(room);
		if (!entry) return;
		this.#entries.delete(room);
		entry.retry.stop();
		this.#silence(entry);
		entry.connection.close();
	}

	#silence(entry: Entry): void {
		for (const voice of entry.voices.values()) voice.close();
		entry.voices.clear();
	}

	/** Nobody's lane is nobody's voice. */
	#quiet(room: number): void {
		for (const [slot, voice] of this.#entries.get(room)?.voices ?? []) if (slot.id === null) voice.apply(0, 0);
	}

	#voice(entry: Entry, slot: Slot): Voice {
		let voice = entry.voices.get(slot);
		if (!voice) {
			voice = new Voice(() => this.host.soundBlocked());
			voice.setSpeaker(this.host.speaker());
			voice.setStereo(this.host.stereo());
			voice.setTrack(slot.receiver.track);
			entry.voices.set(slot, voice);
		}
		return voice;
	}

	*#voices(): Iterable<Voice> {
		for (const { voices } of this.#entries.values()) yield* voices.values();
	}

	#giveAll(): void {
		const { microphone, camera, screen, sound } = this.#given;
		for (const { told, connection } of this.#entries.values()) {
			const of = (track: MediaStreamTrack | null) => (told.publish ? track : null);
			connection.put("microphone", of(microphone));
			connection.put("camera", of(camera));
			connection.put("screen", of(screen));
			connection.put("sound", of(sound));
			connection.setLowData(this.host.lowData());
			const film = connection.sender("sound");
			if (film?.track) void applySoundBitrate(film, 96);
		}
	}
}
