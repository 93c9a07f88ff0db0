// The canvas and the pixels it covers, also where somebody drew on it before.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fitScreen } from "../src/render/screen";

beforeEach(() => {
	vi.stubGlobal("devicePixelRatio", 2);
	vi.stubGlobal(
		"ResizeObserver",
		class {
			observe() {}
			disconnect() {}
		},
	);
});
afterEach(() => vi.unstubAllGlobals());

/** Counts how often it is wiped. */
function canvasOf(width: number, height: number) {
	const wiped: string[] = [];
	const canvas = {
		getBoundingClientRect: () => ({ width: 400, height: 300 }),
		get width() {
			return width;
		},
		set width(to: number) {
			wiped.push("width");
			width = to;
		},
		get height() {
			return height;
		},
		set height(to: number) {
			wiped.push("height");
			height = to;
		},
	};
	return { canvas: canvas as unknown as HTMLCanvasElement, wiped };
}

it("a canvas becomes as large as what it covers", () => {
	const { canvas } = canvasOf(300, 150);
	const resized = vi.fn();
	expect(fitScreen(canvas, resized).size).toEqual({ width: 800, height: 600 });
	expect([canvas.width, canvas.height]).toEqual([800, 600]);
	expect(resized).toHaveBeenCalledOnce();
});

it("one that fits from the visit before is known to be that large, and not wiped", () => {
	const { canvas, wiped } = canvasOf(800, 600);
	const resized = vi.fn();
	expect(fitScreen(canvas, resized).size).toEqual({ width: 800, height: 600 });
	expect(resized).toHaveBeenCalledOnce();
	expect(wiped).toEqual([]);
});
