import { describe, expect, it } from "vitest";
import { mix, packed, parseHex, ramp, toHex } from "../src/render/ramp";

const light = ([r, g, b]: readonly [number, number, number]) => 0.3 * r + 0.59 * g + 0.11 * b;

describe("a ramp from one free colour", () => {
	it("has six tones from dark to light with the colour itself as the base", () => {
		const tones = ramp("#c24546");
		expect(tones).toHaveLength(6);
		expect(toHex(tones[3] ?? [0, 0, 0])).toBe("#c24546");
		const lights = tones.map(light);
		expect(lights).toEqual([...lights].sort((a, b) => a - b));
	});

	it("shifts hue: shadows gain blue against red, lights gain yellow", () => {
		const [, deep, , base, , rim] = ramp("#808080");
		if (!deep || !base || !rim) throw new Error("a ramp has six tones");
		expect(deep[2]).toBeGreaterThan(deep[0]);
		expect(rim[0]).toBeGreaterThan(rim[2]);
		expect(base[0]).toBe(base[2]);
	});

	it("stays within bytes at both ends of the scale", () => {
		for (const base of ["#000000", "#ffffff"]) {
			for (const tone of ramp(base).flat()) {
				expect(tone).toBeGreaterThanOrEqual(0);
				expect(tone).toBeLessThanOrEqual(255);
			}
		}
	});

	it("packs pixels as ImageData keeps them", () => {
		const bytes = new Uint8Array(new Uint32Array([packed(parseHex("#123456"))]).buffer);
		expect([...bytes]).toEqual([0x12, 0x34, 0x56, 0xff]);
		expect(mix([0, 0, 0], [10, 20, 30], 0.5)).toEqual([5, 10, 15]);
	});
});
