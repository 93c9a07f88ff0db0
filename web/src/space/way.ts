// The way to where one is walking, and the one the pointer suggests. Asked anew only when a tile changed.

import type { Actor } from "../render/actors";
import type { Point } from "../render/camera";
import { TILE } from "../render/map";
import type { Trail } from "../render/marks";
import type { SpaceClient } from "./client";

const tileOf = (at: Point): string => `${Math.floor(at.x / TILE)},${Math.floor(at.y / TILE)}`;

export class Way {
	#goal: Point | null = null;
	#key = "";
	#points: Float32Array = new Float32Array();

	constructor(readonly client: SpaceClient) {}

	walkTo(x: number, y: number, run: boolean, wake: () => void): boolean {
		if (!this.client.walkTo(x, y, run)) return false;
		this.#goal = { x, y };
		this.#key = "";
		wake();
		return true;
	}

	clear(): void {
		this.#goal = null;
		this.#key = "";
	}

	/** What to draw now: the rest of the way being walked, or a faint suggestion under a mouse while one stands. */
	trail(self: Actor | null, pointer: Point | null): Trail | null {
		const walking = self !== null && (self.pose === 1 || self.pose === 2);
		const goal = this.#goal ?? (walking ? null : pointer);
		if (!self || !goal) return null;
		const key = `${tileOf(self)}>${tileOf(goal)}`;
		if (key !== this.#key) {
			this.#key = key;
			this.#points = this.client.pathPreview(goal.x, goal.y);
		}
		return this.#points.length < 4 ? null : { points: this.#points, faint: this.#goal === null };
	}
}
