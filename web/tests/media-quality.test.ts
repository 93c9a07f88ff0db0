import { describe, expect, it } from "vitest";
import {
	type CameraWish,
	differs,
	gradeOf,
	isFar,
	type Judgement,
	judge,
	type Measure,
	planCamera,
	planScreen,
	RUNGS,
	unjudged,
} from "../src/media/picture/quality";

const GOOD: Measure = { lossShare: 0, roundTripMs: 40, availableKbps: 3_000 };
const BAD: Measure = { lossShare: 0.3, roundTripMs: 300, availableKbps: 80 };

const judged = (from: Judgement, measures: Measure[]) => measures.reduce(judge, from);
const times = (count: number, measure: Measure) => Array.from({ length: count }, () => measure);

const wish: CameraWish = {
	source: { width: 1280, height: 720 },
	tile: { width: 1280, height: 720 },
	people: 1,
	grade: "good",
	availableKbps: null,
	lowData: false,
	smallDevice: false,
	cpuLimited: false,
	rungBefore: -1,
};
const heightOf = (change: Partial<CameraWish>) => {
	const { plan } = planCamera({ ...wish, ...change });
	return plan.active ? Math.round(720 / plan.scaleDownBy) : 0;
};

describe("the grade of a way", () => {
	it("is poor by losses, by delay or by width", () => {
		expect(gradeOf(GOOD, true)).toBe("good");
		expect(gradeOf({ ...GOOD, lossShare: 0.2 }, true)).toBe("poor");
		expect(gradeOf({ ...GOOD, roundTripMs: 2_000 }, true)).toBe("poor");
		expect(gradeOf({ ...GOOD, availableKbps: 90 }, true)).toBe("poor");
		expect(gradeOf({ lossShare: null, roundTripMs: null, availableKbps: null }, true)).toBe("good");
	});

	it("does not go by the width where no video measures it", () => {
		expect(gradeOf({ ...GOOD, availableKbps: 60 }, false)).toBe("good");
	});

	it("keeps pictures at five per cent lost and 100 ms", () => {
		expect(judged(unjudged(), times(20, { lossShare: 0.05, roundTripMs: 210, availableKbps: 900 })).grade).toBe("good");
	});

	it("falls after two bad measurements, not after one", () => {
		expect(judged(unjudged(), [BAD]).grade).toBe("good");
		expect(judged(unjudged(), [BAD, GOOD, BAD, GOOD, BAD]).grade).toBe("good");
		expect(judged(unjudged(), times(2, BAD)).grade).toBe("fair");
		expect(judged(unjudged(), times(4, BAD)).grade).toBe("poor");
	});

	it("comes back step by step", () => {
		const poor = judged(unjudged(), times(4, BAD));
		expect(judged(poor, times(4, GOOD)).grade).toBe("poor");
		expect(judged(poor, times(5, GOOD)).grade).toBe("fair");
		expect(judged(poor, times(10, GOOD)).grade).toBe("good");
	});

	it("waits longer after each trial that failed, and forgets that when one held", () => {
		const once = judged(unjudged(), [...times(4, BAD), ...times(5, GOOD), ...times(2, BAD)]);
		expect(once.grade).toBe("poor");
		expect(judged(once, times(9, GOOD)).grade).toBe("poor");
		expect(judged(once, times(10, GOOD)).grade).toBe("fair");
		expect(judged(once, times(40, GOOD)).calm).toBe(5);
	});
});

describe("the camera's plan", () => {
	it("is as large as it is drawn, and no larger", () => {
		expect(heightOf({ tile: { width: 320, height: 180 } })).toBe(180);
		expect(heightOf({ tile: { width: 480, height: 270 } })).toBe(270);
		expect(heightOf({ tile: { width: 4000, height: 3000 } })).toBe(720);
		// A tall tile crops the sides: its height decides.
		expect(heightOf({ tile: { width: 100, height: 360 } })).toBe(360);
	});

	it("is modest until they say how they draw it, and stops when they do not", () => {
		expect(heightOf({ tile: null })).toBe(180);
		expect(heightOf({ tile: { width: 0, height: 0 } })).toBe(0);
	});

	it("gets smaller with each who is sent it", () => {
		const heights = [1, 2, 4, 6, 8].map((people) => heightOf({ people }));
		expect(heights).toEqual([720, 540, 360, 270, 180]);
	});

	it("follows what the way carries, and is nothing on a poor one", () => {
		expect(heightOf({ availableKbps: 2_500 })).toBe(720);
		expect(heightOf({ availableKbps: 450 })).toBe(360);
		expect(heightOf({ availableKbps: 20 })).toBe(90);
		expect(heightOf({ grade: "poor" })).toBe(0);
		expect(heightOf({ grade: "fair" })).toBe(270);
	});

	it("does not swing between two sizes", () => {
		let rung = -1;
		const rungs = new Set<number>();
		for (let n = 0; n < 20; n += 1) {
			const { rung: next } = planCamera({ ...wish, availableKbps: n % 2 ? 460 : 520, rungBefore: rung });
			rung = next;
			if (n > 2) rungs.add(rung);
		}
		expect(rungs.size).toBe(1);
	});

	it("never asks for more than there is, for data or for power that are scarce", () => {
		expect(heightOf({ lowData: true })).toBe(180);
		expect(heightOf({ smallDevice: true })).toBe(540);
		expect(heightOf({ cpuLimited: true })).toBe(540);
		const small = planCamera({ ...wish, source: { width: 320, height: 240 } }).plan;
		expect(small.scaleDownBy).toBeGreaterThanOrEqual(1);
		for (const { kbps } of RUNGS) expect(kbps).toBeGreaterThan(0);
	});
});

describe("the screen's plan", () => {
	const screen = {
		source: { width: 1920, height: 1080 },
		tile: { width: 1600, height: 900 },
		people: 1,
		lowData: false,
	};

	it("keeps every pixel, whatever the way is like", () => {
		for (const grade of ["good", "fair", "poor"] as const) {
			for (const people of [1, 4, 8]) expect(planScreen({ ...screen, grade, people }).scaleDownBy).toBe(1);
		}
		expect(planScreen({ ...screen, grade: "poor" }).fps).toBeLessThan(planScreen({ ...screen, grade: "good" }).fps);
	});

	it("is smaller only in a thumbnail, and stops where it is not shown", () => {
		expect(planScreen({ ...screen, grade: "good", tile: { width: 240, height: 135 } }).scaleDownBy).toBeGreaterThan(2);
		expect(planScreen({ ...screen, grade: "good", tile: { width: 0, height: 0 } }).active).toBe(false);
		expect(planScreen({ ...screen, grade: "good", tile: null }).scaleDownBy).toBe(1);
	});
});

describe("distance", () => {
	it("ends the picture beyond six tiles, and brings it back half a tile nearer", () => {
		expect(isFar(false, 192, false)).toBe(false);
		expect(isFar(false, 193, false)).toBe(true);
		expect(isFar(true, 185, false)).toBe(true);
		expect(isFar(true, 175, false)).toBe(false);
	});

	it("does not matter in a room, nor where it is not known", () => {
		expect(isFar(false, 2_000, true)).toBe(false);
		expect(isFar(true, -1, false)).toBe(false);
	});
});

it("tells the browser only of plans that differ", () => {
	const { plan } = planCamera(wish);
	expect(differs(null, plan)).toBe(true);
	expect(differs(plan, { ...plan, kbps: plan.kbps * 1.05 })).toBe(false);
	expect(differs(plan, { ...plan, active: false })).toBe(true);
});
