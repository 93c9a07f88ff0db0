import { describe, expect, it } from "vitest";
import { clampCenter, clampUncovered, origin, toMap, uncovered, zoomRange } from "../src/render/camera";

const map = { width: 1600, height: 1200 };
const view = { width: 1280, height: 800 };

describe("the camera", () => {
	it("never looks beyond the map's edges", () => {
		expect(clampCenter({ x: 0, y: 0 }, view, 2, map)).toEqual({ x: 320, y: 200 });
		expect(clampCenter({ x: 9999, y: 9999 }, view, 2, map)).toEqual({ x: 1280, y: 1000 });
		expect(clampCenter({ x: 800, y: 600 }, view, 2, map)).toEqual({ x: 800, y: 600 });
	});

	it("centres a map that is smaller than the view", () => {
		expect(clampCenter({ x: 10, y: 10 }, { width: 4000, height: 4000 }, 1, map)).toEqual({ x: 800, y: 600 });
	});

	it("keeps the centre in the middle of what a panel leaves free", () => {
		const center = clampUncovered({ x: 800, y: 600 }, view, { right: 340, bottom: 0, top: 0 }, 2, map);
		const o = origin(center, view, 2);
		expect(800 * 2 - o.x).toBe((1280 - 340) / 2);
	});

	it("looks lower above a sheet, under what lies at the top, and never beyond the map", () => {
		const sheet = { right: 0, bottom: 500, top: 140 };
		const screenY = (y: number) => y * 2 - origin(clampUncovered({ x: 800, y }, view, sheet, 2, map), view, 2).y;
		expect(screenY(600)).toBe((800 - 500 + 140) / 2);
		expect(screenY(map.height)).toBe(800 - 500);
		expect(screenY(0)).toBe(0);
	});

	it("does not run away from a hand that drags it, whatever is covered", () => {
		for (const inset of [
			{ right: 340, bottom: 0, top: 0 },
			{ right: 0, bottom: 500, top: 140 },
		]) {
			const before = clampUncovered({ x: 800, y: 600 }, view, inset, 2, map);
			const from = uncovered(before, inset, 2);
			const after = clampUncovered({ x: from.x + 10, y: from.y + 5 }, view, inset, 2, map);
			expect(after).toEqual({ x: before.x + 10, y: before.y + 5 });
		}
	});

	it("stands on whole device pixels and finds its way back", () => {
		const center = { x: 333.337, y: 444.441 };
		const o = origin(center, view, 3);
		expect(Number.isInteger(o.x) && Number.isInteger(o.y)).toBe(true);
		const there = toMap({ x: 640, y: 400 }, center, view, 3);
		expect(Math.abs(there.x - center.x)).toBeLessThan(0.5);
		expect(Math.abs(there.y - center.y)).toBeLessThan(0.5);
	});

	it("zooms in whole device pixels on every screen", () => {
		for (const dpr of [1, 1.25, 1.5, 2, 2.625, 3]) {
			for (const width of [390, 1280, 2560]) {
				const { min, max, start } = zoomRange(dpr, width);
				for (const scale of [min, max, start]) expect(Number.isInteger(scale)).toBe(true);
				expect(min).toBeGreaterThanOrEqual(1);
				expect(start).toBeGreaterThanOrEqual(min);
				expect(start).toBeLessThanOrEqual(max);
			}
		}
	});
});
