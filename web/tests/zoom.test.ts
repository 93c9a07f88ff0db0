// A shared screen in full view: it is whole at first, grows around the pointer, and never leaves the frame.

import { describe, expect, it } from "vitest";
import { fitted, kept, movedBy, scaleMax, WHOLE, zoomedAt } from "../src/space/ui/viewer/zoom";

const PICTURE = { width: 1920, height: 1080 };
const FRAME = { width: 960, height: 700 };

describe("the full view", () => {
	it("fits a picture into the frame", () => {
		expect(fitted(PICTURE, FRAME)).toEqual({ width: 960, height: 540 });
		expect(fitted({ width: 0, height: 0 }, FRAME)).toEqual(FRAME);
	});

	it("keeps what is under the pointer there while it zooms", () => {
		const at = { x: 200, y: -100 };
		const near = zoomedAt(WHOLE, at, 3, PICTURE, FRAME);
		// Before, the pointer was at this point of the whole picture; it still is.
		expect((at.x - near.x) / near.scale).toBeCloseTo(at.x);
		expect((at.y - near.y) / near.scale).toBeCloseTo(at.y);
	});

	it("is never smaller than whole, nor larger than is useful", () => {
		expect(zoomedAt(WHOLE, { x: 10, y: 10 }, 0.2, PICTURE, FRAME)).toEqual(WHOLE);
		expect(zoomedAt(WHOLE, { x: 0, y: 0 }, 1000, PICTURE, FRAME).scale).toBe(scaleMax(PICTURE, FRAME));
		expect(scaleMax(PICTURE, FRAME)).toBe(8);
	});

	it("stops at the edges", () => {
		const look = movedBy({ scale: 2, x: 0, y: 0 }, 10_000, -10_000, PICTURE, FRAME);
		expect(look.x).toBe((960 * 2 - 960) / 2);
		expect(look.y).toBe(-(540 * 2 - 700) / 2);
		expect(movedBy(WHOLE, 50, 50, PICTURE, FRAME)).toEqual(WHOLE);
	});

	it("comes back to whole as it is zoomed out", () => {
		const near = zoomedAt(WHOLE, { x: 300, y: 200 }, 4, PICTURE, FRAME);
		expect(zoomedAt(near, { x: -100, y: 50 }, 0.01, PICTURE, FRAME)).toEqual(WHOLE);
		expect(kept({ scale: 1, x: 40, y: 40 }, PICTURE, FRAME)).toEqual(WHOLE);
	});
});
