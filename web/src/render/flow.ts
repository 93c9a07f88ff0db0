// Water and other floor that moves: drawn over the painted chunks, tile by tile, with whatever lies on top of it there.

import type { Point, Size } from "./camera";
import type { Pen } from "./canvas";
import type { Chunks } from "./chunks";
import { type MapModel, type MapObject, stepAt, TILE } from "./map";

export class Flow {
	/** 1 where a tile below people's feet is animated. */
	readonly #cells: Uint8Array;
	/** What lies flat on it (a lily, a jetty): painted with the floor, so to be drawn again once that is covered. */
	readonly afloat: readonly MapObject[];

	constructor(
		readonly map: MapModel,
		readonly chunks: Chunks,
	) {
		this.#cells = new Uint8Array(map.columns * map.rows);
		for (const data of map.below) {
			data.forEach((tile, i) => {
				if (map.animated.has(tile)) this.#cells[i] = 1;
			});
		}
		this.afloat = map.flat.filter((object) => this.#carries(object));
	}

	/** True if any of it is in view. */
	draw(p: Pen, now_ms: number, o: Point, view: Size, scale: number): boolean {
		const { columns, rows, animated } = this.map;
		if (animated.size === 0) return false;
		const size = TILE * scale;
		const x1 = Math.min(columns, Math.ceil((o.x + view.width) / size));
		const y1 = Math.min(rows, Math.ceil((o.y + view.height) / size));
		let drawn = false;
		for (let y = Math.max(0, Math.floor(o.y / size)); y < y1; y++) {
			for (let x = Math.max(0, Math.floor(o.x / size)); x < x1; x++) {
				const cell = y * columns + x;
				if (this.#cells[cell] === 0) continue;
				drawn = true;
				this.#cell(p, cell, now_ms, x * size - o.x, y * size - o.y, scale);
			}
		}
		return drawn;
	}

	/** The animated tile at its present step, and over it what the layers above have there: banks and shadows. */
	#cell(p: Pen, cell: number, now_ms: number, x: number, y: number, scale: number): void {
		let covered = false;
		for (const data of this.map.below) {
			const tile = data[cell] ?? 0;
			if (tile === 0) continue;
			const line = this.map.animated.get(tile);
			covered ||= line !== undefined;
			if (covered) this.chunks.tile(p, line ? stepAt(line, now_ms) : tile - 1, x, y, scale);
		}
	}

	#carries({ x, y, sprite }: MapObject): boolean {
		for (let row = Math.floor(y / TILE); row <= Math.floor((y + sprite.h - 1) / TILE); row++) {
			for (let column = Math.floor(x / TILE); column <= Math.floor((x + sprite.w - 1) / TILE); column++) {
				if (this.#cells[row * this.map.columns + column] === 1) return true;
			}
		}
		return false;
	}
}
