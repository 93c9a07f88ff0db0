import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findSpot } from "../src/render/floornames";
import { parseMap, stepAt, TILE } from "../src/render/map";

const folder = new URL("../../worker/templates/", import.meta.url);
const templates = readdirSync(folder).filter((name) => name.endsWith(".tmj"));

describe("the templates as the renderer reads them", () => {
	it.each(templates)("%s is complete", (name) => {
		const map = parseMap(readFileSync(new URL(name, folder), "utf8"));
		expect(map.below.length).toBeGreaterThan(0);
		expect(map.standing.length).toBeGreaterThan(20);
		expect(map.solid.length).toBe(map.columns * map.rows);
		const { x, y, w, h } = map.spawn;
		const middle = Math.floor((y + h / 2) / TILE) * map.columns + Math.floor((x + w / 2) / TILE);
		expect(map.solid[middle]).toBe(0);
	});

	it.each(templates)("%s has room on the floor for the names of most areas", (name) => {
		const map = parseMap(readFileSync(new URL(name, folder), "utf8"));
		const spots = map.areas.map((area) => ({ area, spot: findSpot(map, area) }));
		for (const { area, spot } of spots) {
			if (!spot) continue;
			expect(spot.x).toBeGreaterThan(area.x);
			expect(spot.y).toBeLessThan(area.y + area.h);
		}
		expect(spots.filter(({ spot }) => spot).length).toBeGreaterThanOrEqual(map.areas.length * 0.6);
	});
});

describe("timelines", () => {
	it("repeat", () => {
		const line = { total_ms: 300, steps: [100, 300].map((until_ms, index) => ({ until_ms, index })) };
		expect([0, 99, 100, 299, 300].map((now) => stepAt(line, now))).toEqual([0, 0, 1, 1, 0]);
	});
});
