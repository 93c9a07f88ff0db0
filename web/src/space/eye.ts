// Where the camera wants to be: with oneself, or looking at something else for a while. Changes glide; walking is rigid,
// for a camera that lags behind one's feet makes pixels swim.

import type { Point } from "../render/camera";

const GLIDE_MS = 90;
const THERE_PX = 0.35;
/** A jump further than this is not walking (a reconnect, a new spawn): cut, don't glide. */
const CUT_PX = 900;

type Mode = { kind: "attached" } | { kind: "looking"; at: Point; until_ms: number };

export class Eye {
	#mode: Mode = { kind: "attached" };
	#offset: Point = { x: 0, y: 0 };
	#last_ms = 0;
	center: Point = { x: 0, y: 0 };
	gliding = false;

	get attached(): boolean {
		return this.#mode.kind === "attached";
	}

	lookAt(at: Point, until_ms = Number.POSITIVE_INFINITY): void {
		this.#mode = { kind: "looking", at, until_ms };
		this.#offset = { x: this.center.x - at.x, y: this.center.y - at.y };
	}

	/** Dragging: no glide, the hand is the motion. */
	pan(from: Point, dx: number, dy: number): void {
		this.#mode = { kind: "looking", at: { x: from.x + dx, y: from.y + dy }, until_ms: Number.POSITIVE_INFINITY };
		this.#offset = { x: 0, y: 0 };
	}

	attach(self: Point | null): void {
		if (this.attached) return;
		this.#mode = { kind: "attached" };
		if (self) this.#offset = { x: this.center.x - self.x, y: this.center.y - self.y };
	}

	update(now_ms: number, self: Point, still: boolean): void {
		if (this.#mode.kind === "looking" && now_ms > this.#mode.until_ms) this.attach(self);
		const goal = this.#mode.kind === "looking" ? this.#mode.at : self;
		const share = still ? 0 : Math.exp(-Math.min(100, now_ms - this.#last_ms) / GLIDE_MS);
		this.#last_ms = now_ms;
		this.#offset = { x: this.#offset.x * share, y: this.#offset.y * share };
		const far = Math.hypot(this.#offset.x, this.#offset.y);
		this.gliding = far > THERE_PX;
		if (!this.gliding || far > CUT_PX) this.#offset = { x: 0, y: 0 };
		this.center = { x: goal.x + this.#offset.x, y: goal.y + this.#offset.y };
	}

	/** When a look ends by itself, the view must be drawn again. */
	get ends_ms(): number | null {
		return this.#mode.kind === "looking" && Number.isFinite(this.#mode.until_ms) ? this.#mode.until_ms : null;
	}
}
