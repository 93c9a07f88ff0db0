// The connection to one media room: an RTCPeerConnection to the node it is on, offered once and never negotiated again.
// What one gives goes up on four lanes; what one gets comes down on a fixed number of others, and the node says whose and
// what is on which. So nobody who comes, goes or begins to speak costs more than a few bytes.
//
// Absent on purpose: when to be in which room, and whose sound is played. That is rooms.ts and person.ts.

import { ApiError, call } from "../../api/http";
import { chooseCodecs, preferSpeech } from "../connect/sdp";
import { mediaAgeOf, receivedOf } from "../connect/stats";
import { tally } from "../tally";
import { Timer } from "../timer";
import {
	type AbsentPicture,
	readRoomMessage,
	type SlotContent,
	type TrackKind,
	type WantedPicture,
	writeRenewal,
	writeWant,
} from "./words";

/** One way in which something of somebody arrives. */
export interface Slot {
	readonly index: number;
	readonly receiver: RTCRtpReceiver;
	id: number | null;
	kind: TrackKind | null;
	/** Since when it is theirs. */
	since: number;
	/** Something of it has been played since. */
	flows: boolean;
	/** Of what was played last. */
	stamp: number;
}

/** `silent`: nothing more comes of a node that was there. `refused`: it lives, and does not let one in yet. */
export type LossCause = "silent" | "refused" | "ended";

export interface RoomEvents {
	/** A grant is needed: the first, or because the last one runs out. */
	wantGrant(): void;
	/** The node answers. */
	joined(): void;
	/** What is on which lane, or missing there, has changed. */
	slots(): void;
	/** Nothing is heard of the node, or it let us go, or not in. Sooner than `retryInMs` it makes no sense to try again. */
	lost(why: LossCause, retryInMs: number): void;
}

const VOICES = 8;
const PICTURES = 12;
/** It says something every half second. */
const SILENCE_MS_MAX = 1_100;
/** Voices come every 20 ms, so where they broke off, too, this is enough: a dead node is noticed after 1.4 s. */
const DOUBT_MS = 300;
/**
 * Where only beats came, one that is lost looks like that. Words come in order, and what is lost is sent again after a second at the
 * earliest: the last was heard at 0, the one of 500 is lost, that of 1,000 waits for it unread, and at 1,100 the node is
 * doubted. At 1,500 come the lost one again and the next, which this waits for until 1,800: they may be late, too.
 */
const DOUBT_QUIET_MS = 700;
/**
 * How old the last packet of a node that died is when it is doubted: it came within 500 ms after the last word. A later one shows that
 * it lives (who says nothing still sends one every 400 ms), and what ended a second before that word, somebody may have muted.
 */
const BROKE_OFF_MS_MIN = 500;
const BROKE_OFF_MS_MAX = SILENCE_MS_MAX + 1_000;
const LIVELY_MS = 700;
/** From the grant to the first word of the node, on a slow line. */
const JOIN_MS_MAX = 10_000;
/** Renewed this long before the end, and asked for this often until it comes: the socket may be away just then. */
const RENEW_AHEAD_MS = 90_000;
const RENEW_MS_MIN = 10_000;
/**
 * The grant is over or used, too much was asked, or the node is full or about to end: it lives, so that to have it looked after is
 * of no use. That somebody was turned away by a node that ends, the Worker tells the fleet itself.
 */
const REFUSALS: readonly number[] = [401, 403, 409, 429, 503];

/** Largest first, as the node expects them; a small one for small tiles, and for poor lines. */
const CAMERA: RTCRtpEncodingParameters[] = [
	{ rid: "h", maxBitrate: 1_200_000, scaleResolutionDownBy: 1 },
	{ rid: "m", maxBitrate: 350_000, scaleResolutionDownBy: 2 },
	{ rid: "l", maxBitrate: 120_000, scaleResolutionDownBy: 4 },
];

export class RoomConnection {
	readonly pc: RTCPeerConnection;
	readonly voices: Slot[] = [];
	readonly pictures: Slot[] = [];
	/** Who speaks, the loudest first. */
	speakers: readonly number[] = [];
	/** Pictures that are wanted and do not come. */
	absent: readonly AbsentPicture[] = [];
	#joined = false;
	#closed = false;
	#lost = false;
	#words = 0;
	#heardAt = 0;
	#grantUsed = false;
	/** A grant was asked for, and has not come. */
	#asked = false;
	#wanted = "";
	readonly #senders = new Map<TrackKind, RTCRtpSender>();
	readonly #put = new Map<TrackKind, MediaStreamTrack | null>();
	readonly #channel: RTCDataChannel;
	readonly #gone = new AbortController();
	readonly #silence = new Timer(() => {
		if (this.#joined) void this.#doubt();
		else this.#lose("ended");
	});
	#doubting: Timer | null = null;
	readonly #renew = new Timer(() => this.#ask());

	constructor(
		readonly room: number,
		configuration: RTCConfiguration,
		private readonly spaceId: string,
		private readonly events: RoomEvents,
	) {
		this.pc = new RTCPeerConnection({ ...configuration, bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
		tally.open += 1;
		tally.opened += 1;
		this.#channel = this.pc.createDataChannel("earshot");
		this.#makeLanes();
		this.#listen();
		this.#silence.set(JOIN_MS_MAX);
		this.#ask();
	}

	/** The node has answered over the connection: whatever comes, comes. */
	get joined(): boolean {
		return this.#joined && !this.#lost;
	}

	/** Joined, and the node has said something within a beat or two. */
	get lively(): boolean {
		return this.joined && performance.now() - this.#heardAt < LIVELY_MS;
	}

	/** A grant for this room: joins with the first, and keeps the right with each further one. */
	take(grant: string): void {
		if (this.#closed || this.#lost) return;
		if (!this.#grantUsed) {
			this.#grantUsed = true;
			this.#join(grant).catch((error: unknown) => {
				const refusal = error instanceof ApiError && REFUSALS.includes(error.status) ? error : null;
				this.#lose(refusal ? "refused" : "ended", refusal?.retryInMs);
			});
		} else if (!this.#say(writeRenewal(grant))) return;
		this.#asked = false;
		this.#renew.set(renewInMs(grant));
	}

	/** What was asked of the space may never have reached it. */
	askAgain(): void {
		if (!this.#asked || this.#lost) return;
		if (!this.#grantUsed) this.#silence.set(JOIN_MS_MAX);
		this.#ask();
	}

	/** None: nothing is sent on this lane. */
	put(kind: TrackKind, track: MediaStreamTrack | null): void {
		const sender = this.#senders.get(kind);
		if (!sender || this.#closed || (this.#put.get(kind) ?? null) === track) return;
		this.#put.set(kind, track);
		void sender.replaceTrack(track).catch(() => {});
	}

	/** Only the smallest picture, for lines that are paid by the megabyte. */
	setLowData(low: boolean): void {
		const camera = this.#senders.get("camera");
		const parameters = camera?.getParameters();
		if (!camera || !parameters || parameters.encodings.length < CAMERA.length) return;
		const wished = parameters.encodings.map(({ rid }) => !low || rid === "l");
		if (parameters.encodings.every(({ active }, index) => active === wished[index])) return;
		for (const [index, encoding] of parameters.encodings.entries()) encoding.active = wished[index] ?? true;
		void camera.setParameters(parameters).catch(() => {});
	}

	sender(kind: TrackKind): RTCRtpSender | undefined {
		return this.#senders.get(kind);
	}

	want(pictures: readonly WantedPicture[]): void {
		const wanted = writeWant(pictures);
		if (wanted !== this.#wanted && this.#say(wanted)) this.#wanted = wanted;
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#gone.abort();
		this.#silence.stop();
		this.#doubting?.stop();
		this.#renew.stop();
		for (const sender of this.#senders.values()) void sender.replaceTrack(null).catch(() => {});
		for (const { receiver } of [...this.voices, ...this.pictures]) receiver.track.stop();
		this.#channel.close();
		this.pc.close();
		tally.open -= 1;
		tally.closed += 1;
	}

	#ask(): void {
		this.#asked = true;
		this.#renew.set(RENEW_MS_MIN);
		this.events.wantGrant();
	}

	#makeLanes(): void {
		const { pc } = this;
		const send = (kind: TrackKind, of: "audio" | "video", encodings?: RTCRtpEncodingParameters[]) => {
			const init: RTCRtpTransceiverInit = { direction: "sendonly" };
			if (encodings) init.sendEncodings = encodings;
			const transceiver = pc.addTransceiver(of, init);
			prefer(transceiver, of);
			this.#senders.set(kind, transceiver.sender);
		};
		send("microphone", "audio");
		send("camera", "video", CAMERA);
		send("screen", "video");
		send("sound", "audio");
		const receive = (of: "audio" | "video", count: number, slots: Slot[]) => {
			for (let index = 0; index < count; index++) {
				const transceiver = pc.addTransceiver(of, { direction: "recvonly" });
				prefer(transceiver, of);
				slots.push({ index, receiver: transceiver.receiver, id: null, kind: null, since: 0, flows: false, stamp: 0 });
			}
		};
		receive("audio", VOICES, this.voices);
		receive("video", PICTURES, this.pictures);
	}

	async #join(grant: string): Promise<void> {
		const offer = await this.pc.createOffer();
		if (this.#closed) return;
		await this.pc.setLocalDescription(offer);
		const path = `/api/spaces/${encodeURIComponent(this.spaceId)}/media/join`;
		// Its candidates are not in it: the node answers to wherever checks come from.
		const { answer } = await call<{ answer: string }>("POST", path, { grant, offer: preferSpeech(offer.sdp ?? "") });
		if (this.#closed) return;
		await this.pc.setRemoteDescription({ type: "answer", sdp: answer });
	}

	#listen(): void {
		const { signal } = this.#gone;
		this.#channel.addEventListener("message", ({ data }) => this.#onMessage(data), { signal });
		this.#channel.addEventListener("close", () => this.#lose("ended"), { signal });
		this.pc.addEventListener(
			"connectionstatechange",
			() => {
				if (this.pc.connectionState === "failed") this.#lose(this.#joined ? "silent" : "ended");
			},
			{ signal },
		);
	}

	#onMessage(data: unknown): void {
		const message = readRoomMessage(data);
		if (!message || this.#lost) return;
		this.#words += 1;
		this.#heardAt = performance.now();
		this.#silence.set(SILENCE_MS_MAX);
		if (!this.#joined) {
			this.#joined = true;
			this.events.joined();
		}
		switch (message.type) {
			case "slots":
				for (const content of message.slots) this.#fill(content);
				this.events.slots();
				break;
			case "beat":
				this.speakers = message.speakers;
				break;
			case "absent":
				this.absent = message.pictures;
				this.events.slots();
				break;
			case "bye":
				this.#lose("ended");
				break;
		}
	}

	#fill({ picture, slot, id, kind }: SlotContent): void {
		const lane = (picture ? this.pictures : this.voices)[slot];
		if (!lane || (lane.id === id && lane.kind === kind)) return;
		lane.id = id;
		lane.kind = kind;
		lane.since = performance.now();
		lane.flows = false;
	}

	#say(text: string): boolean {
		if (this.#channel.readyState !== "open") return false;
		this.#channel.send(text);
		return true;
	}

	/** A page that is busy hears late; its browser does not. What that received says whether the node is there. */
	async #doubt(): Promise<void> {
		const words = this.#words;
		const before = await receivedOf(this.pc).catch(() => 0);
		const agoMs = await mediaAgeOf(this.pc).catch(() => 0);
		const brokeOff = agoMs > BROKE_OFF_MS_MIN && agoMs < BROKE_OFF_MS_MAX;
		await new Promise((resolve) => {
			this.#doubting = new Timer(() => resolve(null));
			this.#doubting.set(brokeOff ? DOUBT_MS : DOUBT_QUIET_MS);
		});
		const after = this.#closed ? 0 : await receivedOf(this.pc).catch(() => 0);
		if (this.#closed || words !== this.#words) return;
		if (after > before) this.#silence.set(SILENCE_MS_MAX);
		else this.#lose("silent");
	}

	#lose(why: LossCause, retryInMs = 0): void {
		if (this.#closed || this.#lost) return;
		this.#lost = true;
		this.#silence.stop();
		this.#renew.stop();
		this.events.lost(why, retryInMs);
	}
}

function prefer(transceiver: RTCRtpTransceiver, kind: "audio" | "video"): void {
	const all = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
	// The node passes on what it gets; all have to understand it.
	const codecs = chooseCodecs(kind, all).filter(({ mimeType }) => !/h264/i.test(mimeType));
	try {
		if (codecs.length > 0) transceiver.setCodecPreferences?.(codecs);
	} catch {
		// It then offers all it has: larger, not wrong.
	}
}

/** Until a grant has to be renewed. What it says is for the node; only its end is read here. */
export function renewInMs(grant: string): number {
	const [, payload = ""] = grant.split(".");
	try {
		const { iat, exp } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, unknown>;
		// The own clock may be wrong; how long it lasts is not.
		if (typeof iat === "number" && typeof exp === "number") {
			return Math.max(RENEW_MS_MIN, (exp - iat) * 1_000 - RENEW_AHEAD_MS);
		}
	} catch {
		// Not one of ours: asked for again soon.
	}
	return RENEW_MS_MIN;
}
