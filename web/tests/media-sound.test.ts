import { describe, expect, it, vi } from "vitest";
import { toChoices } from "../src/media/devices/choices";
import { screenProblemOf, troubleOf } from "../src/media/devices/problems";
import { readPreferences } from "../src/media/preferences";
import { glide, STEP_MAX, STEP_MS } from "../src/media/sound/glide";
import { forEyes } from "../src/media/sound/meter";
import { type Heard, Mixer, targetOf } from "../src/media/sound/mixer";
import { MutedTalk, Speaking } from "../src/media/sound/speaking";

describe("a gain that glides", () => {
	it("arrives, in steps that nobody hears, from anywhere to anywhere", () => {
		for (const [from, to] of [
			[0, 1],
			[1, 0],
			[0.3, 0.35],
			[0.9, 0.1],
		] as const) {
			let gain: number = from;
			let steps = 0;
			while (gain !== to) {
				const next = glide(gain, to, STEP_MS);
				expect(Math.abs(next - gain)).toBeLessThanOrEqual(STEP_MAX + 1e-9);
				gain = next;
				steps += 1;
				expect(steps).toBeLessThan(60);
			}
		}
	});

	it("does not jump after a pause either", () => {
		expect(glide(0, 1, 10_000)).toBeLessThanOrEqual(STEP_MAX);
		expect(glide(0.5, 0.5, 10_000)).toBe(0.5);
	});
});

describe("how loud somebody is", () => {
	const place = { gain: 0.5, pan: 0.4, distancePx: 128, fullVolume: false };
	const wishes = { deafened: false, distance: true, stereo: false };

	it("is their distance times their slider", () => {
		expect(targetOf({ hears: true, volume: 0.5 }, place, wishes)).toEqual({ gain: 0.25, pan: 0 });
	});

	it("is full where distance is switched off, and sideways only where stereo is on", () => {
		expect(targetOf({ hears: true, volume: 1 }, place, { ...wishes, distance: false }).gain).toBe(1);
		expect(targetOf({ hears: true, volume: 1 }, place, { ...wishes, stereo: true }).pan).toBe(0.4);
		expect(targetOf({ hears: true, volume: 1 }, { ...place, fullVolume: true }, { ...wishes, stereo: true }).pan).toBe(
			0,
		);
	});

	it("is nothing without the right to hear, for the deaf, and for those the space does not place", () => {
		expect(targetOf({ hears: false, volume: 1 }, place, { ...wishes, distance: false }).gain).toBe(0);
		expect(targetOf({ hears: true, volume: 1 }, place, { ...wishes, deafened: true }).gain).toBe(0);
		expect(targetOf({ hears: true, volume: 1 }, undefined, wishes).gain).toBe(0);
	});
});

describe("who speaks", () => {
	it("begins with speech, not with a knock, and lasts over the gaps between words", () => {
		const speaking = new Speaking();
		speaking.take(0.3, 0);
		speaking.take(0, 100);
		expect(speaking.on).toBe(false);
		for (const now of [200, 300, 400]) speaking.take(0.1, now);
		expect(speaking.on).toBe(true);
		for (const now of [500, 700, 800]) speaking.take(0.001, now);
		expect(speaking.on).toBe(true);
		speaking.take(0.001, 1_000);
		expect(speaking.on).toBe(false);
	});

	it("is told that nobody hears it only when muted, for a while", () => {
		const talk = new MutedTalk();
		talk.take(true, true, 0);
		expect(talk.hint).toBe(false);
		talk.take(true, true, 600);
		expect(talk.hint).toBe(true);
		talk.take(false, true, 3_000);
		expect(talk.hint).toBe(true);
		talk.take(false, true, 4_000);
		expect(talk.hint).toBe(false);
		talk.take(true, false, 5_000);
		talk.take(true, false, 9_000);
		expect(talk.hint).toBe(false);
	});

	it("is drawn on a scale for eyes", () => {
		expect(forEyes(0)).toBe(0);
		expect(forEyes(1)).toBe(1);
		expect(forEyes(0.02)).toBeGreaterThan(0.3);
		expect(forEyes(0.002)).toBeLessThan(0.1);
	});
});

describe("devices", () => {
	it("have problems in words, whatever the browser calls them", () => {
		const trouble = (name: string, message = "") => troubleOf(new DOMException(message, name), "microphone");
		expect(trouble("NotAllowedError").status).toBe("denied");
		expect(trouble("NotAllowedError", "Permission denied by system").problem).toMatch(/system/);
		expect(trouble("NotFoundError").status).toBe("missing");
		expect(trouble("OverconstrainedError").status).toBe("missing");
		expect(trouble("NotReadableError").status).toBe("busy");
		expect(troubleOf(new TypeError("x"), "camera").status).toBe("failed");
		expect(troubleOf(undefined, "camera").problem).toMatch(/camera/);
	});

	it("is no problem when somebody chose to show no screen after all", () => {
		expect(screenProblemOf(new DOMException("", "NotAllowedError"))).toBeNull();
		expect(screenProblemOf(new DOMException("by system", "NotAllowedError"))).toMatch(/system/);
		expect(screenProblemOf(new DOMException("", "NotReadableError"))).toMatch(/could not/);
	});

	it("are listed once each, with a name", () => {
		const info = (kind: MediaDeviceKind, deviceId: string, label: string) =>
			({ kind, deviceId, label, groupId: "" }) as MediaDeviceInfo;
		const devices = toChoices([
			info("audioinput", "default", "Default - Desk"),
			info("audioinput", "a", "Desk"),
			info("videoinput", "", ""),
			info("audiooutput", "c", ""),
		]);
		expect(devices.microphones).toEqual([{ id: "a", label: "Desk" }]);
		expect(devices.cameras).toEqual([]);
		expect(devices.speakers).toEqual([{ id: "c", label: "Speaker 1" }]);
	});
});

describe("the mixer of a hidden tab", () => {
	const steps = async (acts: (mixer: Mixer) => void) => {
		vi.stubGlobal("document", { hidden: true });
		const places = vi.fn(() => new Map());
		const wishes = () => ({ deafened: false, distance: true, stereo: true });
		const looks = { heard: () => new Map(), strangers: () => [], moving: () => false, looked: () => {} };
		acts(new Mixer({ ...looks, places, wishes }));
		await Promise.resolve();
		vi.unstubAllGlobals();
		return places.mock.calls.length;
	};

	it("works once, however many one event is about", async () => {
		const crowd = (mixer: Mixer) => {
			for (let person = 0; person < 200; person += 1) mixer.wake();
		};
		expect(await steps(crowd)).toBe(1);
	});

	it("lets one way give place to another as elsewhere, and at once where timers ring late", async () => {
		const way = (gain: number) => ({ gain, apply: (to: number) => Object.assign(voices[gain] ?? {}, { gain: to }) });
		const voices = [way(0), way(1)];
		const heard = { hears: true, volume: 1, voices, plays: (voice: unknown) => voice === voices[0] };
		const places = new Map([[1, { gain: 1, pan: 0, distancePx: 0, fullVolume: true }]]);
		vi.useFakeTimers();
		vi.stubGlobal("document", { hidden: true });
		const mixer = new Mixer({
			...{ places: () => places, heard: () => new Map([[1, heard as unknown as Heard]]), looked: () => {} },
			...{ strangers: () => [], moving: () => false },
			wishes: () => ({ deafened: false, distance: true, stereo: false }),
		});
		const gains = () => voices.map((voice) => voice.gain);
		for (const late of [false, true]) {
			Object.assign(voices[0] ?? {}, { gain: 0 });
			Object.assign(voices[1] ?? {}, { gain: 1 });
			mixer.wake();
			await Promise.resolve();
			expect(gains()[0]).toBeGreaterThan(0);
			expect(gains()[1]).toBeGreaterThan(0.8);
			if (late) vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1_000);
			await vi.advanceTimersByTimeAsync(late ? STEP_MS : 1_000);
			expect(gains()).toEqual([1, 0]);
		}
		mixer.close();
		vi.restoreAllMocks();
		vi.useRealTimers();
		vi.unstubAllGlobals();
	});

	it("does nothing any more once it is closed", async () => {
		const closed = (mixer: Mixer) => {
			mixer.wake();
			mixer.close();
		};
		expect(await steps(closed)).toBe(0);
	});
});

describe("kept preferences", () => {
	it("take over what fits, and nothing else", () => {
		const read = readPreferences({
			checked: true,
			noise: "loud",
			tiles: "grid",
			cameraId: 7,
			volumes: { u: 0.5, v: 9, w: "x" },
		});
		expect(read).toMatchObject({ checked: true, noise: "browser", tiles: "grid", cameraId: null, volumes: { u: 0.5 } });
		expect(Object.keys(read.volumes)).toEqual(["u"]);
		expect(readPreferences(null).checked).toBe(false);
		expect(readPreferences({ microphoneId: "m", distance: false })).toMatchObject({
			microphoneId: "m",
			distance: false,
		});
	});
});
