import { describe, expect, it } from "vitest";
import { type Box, overlaps, placeTag } from "../src/render/tags";

const WIDE = 90;
const HIGH = 20;
const LIFT = HIGH + 1;
/** Of a name whose lower edge's middle is there. */
const at = (x: number, y: number): Box => ({ left: x - WIDE / 2, top: y - HIGH, right: x + WIDE / 2, bottom: y });
const faceAt = (x: number, y: number): Box => ({ left: x - 16, top: y + 16, right: x + 16, bottom: y + 44 });
const place = (first: Box, taken: Box[], faces: Box[] = [], { sure = false, lifts = 2 } = {}) =>
	placeTag({ first, lift: LIFT, lifts, sure }, taken, faces);

describe("a name", () => {
	it("stands above its head where nothing is in its way", () => expect(place(at(0, 0), [])).toEqual(at(0, 0)));

	it("moves up beside another, and gives way where it would have to move far", () => {
		const beside = at(64, 0);
		expect(place(at(0, 0), [beside])).toEqual(at(0, -LIFT));
		expect(place(at(0, 0), [beside, at(20, -LIFT), at(40, -2 * LIFT)])).toBeNull();
		expect(place(at(0, 0), [beside], [], { lifts: 0 })).toBeNull();
	});

	it("does not move up onto a face", () => {
		const behind = faceAt(0, -64);
		expect(place(at(0, 0), [], [behind])).toEqual(at(0, 0));
		expect(place(at(0, 0), [at(64, 0)], [behind])).toBeNull();
	});

	it("that stands for sure covers a face rather than a name, and is never left out", () => {
		const behind = faceAt(0, -64);
		expect(place(at(0, 0), [at(64, 0)], [behind], { sure: true })).toEqual(at(0, -LIFT));
		const all = [0, 1, 2].map((step) => at(64, -step * LIFT));
		expect(place(at(0, 0), all, [behind], { sure: true })).toEqual(at(0, 0));
	});
});

describe("names in a dense crowd", () => {
	const TILE = 64;
	const heads = Array.from({ length: 25 }, (_, n) => ({ x: (n % 5) * TILE, y: Math.floor(n / 5) * TILE }));
	const faces = heads.map(({ x, y }) => faceAt(x, y));
	const taken: Box[] = [];
	for (const { x, y } of heads) {
		const box = place(at(x, y), taken, faces);
		if (box) taken.push(box);
	}

	it("leave every face and each other free", () => {
		for (const [n, box] of taken.entries()) {
			expect(faces.some((face) => overlaps(box, face))).toBe(false);
			expect(taken.slice(0, n).some((other) => overlaps(box, other))).toBe(false);
		}
	});

	it("are still those of half the people", () => expect(taken.length).toBeGreaterThanOrEqual(13));
});
