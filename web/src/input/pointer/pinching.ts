// Two fingers: the scale follows their distance, in whole steps, until one lets go.

import { Hovering } from "./hovering";
import type { PointerState, PointerTarget, Touch } from "./state";

export class Pinching implements PointerState {
	readonly #fingers = new Map<number, Touch>();
	readonly #startDistance: number;
	readonly #startScale: number;

	constructor(
		readonly target: PointerTarget,
		first: Touch,
		second: Touch,
	) {
		this.#fingers.set(first.id, first).set(second.id, second);
		this.#startDistance = Math.max(1, this.#distance());
		this.#startScale = target.scale();
	}

	down(): PointerState {
		return this;
	}

	move(touch: Touch): PointerState {
		if (this.#fingers.has(touch.id)) {
			this.#fingers.set(touch.id, touch);
			this.target.zoomTo(Math.round((this.#startScale * this.#distance()) / this.#startDistance));
		}
		return this;
	}

	up(touch: Touch): PointerState {
		return this.#fingers.has(touch.id) ? new Hovering(this.target) : this;
	}

	cancel(): PointerState {
		return new Hovering(this.target);
	}

	#distance(): number {
		const [a, b] = [...this.#fingers.values()];
		return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
	}
}
