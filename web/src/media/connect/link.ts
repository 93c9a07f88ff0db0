// One RTCPeerConnection with four fixed lanes: microphone, camera, screen, and the screen's sound. Every lane is
// negotiated both ways once, at the beginning; from then on something is sent or not by putting a track on it, so that
// neither muting nor a camera ever negotiates again.
//
// Lanes are made by the impolite side's first offer alone: they cannot be doubled by both offering at once. Later offers
// (for new addresses) may come from either, and may cross: then the polite side gives way.
//
// Absent on purpose: when to try again, and why. That is peer.ts.

import { tally } from "../tally";
import { type ControlMessage, readControl, writeControl } from "./control";
import { chooseCodecs, dropOrphans, fitSdp, preferSpeech } from "./sdp";
import type { Description, Signal } from "./signal";

export type Lane = "microphone" | "camera" | "screen" | "sound";
/** In the order of the description's sections. */
export const LANES: readonly Lane[] = ["microphone", "camera", "screen", "sound"];
const kindOf = (lane: Lane): "audio" | "video" => (lane === "camera" || lane === "screen" ? "video" : "audio");

export type LinkState = "connecting" | "connected" | "disconnected" | "failed";

export interface LinkEvents {
	state(state: LinkState): void;
	/** A description was told or taken, or the way is found and only its keys are missing: it goes on. */
	progress(): void;
	describe(description: Description): void;
	candidate(candidate: RTCIceCandidateInit): void;
	/** The lanes are there: tracks can be put on them, and taken from them. */
	lanes(): void;
	/** The control channel is open. */
	open(): void;
	control(message: ControlMessage): void;
}

export class Link {
	readonly pc: RTCPeerConnection;
	/** The other side answered, or was answered. */
	answered = false;
	readonly madeAt = performance.now();
	/** When that last happened. */
	answeredAt = Number.NEGATIVE_INFINITY;
	/** When it came one step further. */
	progressAt = Number.NEGATIVE_INFINITY;
	/** It was connected once. */
	stood = false;
	readonly #channel: RTCDataChannel;
	readonly #gone = new AbortController();
	readonly #lanes = new Map<Lane, RTCRtpTransceiver>();
	readonly #put = new Map<Lane, MediaStreamTrack | null>();
	/** One thing at a time: descriptions applied while others are made are what glare bugs are made of. */
	#queue: Promise<void> = Promise.resolve();
	#queued = 0;
	#busySince = 0;
	#offer = 0;
	#state: LinkState = "connecting";
	#closed = false;

	constructor(
		configuration: RTCConfiguration,
		private readonly polite: boolean,
		private readonly events: LinkEvents,
	) {
		this.pc = new RTCPeerConnection({ ...configuration, bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
		tally.open += 1;
		tally.opened += 1;
		// Both know of it without a word: it is there as soon as the connection is.
		this.#channel = this.pc.createDataChannel("control", { negotiated: true, id: 0 });
		this.#listen();
		if (!polite) {
			for (const lane of LANES) {
				const transceiver = this.pc.addTransceiver(kindOf(lane), { direction: "sendrecv", streams: [streamFor(lane)] });
				this.#adopt(lane, transceiver);
			}
		}
	}

	get state(): LinkState {
		return this.#state;
	}

	/** For how long descriptions have been made and taken without a rest: on a slow machine that may be seconds. */
	get busyMs(): number {
		return this.#queued === 0 ? 0 : performance.now() - this.#busySince;
	}

	lane(lane: Lane): RTCRtpTransceiver | undefined {
		return this.#lanes.get(lane);
	}

	/** With `restart` both sides look for their addresses anew. */
	offer(restart: boolean): void {
		this.#do(async () => {
			if (this.pc.signalingState !== "stable" && this.pc.signalingState !== "have-local-offer") return;
			const offer = await this.pc.createOffer({ iceRestart: restart });
			if (this.#closed) return;
			await this.pc.setLocalDescription(offer);
			if (this.#closed) return;
			this.#offer += 1;
			this.events.describe({ type: "offer", offer: this.#offer, sdp: outgoing(offer.sdp) });
			this.#noteProgress();
			if (this.#offer === 1) this.events.lanes();
		});
	}

	receive({ description, candidates = [] }: Signal): void {
		this.#do(async () => {
			if (description?.type === "offer") await this.#answer(description);
			else if (description) await this.#accept(description);
			for (const candidate of candidates) {
				// Those of an offer that gave way, or of addresses since given up, fit nothing any more.
				await this.pc.addIceCandidate(candidate).catch(() => {});
			}
		});
	}

	/** None: nothing is sent on this lane, not even silence. */
	async put(lane: Lane, track: MediaStreamTrack | null): Promise<void> {
		const sender = this.#lanes.get(lane)?.sender;
		// What the sender has is no measure: the track before may still be on its way to it.
		if (!sender || this.#closed || (this.#put.get(lane) ?? null) === track) return;
		this.#put.set(lane, track);
		// A connection that ends meanwhile: there is nothing to send then either.
		await sender.replaceTrack(track).catch(() => {});
	}

	/** False: nobody can be told yet. */
	say(message: ControlMessage): boolean {
		if (this.#channel.readyState !== "open") return false;
		this.#channel.send(writeControl(message));
		return true;
	}

	configure(configuration: RTCConfiguration): void {
		if (this.#closed) return;
		this.pc.setConfiguration({ ...configuration, bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#gone.abort();
		for (const { sender, receiver } of this.#lanes.values()) {
			// Its end would otherwise wait for the collection of garbage.
			void sender.replaceTrack(null).catch(() => {});
			receiver.track.stop();
		}
		tally.tracks -= this.#lanes.size;
		this.#lanes.clear();
		this.#channel.close();
		this.pc.close();
		tally.open -= 1;
		tally.closed += 1;
	}

	async #answer(description: Description): Promise<void> {
		const collides = this.pc.signalingState !== "stable";
		// The other side gives way; its offer is as if never made. But it may be that ours was lost, with the socket that one of
		// us had then, and nothing would happen until somebody runs out of patience: so ours is made again.
		if (collides && !this.polite) {
			this.offer(true);
			return;
		}
		await this.pc.setRemoteDescription({ type: "offer", sdp: description.sdp });
		if (this.#closed) return;
		if (this.#lanes.size === 0) this.#takeLanes();
		const answer = await this.pc.createAnswer();
		if (this.#closed) return;
		await this.pc.setLocalDescription(answer);
		if (this.#closed) return;
		this.#noteAnswer();
		this.events.describe({ type: "answer", offer: description.offer, sdp: outgoing(answer.sdp) });
	}

	async #accept(description: Description): Promise<void> {
		if (this.pc.signalingState !== "have-local-offer" || description.offer !== this.#offer) return;
		await this.pc.setRemoteDescription({ type: "answer", sdp: description.sdp });
		this.#noteAnswer();
	}

	#noteAnswer(): void {
		this.answered = true;
		this.answeredAt = performance.now();
		this.#noteProgress();
	}

	#noteProgress(): void {
		this.progressAt = performance.now();
		this.events.progress();
	}

	/** The lanes as the first offer made them. A section that is none of them stays shut. */
	#takeLanes(): void {
		this.pc.getTransceivers().forEach((transceiver, index) => {
			const lane = LANES[index];
			if (!lane || transceiver.receiver.track.kind !== kindOf(lane)) {
				transceiver.direction = "inactive";
				return;
			}
			transceiver.direction = "sendrecv";
			transceiver.sender.setStreams?.(streamFor(lane));
			this.#adopt(lane, transceiver);
		});
		this.events.lanes();
	}

	#adopt(lane: Lane, transceiver: RTCRtpTransceiver): void {
		const kind = kindOf(lane);
		const codecs = chooseCodecs(kind, RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []);
		try {
			if (codecs.length > 0) transceiver.setCodecPreferences?.(codecs);
		} catch {
			// It then offers all it has: larger, not wrong.
		}
		this.#lanes.set(lane, transceiver);
		tally.tracks += 1;
	}

	#listen(): void {
		const { pc } = this;
		const { signal } = this.#gone;
		const judge = () => this.#judge();
		pc.addEventListener("connectionstatechange", judge, { signal });
		pc.addEventListener("iceconnectionstatechange", judge, { signal });
		pc.addEventListener(
			"icecandidate",
			({ candidate }) => {
				if (candidate?.candidate) this.events.candidate(candidate.toJSON());
			},
			{ signal },
		);
		this.#channel.addEventListener("open", () => this.events.open(), { signal });
		this.#channel.addEventListener(
			"message",
			({ data }) => {
				const message = readControl(data);
				if (message) this.events.control(message);
			},
			{ signal },
		);
	}

	#judge(): void {
		const { connectionState, iceConnectionState: ice } = this.pc;
		const failed = connectionState === "failed" || ice === "failed" || connectionState === "closed";
		// `connected` is said of the whole, secure connection; Firefox tells of a loss by the address checks first.
		const lost = connectionState === "disconnected" || ice === "disconnected";
		const state = failed
			? "failed"
			: lost
				? "disconnected"
				: connectionState === "connected"
					? "connected"
					: "connecting";
		if (state === "connecting" && (ice === "connected" || ice === "completed")) this.#noteProgress();
		if (state === this.#state) return;
		this.#state = state;
		if (state === "connected") this.stood = true;
		this.events.state(state);
	}

	#do(work: () => Promise<void>): void {
		if (this.#queued === 0) this.#busySince = performance.now();
		this.#queued += 1;
		this.#queue = this.#queue.then(async () => {
			// A description that cannot be applied changes nothing; the attempt runs out of patience, and the next begins.
			if (!this.#closed) await work().catch(() => {});
			this.#queued -= 1;
		});
	}
}

const outgoing = (sdp: string | undefined): string => fitSdp(preferSpeech(dropOrphans(sdp ?? "")));

/** What is in one stream is kept in step: the camera's picture with the voice, the screen's with its sound. */
function streamFor(lane: Lane): MediaStream {
	const of = lane === "microphone" || lane === "camera" ? "self" : "screen";
	let stream = streams.get(of);
	if (!stream) {
		stream = new MediaStream();
		streams.set(of, stream);
	}
	return stream;
}
const streams = new Map<string, MediaStream>();
