// Web Audio that the browser holds back, or that does not take a track: the context is a stand-in that starts only when it
// may, as WebKit's does.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** As far as gestures go: there is one only while it is told of. */
const page = { gesture: false };

class StandIn extends EventTarget {
	static made: StandIn[] = [];
	/** Of the device; Firefox joins nothing else with a track. */
	static deviceRate = 48_000;
	static joins = true;
	state = "suspended";
	allowed = false;
	readonly destination = node();
	readonly sampleRate: number;
	currentTime = 0;

	constructor({ sampleRate }: AudioContextOptions = {}) {
		super();
		this.sampleRate = sampleRate ?? StandIn.deviceRate;
		StandIn.made.push(this);
	}

	/** Refused, it never answers. */
	resume(): Promise<void> {
		this.allowed ||= page.gesture;
		if (!this.allowed) return new Promise(() => {});
		this.become("running");
		return Promise.resolve();
	}

	close(): Promise<void> {
		this.become("closed");
		return Promise.resolve();
	}

	become(state: string): void {
		this.state = state;
		this.dispatchEvent(new Event("statechange"));
	}

	createMediaStreamSource() {
		if (!StandIn.joins || this.sampleRate !== StandIn.deviceRate) throw new DOMException("", "NotSupportedError");
		return node();
	}
}

const node = () => ({
	connect: (to: unknown) => to,
	disconnect() {},
	gain: { setTargetAtTime() {} },
	pan: { setTargetAtTime() {} },
});

class StandInElement {
	muted = false;
	srcObject: unknown = null;
	autoplay = false;
	/** As on iOS. */
	get volume() {
		return 1;
	}
	set volume(_: number) {}
	async play() {}
	pause() {}
}

class StandInAnalyser {
	readonly fftSize = 8;
	getFloatTimeDomainData(samples: Float32Array) {
		samples.fill(0.5);
	}
}

const open = () => StandIn.made.filter(({ state }) => state !== "closed");
const track = () => ({ enabled: true }) as MediaStreamTrack;

function gesture(type: string): void {
	page.gesture = true;
	window.dispatchEvent(new Event(type));
	page.gesture = false;
}

/** Fresh modules: contexts are the page's, and each story has a page. */
async function load() {
	const context = await import("../src/media/sound/context");
	const { Voice } = await import("../src/media/sound/voice");
	const { Meter } = await import("../src/media/sound/meter");
	const held: boolean[] = [];
	context.onHeldBack((now) => held.push(now));
	const speak = () => {
		const voice = new Voice(() => {});
		voice.setTrack(track());
		return voice;
	};
	return { ...context, Meter, speak, held };
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.resetModules();
	StandIn.made = [];
	StandIn.deviceRate = 48_000;
	StandIn.joins = true;
	vi.stubGlobal("window", new EventTarget());
	vi.stubGlobal("document", new EventTarget());
	vi.stubGlobal("AudioContext", StandIn);
	vi.stubGlobal("Audio", StandInElement);
	vi.stubGlobal("MediaStream", class {});
	for (const name of ["GainNode", "StereoPannerNode"])
		vi.stubGlobal(
			name,
			class {
				constructor() {
					Object.assign(this, node());
				}
			},
		);
	vi.stubGlobal("AnalyserNode", StandInAnalyser);
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe("a context that may not run yet", () => {
	it("is told of when somebody is to be heard through it, and runs with the next gesture", async () => {
		const { speak, held } = await load();
		speak();
		vi.advanceTimersByTime(1_000);
		expect(held).toEqual([true]);
		// A finger that is put down is no gesture yet.
		gesture("pointerdown");
		expect(held).toEqual([true]);
		gesture("touchend");
		expect(held).toEqual([true, false]);
		expect(open().map(({ state }) => state)).toEqual(["running"]);
	});

	it("is not told of while it only takes its time", async () => {
		const { speak, held } = await load();
		speak();
		vi.advanceTimersByTime(200);
		open()[0]?.become("running");
		vi.advanceTimersByTime(5_000);
		expect(held).toEqual([]);
	});

	it("is told of again when a call interrupts it, and comes back with the page or with a key", async () => {
		const { speak, held } = await load();
		page.gesture = true;
		speak();
		page.gesture = false;
		open()[0]?.become("interrupted");
		vi.advanceTimersByTime(1_000);
		expect(held).toEqual([true]);
		document.dispatchEvent(new Event("visibilitychange"));
		expect(held).toEqual([true, false]);
		const [context] = open();
		if (context) context.allowed = false;
		context?.become("interrupted");
		vi.advanceTimersByTime(1_000);
		gesture("keydown");
		expect(held).toEqual([true, false, true, false]);
	});

	it("is nobody's loss where it only rings or measures, and runs with the next gesture all the same", async () => {
		const { borrowContext, held } = await load();
		const { release } = borrowContext();
		vi.advanceTimersByTime(5_000);
		gesture("click");
		expect(open().map(({ state }) => state)).toEqual(["running"]);
		release();
		expect(held).toEqual([]);
	});

	it("is forgotten with whoever was to be heard, timers and all", async () => {
		const { speak, held } = await load();
		const { tally } = await import("../src/media/tally");
		const before = tally.timers;
		speak().close();
		expect(tally.timers).toBe(before);
		const voice = speak();
		vi.advanceTimersByTime(1_000);
		voice.close();
		expect(held).toEqual([true, false]);
		expect(open()).toEqual([]);
		gesture("click");
		expect(StandIn.made.every(({ state }) => state === "closed")).toBe(true);
	});

	it("is told of where the own voice goes through it", async () => {
		const { borrowCleaningContext, resumeContext, held } = await load();
		const { context } = borrowCleaningContext();
		expect(context.sampleRate).toBe(48_000);
		vi.advanceTimersByTime(1_000);
		expect(held).toEqual([true]);
		page.gesture = true;
		resumeContext();
		page.gesture = false;
		expect(held).toEqual([true, false]);
	});
});

describe("a sound card of 44.1 kHz in Firefox", () => {
	it("is measured and heard at its own rate", async () => {
		StandIn.deviceRate = 44_100;
		const { Meter, speak } = await load();
		const meter = new Meter(track());
		expect(meter.level()).toBeCloseTo(0.5);
		const voice = speak();
		expect(open()).toHaveLength(1);
		meter.close();
		voice.close();
		expect(open()).toEqual([]);
	});

	it("that is not taken is level 0, and leaves nothing open", async () => {
		StandIn.joins = false;
		const { Meter, speak } = await load();
		const meter = new Meter(track());
		expect([meter.level(), meter.level()]).toEqual([0, 0]);
		expect(open()).toEqual([]);
		meter.close();
		const elements: StandInElement[] = [];
		vi.stubGlobal(
			"Audio",
			class extends StandInElement {
				constructor() {
					super();
					elements.push(this);
				}
			},
		);
		// The element is heard instead.
		const voice = speak();
		expect(open()).toEqual([]);
		expect(elements.some(({ muted }) => muted)).toBe(false);
		voice.close();
	});
});
