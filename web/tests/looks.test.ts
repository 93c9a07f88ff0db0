import { describe, expect, it } from "vitest";
import { lookKey, parseLook, randomLook, seeded } from "../src/avatar/look";
import { beat, walkFrame } from "../src/render/animate";
import { dots } from "../src/render/marks";
import { overlaps } from "../src/render/tags";

describe("looks", () => {
	it("are valid, many, and repeatable from a seed", () => {
		const random = seeded(1);
		const looks = Array.from({ length: 1000 }, () => randomLook(random));
		for (const look of looks) expect(parseLook(JSON.parse(JSON.stringify(look)))).toEqual(look);
		expect(new Set(looks.map(lookKey)).size).toBeGreaterThan(990);
		expect(randomLook(seeded(7))).toEqual(randomLook(seeded(7)));
	});

	it("of another age or kind are refused", () => {
		const look = randomLook(seeded(3));
		for (const bad of [null, 3, {}, { ...look, hair: 12 }, { ...look, skin: 1.5 }, { ...look, top_color: "red" }]) {
			expect(parseLook(bad)).toBeNull();
		}
	});
});

describe("animations", () => {
	it("step with the ground covered, so that feet do not slide", () => {
		expect(walkFrame(0, 6)).toBe(0);
		expect(walkFrame(12, 6)).toBe(1);
		expect(walkFrame(69, 6)).toBe(0);
	});

	it("say when the next frame is due", () => {
		const timing = { frames: 3, ms: [100, 50, 10] };
		expect(beat(timing, 0, 0)).toEqual({ frame: 0, next_ms: 100 });
		expect(beat(timing, 120, 0)).toEqual({ frame: 1, next_ms: 30 });
		expect(beat(timing, 155, 0)).toEqual({ frame: 2, next_ms: 5 });
		expect(beat(timing, -5, 0).frame).toBe(2);
	});
});

describe("marks", () => {
	it("puts dots at even distances around corners", () => {
		const found = dots(new Float32Array([0, 0, 10, 0, 10, 10]), 4);
		expect(found).toEqual([
			[4, 0],
			[8, 0],
			[10, 2],
			[10, 6],
			[10, 10],
		]);
	});

	it("knows when two names would cover each other", () => {
		const box = (left: number, top: number) => ({ left, top, right: left + 10, bottom: top + 5 });
		expect(overlaps(box(0, 0), box(9, 4))).toBe(true);
		expect(overlaps(box(0, 0), box(10, 0))).toBe(false);
	});
});
