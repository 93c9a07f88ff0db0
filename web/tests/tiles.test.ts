// Tiles lie where they should: inside their box, never over one another, as large as there is room for.

import { describe, expect, it } from "vitest";
import { grid, phoneRow, type Rect, spotlight, strip, stripBox } from "../src/space/ui/tiles/geometry";
import { isSeen } from "../src/space/ui/tiles/sizes";

const DESK: Rect = { x: 262, y: 12, width: 756, height: 252 };
const PHONE: Rect = { x: 8, y: 72, width: 374, height: 230 };

const apart = (a: Rect, b: Rect) =>
	a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

function lieWell(box: Rect, rects: Rect[]): void {
	for (const [i, rect] of rects.entries()) {
		expect(rect.x).toBeGreaterThanOrEqual(box.x);
		expect(rect.y).toBeGreaterThanOrEqual(box.y);
		expect(rect.x + rect.width).toBeLessThanOrEqual(box.x + box.width);
		expect(rect.y + rect.height).toBeLessThanOrEqual(box.y + box.height);
		for (const other of rects.slice(i + 1)) expect(apart(rect, other)).toBe(true);
	}
}

describe("the strip", () => {
	it.each([1, 2, 3, 4, 5, 8, 9])("lays %i people out within its box, on a desk and on a phone", (people) => {
		for (const box of [DESK, PHONE]) {
			const rects = strip(box, 0, people);
			expect(rects).toHaveLength(people);
			lieWell(box, rects);
			expect(rects[0]?.width).toBeGreaterThanOrEqual(96);
		}
	});

	it("keeps up to four in one row on a desk, in the middle", () => {
		const rects = strip(DESK, 0, 4);
		expect(new Set(rects.map((rect) => rect.y)).size).toBe(1);
		const first = rects[0] as Rect;
		const last = rects[3] as Rect;
		expect(first.x - DESK.x).toBeCloseTo(DESK.x + DESK.width - last.x - last.width, -1);
	});

	it.each([
		[1, 1],
		[1, 4],
		[2, 3],
		[3, 8],
	])("gives %i shares more room than %i people", (shares, people) => {
		for (const box of [DESK, PHONE]) {
			const rects = strip(box, shares, people);
			expect(rects).toHaveLength(shares + people);
			lieWell(box, rects);
			for (const share of rects.slice(0, shares))
				for (const person of rects.slice(shares)) expect(share.width).toBeGreaterThan(person.width * 2);
		}
	});

	it("shows a share to whoever watches alone", () => lieWell(DESK, strip(DESK, 1, 0)));
});

describe("the grid", () => {
	it.each([1, 2, 3, 5, 9, 16])("gives %i tiles one size", (count) => {
		const rects = grid(DESK, count);
		lieWell(DESK, rects);
		expect(new Set(rects.map((rect) => `${rect.width}x${rect.height}`)).size).toBe(1);
	});

	it("is empty for nobody", () => expect(grid(DESK, 0)).toEqual([]));
});

describe("a phone's row", () => {
	it.each([
		[0, 1, false],
		[0, 2, true],
		[0, 8, true],
		[1, 3, false],
		[2, 8, true],
	])("holds %i shares and %i people, low and side by side", (shares, people, self) => {
		const { rects, width, height } = phoneRow({ width: 374, height: 200 }, shares, people, self);
		expect(rects).toHaveLength(shares + people + Number(self));
		lieWell({ x: 0, y: 0, width, height }, rects);
		expect(height).toBeLessThanOrEqual(124);
		expect(width).toBeGreaterThanOrEqual(374);
	});

	it("is lower still where the screen is", () => {
		const { rects, height, width } = phoneRow({ width: 560, height: 65 }, 1, 4, true);
		expect(height).toBe(65);
		lieWell({ x: 0, y: 0, width, height }, rects);
	});

	it("is in the middle as long as it fits", () => {
		const { rects, width } = phoneRow({ width: 374, height: 200 }, 0, 2, false);
		expect(width).toBe(374);
		expect(rects[0]?.x).toBeCloseTo(374 - (rects[1]?.x ?? 0) - (rects[1]?.width ?? 0), -1);
	});
});

describe("the spotlight", () => {
	it.each([2, 3, 9])("makes one of %i large", (count) => {
		for (const box of [DESK, { ...PHONE, height: 600 }]) {
			const rects = spotlight(box, count, 1);
			lieWell(box, rects);
			const [large, ...others] = rects.toSorted((a, b) => b.width * b.height - a.width * a.height) as [Rect, ...Rect[]];
			expect(rects[1]).toBe(large);
			for (const other of others) expect(large.width * large.height).toBeGreaterThan(other.width * other.height * 3);
		}
	});
});

describe("the room for the strip", () => {
	const sign = { right: 190, bottom: 64 };

	it("lies between the sign and the map, around the middle", () => {
		const box = stripBox({ width: 1280, height: 800 }, sign, 250);
		expect(box.x).toBeGreaterThan(sign.right);
		expect(box.x + box.width).toBeLessThan(1280 - 250);
		expect(box.x + box.width / 2).toBe(640);
		// Oneself stands in the middle of the screen.
		expect(box.y + box.height).toBeLessThan(400 - 110);
	});

	it("gives way to a wide panel", () => {
		const box = stripBox({ width: 1000, height: 700 }, sign, 340);
		expect(box.x).toBeGreaterThan(sign.right);
		expect(box.x + box.width).toBeLessThan(1000 - 340);
	});

	it("stays above oneself on a low screen", () => {
		const box = stripBox({ width: 844, height: 390 }, sign, 0);
		expect(box.y + box.height).toBeLessThanOrEqual(390 / 2 - 110);
	});
});

describe("a picture", () => {
	it("is seen in a hidden tab only where the browser shows it in a window of its own", () => {
		const [one, other] = [{}, {}] as [Element, Element];
		expect(isSeen({ hidden: false, pictureInPictureElement: null }, one)).toBe(true);
		expect(isSeen({ hidden: true, pictureInPictureElement: null }, one)).toBe(false);
		expect(isSeen({ hidden: true, pictureInPictureElement: one }, one)).toBe(true);
		expect(isSeen({ hidden: true, pictureInPictureElement: one }, other)).toBe(false);
	});
});
