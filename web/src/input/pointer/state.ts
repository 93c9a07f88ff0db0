// What a pointer state may hear and do. Each state is a file; a handler answers with the state that follows.

import type { Point } from "../../render/camera";

/** Device pixels on the canvas. */
export interface Touch extends Point {
	id: number;
	kind: "mouse" | "touch" | "pen";
	button: number;
	shift: boolean;
}

export interface PointerTarget {
	hover(at: Point | null): void;
	tap(at: Point, run: boolean): void;
	pan(dx: number, dy: number): void;
	zoomTo(scale: number): void;
	scale(): number;
	dpr(): number;
}

export interface PointerState {
	down(touch: Touch): PointerState;
	move(touch: Touch): PointerState;
	up(touch: Touch): PointerState;
	cancel(): PointerState;
}
