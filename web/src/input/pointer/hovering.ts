// Nothing is held: a mouse shows where it would walk to, a press begins.

import { Panning } from "./panning";
import { Pressing } from "./pressing";
import type { PointerState, PointerTarget, Touch } from "./state";

export class Hovering implements PointerState {
	constructor(readonly target: PointerTarget) {}

	down(touch: Touch): PointerState {
		this.target.hover(null);
		if (touch.button === 1) return new Panning(this.target, touch);
		return touch.button === 0 ? new Pressing(this.target, touch) : this;
	}

	move(touch: Touch): PointerState {
		if (touch.kind === "mouse") this.target.hover(touch);
		return this;
	}

	up(): PointerState {
		return this;
	}

	cancel(): PointerState {
		this.target.hover(null);
		return this;
	}
}
