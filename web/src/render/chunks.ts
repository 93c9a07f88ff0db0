// Static layers, painted once in squares of 16 x 16 tiles and kept while they are looked at.
// Animated tiles show their first frame here; the scene draws the others over it.

import { pen, Recent, type Surface, surface } from "./canvas";
import { type MapModel, TILE } from "./map";

export const CHUNK_TILES = 16;
export const CHUNK_PX = CHUNK_TILES * TILE;
/** 1 MB each: three screens' worth of a large window at the smallest scale. */
const KEPT = 64;

export interface ChunkRange {
	x0: number;
	y0: number;
	x1: number;
	y1: number;
}

/** The chunks a view touches, both ends included; empty (x1 < x0) when it touches none. */
export function chunksInView(
	left: number,
	top: number,
	width: number,
	height: number,
	columns: number,
	rows: number,
): ChunkRange {
	const last = (tiles: number) => Math.ceil(tiles / CHUNK_TILES) - 1;
	return {
		x0: Math.max(0, Math.floor(left / CHUNK_PX)),
		y0: Math.max(0, Math.floor(top / CHUNK_PX)),
		x1: Math.min(last(columns), Math.ceil((left + width) / CHUNK_PX) - 1),
		y1: Math.min(last(rows), Math.ceil((top + height) / CHUNK_PX) - 1),
	};
}

type Layer = "below" | "above";

export class Chunks {
	readonly #kept = new Recent<string, Surface>(KEPT);
	readonly #empty = new Set<string>();
	#allowed = Number.POSITIVE_INFINITY;
	/** A chunk was asked for that this frame was not allowed to paint. */
	missing = false;

	constructor(
		readonly map: MapModel,
		readonly tiles: CanvasImageSource,
		readonly objects: CanvasImageSource,
	) {}

	/** How many chunks this frame may paint; a page that is still loading spreads them over several. */
	beginFrame(allowed: number): void {
		this.#allowed = allowed;
		this.missing = false;
	}

	/** The painted square, or null when there is nothing in it. */
	get(layer: Layer, cx: number, cy: number): Surface | null {
		const id = `${layer}${cx},${cy}`;
		if (this.#empty.has(id)) return null;
		const known = this.#kept.get(id);
		if (known) return known;
		if (this.#allowed <= 0) {
			this.missing = true;
			return null;
		}
		this.#allowed--;
		const painted = this.#paint(layer, cx, cy);
		if (!painted) this.#empty.add(id);
		else this.#kept.set(id, painted);
		return painted;
	}

	#paint(layer: Layer, cx: number, cy: number): Surface | null {
		const { map } = this;
		const canvas = surface(CHUNK_PX, CHUNK_PX);
		const p = pen(canvas);
		let drawn = false;
		for (const data of layer === "below" ? map.below : map.above) {
			for (let row = 0; row < CHUNK_TILES; row++) {
				for (let column = 0; column < CHUNK_TILES; column++) {
					const x = cx * CHUNK_TILES + column;
					const y = cy * CHUNK_TILES + row;
					if (x >= map.columns || y >= map.rows) continue;
					const tile = data[y * map.columns + x] ?? 0;
					if (tile === 0) continue;
					this.tile(p, tile - 1, column * TILE, row * TILE, 1);
					drawn = true;
				}
			}
		}
		if (layer === "below") {
			const left = cx * CHUNK_PX;
			const top = cy * CHUNK_PX;
			for (const { x, y, sprite: s } of map.flat) {
				if (x + s.w <= left || y + s.h <= top || x >= left + CHUNK_PX || y >= top + CHUNK_PX) continue;
				p.drawImage(this.objects, s.x, s.y, s.w, s.h, x - left, y - top, s.w, s.h);
			}
		}
		return drawn ? canvas : null;
	}

	tile(p: CanvasRenderingContext2D, index: number, x: number, y: number, scale: number): void {
		const sx = (index % this.map.tileColumns) * TILE;
		const sy = Math.floor(index / this.map.tileColumns) * TILE;
		p.drawImage(this.tiles, sx, sy, TILE, TILE, x, y, TILE * scale, TILE * scale);
	}
}
