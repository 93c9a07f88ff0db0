// Peers of pages that are slow: the browser is a stand-in whose every description takes its time, one after another. What is
// counted is work: connections that are made only to be thrown away keep a slow machine from ever being done.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { IceServers } from "../src/media/connect/ice";
import { Pace } from "../src/media/connect/outbox";
import { Peer } from "../src/media/connect/peer";
import { tally } from "../src/media/tally";

const NEVER = Number.POSITIVE_INFINITY;

/** Always the same draws; the jitter of one seed or another decides whom a slow machine keeps waiting. */
function drawFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/** A page's processor: one thing at a time. */
class Processor {
	#free = 0;
	constructor(private readonly stepMs: number) {}

	async step(): Promise<void> {
		this.#free = Math.max(this.#free, performance.now()) + this.stepMs;
		if (this.#free === NEVER) return new Promise(() => {});
		await pass(this.#free - performance.now());
	}
}

const pass = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Connected once both sides have both descriptions, and have agreed on keys. */
class StandIn extends EventTarget {
	static processor: Processor;
	/** By what the sides call themselves in their descriptions. */
	static readonly all = new Map<string, StandIn>();
	static number = 0;
	readonly name = `${++StandIn.number}`;
	readonly #processor = StandIn.processor;
	signalingState: RTCSignalingState = "stable";
	connectionState: RTCPeerConnectionState = "new";
	iceConnectionState: RTCIceConnectionState = "new";
	other: string | null = null;
	complete = false;

	constructor() {
		super();
		StandIn.all.set(this.name, this);
	}

	createDataChannel() {
		return Object.assign(new EventTarget(), { readyState: "connecting", close() {}, send() {} });
	}

	addTransceiver(kind: string) {
		const sender = { replaceTrack: async () => {}, setStreams() {} };
		return { sender, receiver: { track: { kind, stop() {} } }, setCodecPreferences() {} };
	}

	getTransceivers() {
		return ["audio", "video", "video", "audio"].map((kind) => this.addTransceiver(kind));
	}

	async createOffer() {
		await this.#processor.step();
		return { type: "offer", sdp: this.name };
	}

	async createAnswer() {
		await this.#processor.step();
		return { type: "answer", sdp: this.name };
	}

	async setLocalDescription({ type }: { type: string }) {
		await this.#processor.step();
		this.signalingState = type === "offer" ? "have-local-offer" : "stable";
		if (type === "answer") this.#complete();
	}

	async setRemoteDescription({ type, sdp }: { type: string; sdp: string }) {
		await this.#processor.step();
		this.other = sdp.trim();
		this.signalingState = type === "offer" ? "have-remote-offer" : "stable";
		if (type === "answer") this.#complete();
	}

	async addIceCandidate() {}
	async getStats() {
		return new Map();
	}

	close() {
		this.connectionState = "closed";
		StandIn.all.delete(this.name);
	}

	#complete() {
		this.complete = true;
		const other = StandIn.all.get(this.other ?? "");
		if (!other?.complete || other.other !== this.name) return;
		for (const side of [this, other]) void side.#agreeOnKeys();
	}

	async #agreeOnKeys() {
		this.#become("connecting", "connected");
		await this.#processor.step();
		if (this.connectionState === "connecting") this.#become("connected", "connected");
	}

	#become(connection: RTCPeerConnectionState, ice: RTCIceConnectionState) {
		this.connectionState = connection;
		this.iceConnectionState = ice;
		this.dispatchEvent(new Event("iceconnectionstatechange"));
		this.dispatchEvent(new Event("connectionstatechange"));
	}
}

const ice = {
	ready: async () => {},
	configuration: () => ({}),
	mayTell: () => true,
	relayOnly: false,
	hasRelay: false,
} as unknown as IceServers;

const WORDS_MS = 40;

/** Two pages' sides of one peering; the first may be the newcomer's, of many. */
function pair(processors: readonly [Processor, Processor], paces: readonly [Pace, Pace], lost = () => false) {
	const sides: Peer[] = [];
	const within = <T>(n: number, work: () => T): T => {
		StandIn.processor = processors[n] as Processor;
		return work();
	};
	for (const n of [0, 1]) {
		const side = new Peer(n === 1, ice, paces[n] as Pace, {
			...{ changed() {}, silent() {}, lanes() {}, open() {}, control() {}, report() {} },
			send: (payload) => {
				if (!lost()) setTimeout(() => within(1 - n, () => sides[1 - n]?.receive(payload)), WORDS_MS);
			},
		});
		sides.push(side);
	}
	for (const [n, side] of sides.entries()) void within(n, () => side.start(true));
	return sides;
}

describe("on slow machines", () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
		vi.stubGlobal("RTCPeerConnection", StandIn);
		vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => ({ codecs: [] }) });
		vi.stubGlobal("MediaStream", class {});
		vi.stubGlobal("navigator", { onLine: true });
		vi.spyOn(Math, "random").mockImplementation(drawFrom(1));
		StandIn.all.clear();
	});
	afterEach(() => {
		vi.useRealTimers();
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});
	const connected = (sides: Peer[]) => sides.every(({ state }) => state.state === "connected");

	for (const [stepMs, thrownMax] of [
		[5, 0],
		[150, 0],
		[400, 8],
	] as const) {
		it.each([1, 2, 3, 4, 5, 6, 7, 8])(
			`one who comes among eight is connected to all (${stepMs} ms a step, at most ${thrownMax} begun in vain; seed %i)`,
			async (seed) => {
				vi.spyOn(Math, "random").mockImplementation(drawFrom(seed));
				const own = new Processor(stepMs);
				const pace = new Pace();
				const before = tally.opened;
				const pairs = Array.from({ length: 8 }, () => pair([own, new Processor(stepMs)], [pace, new Pace()]));
				const all = pairs.flat();
				for (let waited = 0; waited < 60_000 && !connected(all); waited += 100) await vi.advanceTimersByTimeAsync(100);
				expect(connected(all)).toBe(true);
				expect(tally.opened - before).toBeLessThanOrEqual(16 + thrownMax);
				for (const side of all) side.close();
			},
		);
	}

	it("words that are lost are said again, and the more is lost the more rarely one begins", async () => {
		const before = tally.opened;
		let losing = true;
		const sides = pair([new Processor(5), new Processor(5)], [new Pace(), new Pace()], () => losing);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(connected(sides)).toBe(false);
		expect(tally.opened - before).toBeLessThanOrEqual(8);
		losing = false;
		await vi.advanceTimersByTimeAsync(20_000);
		expect(connected(sides)).toBe(true);
		for (const side of sides) side.close();
	});

	it("a browser that never finishes a description is given up", async () => {
		const before = tally.opened;
		const sides = pair([new Processor(NEVER), new Processor(5)], [new Pace(), new Pace()]);
		await vi.advanceTimersByTimeAsync(40_000);
		expect(tally.opened - before).toBeGreaterThan(1);
		for (const side of sides) side.close();
	});
});
