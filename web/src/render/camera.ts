// Where one looks from: map pixels at the middle of the view, and whole device pixels a map pixel.
// Pure; what the camera follows is decided in view/.

export interface Size {
	width: number;
	height: number;
}
export interface Point {
	x: number;
	y: number;
}

/** One axis: never beyond the map's edge, and in the middle of a map that is smaller than the view. */
export function clampAxis(center: number, view: number, map: number): number {
	if (view >= map) return map / 2;
	return Math.min(Math.max(center, view / 2), map - view / 2);
}

/** `view` is in device pixels, the map in its own. */
export const clampCenter = (center: Point, view: Size, scale: number, map: Size): Point => ({
	x: clampAxis(center.x, view.width / scale, map.width),
	y: clampAxis(center.y, view.height / scale, map.height),
});

/** What panels cover of the view, at its right, bottom and top edges. */
export interface Inset {
	right: number;
	bottom: number;
	top: number;
}

/**
 * The middle of the whole view such that `center` is in the middle of what is left uncovered. What lies over the top leaves
 * gaps, and the map goes up to the view's own edge.
 */
export function clampUncovered(center: Point, view: Size, inset: Inset, scale: number, map: Size): Point {
	const free = { width: view.width - inset.right, height: view.height - inset.bottom };
	const clamped = clampCenter({ x: center.x, y: center.y - inset.top / scale / 2 }, free, scale, map);
	return { x: clamped.x + inset.right / scale / 2, y: clamped.y + inset.bottom / scale / 2 };
}

/** The way back: what is in the middle of what is left uncovered, of the middle of the whole view. */
export const uncovered = (middle: Point, inset: Inset, scale: number): Point => ({
	x: middle.x - inset.right / scale / 2,
	y: middle.y + (inset.top - inset.bottom) / scale / 2,
});

/** The view's top left corner in device pixels from the map's; whole, so that nothing shimmers. */
export const origin = (center: Point, view: Size, scale: number): Point => ({
	x: Math.round(center.x * scale - view.width / 2),
	y: Math.round(center.y * scale - view.height / 2),
});

export const toMap = (device: Point, center: Point, view: Size, scale: number): Point => {
	const o = origin(center, view, scale);
	return { x: (device.x + o.x) / scale, y: (device.y + o.y) / scale };
};

/** Whole device pixels only, from about one CSS pixel a map pixel to four. */
export interface ZoomRange {
	min: number;
	max: number;
	start: number;
}

export function zoomRange(dpr: number, cssWidth: number): ZoomRange {
	const min = Math.max(1, Math.round(dpr));
	const max = Math.max(min + 1, Math.round(dpr * 4));
	// A phone shows about nine tiles across at the start, a laptop twenty: enough to see who is around.
	const wanted = cssWidth < 560 ? dpr * 1.5 : cssWidth > 1900 ? dpr * 3 : dpr * 2;
	return { min, max, start: Math.min(max, Math.max(min, Math.round(wanted))) };
}
