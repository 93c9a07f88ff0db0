// What the engine makes of what devices and contexts tell it: hints, and that nothing is taken along from one space into the
// next.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PersonHost } from "../src/media/person";
import type { SpaceEvent } from "../src/space/client";

class StandInElement {
	muted = false;
	volume = 1;
	srcObject: unknown = null;
	async play() {}
	pause() {}
}

class StandInTrack extends EventTarget {
	readyState = "live";
	constructor(readonly kind: string) {
		super();
	}
	stop() {
		this.readyState = "ended";
	}
}

class StandInStream {
	constructor(private readonly tracks: StandInTrack[] = []) {}
	getTracks = () => this.tracks;
	getVideoTracks = () => this.tracks.filter(({ kind }) => kind === "video");
	getAudioTracks = () => this.tracks.filter(({ kind }) => kind === "audio");
}

const screens: ((stream: StandInStream) => void)[] = [];

async function load() {
	const { createMediaEngine } = await import("../src/media/engine");
	const { Person } = await import("../src/media/person");
	const { Visit } = await import("../src/media/visit");
	const { useMedia } = await import("../src/state/media");
	return { engine: createMediaEngine(), Person, Visit, media: useMedia.getState };
}

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

const hearing = (...ids: number[]): SpaceEvent =>
	({
		...{ type: "hearing", room: "open", beyond: 0, audience: 0, locked: false, lockedOut: 0 },
		...{ mediaRooms: [], roomPeers: ids.map((id) => ({ id, hears: true, heard: true, fullVolume: false })), peers: [] },
	}) as unknown as SpaceEvent;

beforeEach(() => {
	vi.useFakeTimers();
	vi.resetModules();
	screens.length = 0;
	const getDisplayMedia = () => new Promise((resolve) => screens.push(resolve));
	const mediaDevices = Object.assign(new EventTarget(), { getDisplayMedia, enumerateDevices: async () => [] });
	vi.stubGlobal("window", Object.assign(new EventTarget(), { MediaStreamTrackProcessor: class {} }));
	vi.stubGlobal("document", new EventTarget());
	vi.stubGlobal("navigator", { mediaDevices, onLine: true });
	vi.stubGlobal("Audio", StandInElement);
	vi.stubGlobal("MediaStream", StandInStream);
	vi.stubGlobal("fetch", () => new Promise(() => {}));
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe("sound that is held back", () => {
	it("is hinted at while Web Audio waits for a gesture, and until it runs", async () => {
		const { engine, media } = await load();
		const context = Object.assign(new EventTarget(), {
			state: "suspended",
			resume: () => new Promise(() => {}),
			close: async () => {},
		});
		vi.stubGlobal("AudioContext", function StandInContext() {
			return context;
		});
		const { borrowVoiceContext } = await import("../src/media/sound/context");
		engine.enter("one", false);
		borrowVoiceContext();
		await pass(1_000);
		expect(media().soundBlocked).toBe(true);
		// A gesture that did not help leaves it there.
		engine.unblockSound();
		await pass(1_000);
		expect(media().soundBlocked).toBe(true);
		context.state = "running";
		context.dispatchEvent(new Event("statechange"));
		await pass(1_000);
		expect(media().soundBlocked).toBe(false);
	});

	it("is hinted at while elements are refused, and tried again when a finger is lifted", async () => {
		const { Person, media, engine } = await load();
		let [plays, refuses] = [0, true];
		vi.spyOn(Person.prototype, "playAgain").mockImplementation(function (this: unknown) {
			plays += 1;
			if (refuses) (this as { host: PersonHost }).host.soundBlocked();
		});
		const visit = engine.enter("one", false);
		visit.handle(hearing(7));
		engine.unblockSound();
		expect([media().soundBlocked, plays]).toEqual([true, 1]);
		// A finger that is put down is no gesture yet, and the browser would refuse again.
		window.dispatchEvent(new Event("pointerdown"));
		expect(plays).toBe(1);
		refuses = false;
		window.dispatchEvent(new Event("touchend"));
		// The tap may be on the hint, which is there until it has become a click.
		expect([media().soundBlocked, plays]).toEqual([true, 2]);
		await pass(200);
		expect(media().soundBlocked).toBe(false);
		window.dispatchEvent(new Event("click"));
		expect(plays).toBe(2);
		visit.leave();
	});
});

describe("a visit that ended", () => {
	it("takes no screen along that was chosen later", async () => {
		const { engine, media } = await load();
		const first = engine.enter("one", false);
		engine.startScreen();
		first.leave();
		engine.enter("two", false);
		const track = new StandInTrack("video");
		screens[0]?.(new StandInStream([track]));
		await pass();
		expect([media().screen.on, track.readyState]).toEqual([false, "ended"]);
	});

	it("takes no screen along where the next one begins before it was left", async () => {
		const { engine, media } = await load();
		const first = engine.enter("one", false);
		engine.startScreen();
		const track = new StandInTrack("video");
		screens[0]?.(new StandInStream([track]));
		await pass();
		expect(media().screen.on).toBe(true);
		engine.enter("two", false);
		expect([media().screen.on, track.readyState]).toEqual([false, "ended"]);
		first.leave();
		expect(media().screen.on).toBe(false);
	});
});

describe("looking who speaks", () => {
	it("goes on after a look that failed", async () => {
		const { Visit } = await load();
		let looks = 0;
		const visit = new Visit("one", false, {
			company() {},
			soundBlocked() {},
			pulse() {
				looks += 1;
				if (looks === 1) throw new Error("no sound card");
			},
		});
		visit.handle(hearing(7));
		expect(() => vi.advanceTimersByTime(100)).toThrow("no sound card");
		vi.advanceTimersByTime(1_000);
		expect(looks).toBeGreaterThan(5);
		visit.leave();
		const { tally } = await import("../src/media/tally");
		expect(tally.timers).toBe(0);
	});

	it("asks for other relays when the socket comes back", async () => {
		const { Visit } = await load();
		const { IceServers } = await import("../src/media/connect/ice");
		const hint = vi.spyOn(IceServers.prototype, "hint");
		const visit = new Visit("one", false, { company() {}, soundBlocked() {}, pulse() {} });
		visit.handle({ type: "welcome", self: 1 } as unknown as SpaceEvent);
		expect(hint).toHaveBeenCalledTimes(1);
		visit.leave();
	});
});
