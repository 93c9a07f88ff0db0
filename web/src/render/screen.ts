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
		// Writing wipes the picture, also with what was there. Whoever comes in once more finds a canvas that fits already.
		if (canvas.width !== w) canvas.width = w;
		if (canvas.height !== h) canvas.height = h;
		if (size.width === w && size.height === h) return;
		size.width = w;
		size.height = h;
		onResize();
	};
	const box = canvas.getBoundingClientRect();
	apply(box.width * devicePixelRatio, box.height * devicePixelRatio);
	const observer = new ResizeObserver(([entry]) => {
		if (!entry) return;
		const width = entry.contentRect.width * devicePixelRatio;
		const height = entry.contentRect.height * devicePixelRatio;
		const exact = entry.devicePixelContentBoxSize?.[0];
		// Emulated phones report this box in CSS pixels; a real one never differs from ours by more than rounding.
		if (exact && Math.abs(exact.inlineSize - width) < 2 && Math.abs(exact.blockSize - height) < 2) {
			apply(exact.inlineSize, exact.blockSize);
		} else apply(width, height);
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
