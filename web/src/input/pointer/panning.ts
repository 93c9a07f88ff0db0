// Looking around: the map follows the hand until it lets go.

import { Hovering } from "./hovering";
import { Pinching } from "./pinching";
import type { PointerState, PointerTarget, Touch } from "./state";

export class Panning implements PointerState {
	#last: Touch;

	constructor(
		readonly target: PointerTarget,
		start: Touch,
	) {
		this.#last = start;
	}

	down(touch: Touch): PointerState {
		return new Pinching(this.target, this.#last, touch);
	}

	move(touch: Touch): PointerState {
		if (touch.id !== this.#last.id) return this;
		this.target.pan(this.#last.x - touch.x, this.#last.y - touch.y);
		this.#last = touch;
		return this;
	}

	up(): PointerState {
		return new Hovering(this.target);
	}

	cancel(): PointerState {
		return new Hovering(this.target);
	}
}
