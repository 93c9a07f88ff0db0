// Keeps a canvas exactly as large as the device pixels it covers, fractional scaling included.

import type { Size } from "./camera";

export interface Screen {
	readonly size: Size;
	readonly dpr: number;
	stop(): void;
}

export function fitScreen(canvas: HTMLCanvasElement, onResize: () => void): Screen {
	const size = { width: 1, height: 1 };
	const apply = (width: number, height: number) => {
		const [w, h] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
		if (canvas.width === w && canvas.height === h) return;
		canvas.width = w;
		canvas.height = h;
		size.width = w;
		size.height = h;
		onResize();
	};
	const box = canvas.getBoundingClientRect();
	apply(box.width * devicePixelRatio, box.height * devicePixelRatio);
	const observer = new ResizeObserver(([entry]) => {
		const exact = entry?.devicePixelContentBoxSize?.[0];
		if (exact) apply(exact.inlineSize, exact.blockSize);
		else if (entry) apply(entry.contentRect.width * devicePixelRatio, entry.contentRect.height * devicePixelRatio);
	});
	try {
		observer.observe(canvas, { box: "device-pixel-content-box" });
	} catch {
		// Safari has no such box; rounding is then our own.
		observer.observe(canvas);
	}
	return {
		size,
		get dpr() {
			return devicePixelRatio;
		},
		stop: () => observer.disconnect(),
	};
}
