import { describe, expect, it } from "vitest";
import { CHUNK_PX, chunksInView } from "../src/render/chunks";

describe("chunks in view", () => {
	it("covers exactly what is seen", () => {
		expect(chunksInView(0, 0, CHUNK_PX, CHUNK_PX, 64, 64)).toEqual({ x0: 0, y0: 0, x1: 0, y1: 0 });
		expect(chunksInView(1, 0, CHUNK_PX, CHUNK_PX, 64, 64)).toEqual({ x0: 0, y0: 0, x1: 1, y1: 0 });
		expect(chunksInView(CHUNK_PX, CHUNK_PX * 2, 10, 10, 64, 64)).toEqual({ x0: 1, y0: 2, x1: 1, y1: 2 });
	});

	it("stays within the map, whose last chunk may be cut", () => {
		expect(chunksInView(-500, -500, 9000, 9000, 52, 36)).toEqual({ x0: 0, y0: 0, x1: 3, y1: 2 });
	});

	it("is empty beside the map", () => {
		const { x0, x1 } = chunksInView(5000, 0, 100, 100, 52, 36);
		expect(x1).toBeLessThan(x0);
	});
});
