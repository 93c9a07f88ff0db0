// The names of areas, lettered quietly on their floors; a part of the place, so under furniture and feet.
// A name is put where the floor is free for all of it; an area without such a spot goes without.

import type { Size } from "./camera";
import { type Pen, pen, Recent, type Surface, surface } from "./canvas";
import { type Area, type MapModel, TILE } from "./map";

/** Map pixels a letter needs at the smallest scale, and how tall a line is. */
const LETTER_PX = 6.4;
const LINE_PX = 14;

interface Spot {
	name: string;
	/** The middle of the word. */
	x: number;
	y: number;
}

export class FloorNames {
	readonly #kept = new Recent<string, Surface>(64);
	readonly #spots: Spot[];

	constructor(map: MapModel) {
		this.#spots = map.areas.flatMap((area) => findSpot(map, area) ?? []);
	}

	draw(p: Pen, ox: number, oy: number, scale: number, dpr: number, view: Size): void {
		p.globalAlpha = 0.62;
		for (const spot of this.#spots) {
			const x = spot.x * scale - ox;
			const y = spot.y * scale - oy;
			if (x < -300 * dpr || y < -50 || x > view.width + 300 * dpr || y > view.height + 50) continue;
			const name = this.#lettered(spot.name, Math.max(10 * dpr, 7 * scale));
			p.drawImage(name, Math.round(x - name.width / 2), Math.round(y - name.height / 2));
		}
		p.globalAlpha = 1;
	}

	clear(): void {
		this.#kept.clear();
	}

	#lettered(name: string, size: number): Surface {
		const id = `${size}|${name}`;
		const known = this.#kept.get(id);
		if (known) return known;
		const dress = (p: Pen) => {
			p.font = `600 ${size}px "Inter Variable", Inter, system-ui, sans-serif`;
			// Not everywhere yet; without it the word is only a little tighter.
			p.letterSpacing = `${size * 0.05}px`;
			p.textBaseline = "middle";
			p.lineJoin = "round";
			p.lineWidth = size * 0.22;
			p.strokeStyle = "rgb(45 36 64 / 50%)";
			p.fillStyle = "#fdf4dc";
		};
		const measure = pen(surface(1, 1));
		dress(measure);
		const canvas = surface(Math.ceil(measure.measureText(name).width) + 4, Math.ceil(size * 1.4));
		const p = pen(canvas);
		dress(p);
		p.strokeText(name, 2, canvas.height / 2);
		p.fillText(name, 2, canvas.height / 2);
		this.#kept.set(id, canvas);
		return canvas;
	}
}

/** Free floor for the whole word, as low and as near to the middle of the area as can be. */
export function findSpot(map: MapModel, area: Area): Spot | null {
	const width = area.name.length * LETTER_PX;
	const middle = area.x + area.w / 2;
	const reach = (area.w - width) / 2;
	for (let y = area.y + area.h - TILE / 2; y > area.y; y -= TILE / 2) {
		for (let off = 0; off <= reach; off += TILE / 2) {
			for (const x of [middle - off, middle + off]) {
				if (free(map, x - width / 2, y - LINE_PX / 2, width, LINE_PX)) return { name: area.name, x, y };
			}
		}
	}
	return null;
}

function free(map: MapModel, x: number, y: number, w: number, h: number): boolean {
	for (let row = Math.floor(y / TILE); row <= Math.floor((y + h) / TILE); row++) {
		for (let column = Math.floor(x / TILE); column <= Math.floor((x + w) / TILE); column++) {
			const tile = row * map.columns + column;
			if (map.solid[tile] !== 0 || map.above.some((layer) => layer[tile] !== 0)) return false;
		}
	}
	return [...map.standing, ...map.flat].every(
		(o) => o.x >= x + w || o.x + o.sprite.w <= x || o.y >= y + h || o.y + o.sprite.h <= y,
	);
}
