// Pressed, and not yet clear what is meant: let go is a walk, moved is a look around, a second finger is a pinch.

import { Hovering } from "./hovering";
import { Panning } from "./panning";
import { Pinching } from "./pinching";
import type { PointerState, PointerTarget, Touch } from "./state";

/** CSS pixels a hand may tremble. */
const SLACK = 9;

export class Pressing implements PointerState {
	constructor(
		readonly target: PointerTarget,
		readonly start: Touch,
	) {}

	down(touch: Touch): PointerState {
		return new Pinching(this.target, this.start, touch);
	}

	move(touch: Touch): PointerState {
		if (touch.id !== this.start.id) return this;
		const moved = Math.hypot(touch.x - this.start.x, touch.y - this.start.y);
		return moved > SLACK * this.target.dpr() ? new Panning(this.target, this.start).move(touch) : this;
	}

	up(touch: Touch): PointerState {
		this.target.tap(touch, touch.shift);
		return new Hovering(this.target);
	}

	cancel(): PointerState {
		return new Hovering(this.target);
	}
}
