// Drawings that are about walking rather than about the place: the trail to where one is going, the marker at its end,
// the ring around someone one looked for, and the dust of running feet. All in whole map pixels, like the art.

import type { Pen } from "./canvas";

const TRAIL_GAP_PX = 12;
const DUST_MS = 380;
const EDGE = "#2d2440";
const LIGHT = "#fff2ac";

export interface Trail {
	/** x,y pairs in map pixels. */
	points: Float32Array;
	/** A preview under the pointer is fainter than a way being walked. */
	faint: boolean;
}

/** Dots at even distances along the way. */
export function dots(points: Float32Array, gap: number): [number, number][] {
	const out: [number, number][] = [];
	let rest = gap;
	for (let i = 2; i + 1 < points.length; i += 2) {
		const x0 = points[i - 2] as number;
		const y0 = points[i - 1] as number;
		const dx = (points[i] as number) - x0;
		const dy = (points[i + 1] as number) - y0;
		const length = Math.hypot(dx, dy);
		while (rest <= length) {
			out.push([x0 + (dx * rest) / length, y0 + (dy * rest) / length]);
			rest += gap;
		}
		rest -= length;
	}
	return out;
}

/** Dots of three by three pixels with a dark edge: to be seen on grass, planks and sand alike. */
export function drawTrail(p: Pen, trail: Trail, ox: number, oy: number, s: number): void {
	p.globalAlpha = trail.faint ? 0.5 : 1;
	for (const [x, y] of dots(trail.points, TRAIL_GAP_PX).slice(0, -1)) {
		const left = Math.round(x) * s - ox;
		const top = Math.round(y) * s - oy;
		p.fillStyle = EDGE;
		p.fillRect(left - 2 * s, top - s, 5 * s, 3 * s);
		p.fillRect(left - s, top - 2 * s, 3 * s, 5 * s);
		p.fillStyle = LIGHT;
		p.fillRect(left - s, top - s, 3 * s, 3 * s);
	}
	p.globalAlpha = 1;
}

/** Four corner brackets around the spot one will stand on; over the furniture, for it may be a chair. */
export function drawGoal(p: Pen, trail: Trail, ox: number, oy: number, s: number): void {
	const x = Math.round(trail.points.at(-2) as number) * s - ox;
	const y = Math.round(trail.points.at(-1) as number) * s - oy;
	p.globalAlpha = trail.faint ? 0.6 : 1;
	brackets(p, x, y, s, EDGE, 1);
	brackets(p, x, y, s, LIGHT, 0);
	p.globalAlpha = 1;
}

function brackets(p: Pen, x: number, y: number, s: number, color: string, grow: number): void {
	p.fillStyle = color;
	const w = (12 + grow) * s;
	const h = (8 + grow) * s;
	const arm = (5 + grow * 2) * s;
	const thick = (2 + grow * 2) * s;
	for (const left of [x - w, x + w - arm]) {
		p.fillRect(left, y - h, arm, thick);
		p.fillRect(left, y + h - thick, arm, thick);
	}
	for (const left of [x - w, x + w - thick]) {
		p.fillRect(left, y - h, thick, arm);
		p.fillRect(left, y + h - arm, thick, arm);
	}
}

/** A ring on the floor that breathes; standing still when motion is reduced. */
export function drawRing(p: Pen, x: number, y: number, scale: number, phase: number): void {
	p.strokeStyle = "#fad463";
	for (const [grow, alpha] of [
		[0, 1],
		[phase * 10, 1 - phase],
	] as const) {
		p.globalAlpha = alpha;
		p.lineWidth = scale * 2;
		p.beginPath();
		p.ellipse(x, y, (16 + grow) * scale, (9 + grow * 0.6) * scale, 0, 0, Math.PI * 2);
		p.stroke();
	}
	p.globalAlpha = 1;
}

interface Puff {
	x: number;
	y: number;
	born_ms: number;
}

export class Dust {
	#puffs: Puff[] = [];
	readonly #last = new Map<number, number>();

	/** A puff for every stride of a runner; `distance` only grows while walking. */
	step(id: number, x: number, y: number, distance_px: number, now_ms: number): void {
		const stride = Math.floor(distance_px / 34);
		if (this.#last.get(id) === stride) return;
		if (this.#last.has(id) && this.#puffs.length < 120) this.#puffs.push({ x, y, born_ms: now_ms });
		this.#last.set(id, stride);
	}

	draw(p: Pen, ox: number, oy: number, scale: number, now_ms: number): void {
		this.#puffs = this.#puffs.filter((puff) => now_ms - puff.born_ms < DUST_MS);
		p.fillStyle = "#fdf4dc";
		for (const puff of this.#puffs) {
			const age = (now_ms - puff.born_ms) / DUST_MS;
			const size = (3 - Math.floor(age * 3)) * scale;
			const x = Math.round(puff.x) * scale - ox;
			const y = Math.round(puff.y - age * 5) * scale - oy;
			p.globalAlpha = 0.55 * (1 - age);
			p.fillRect(x - size - scale, y - size, size, size);
			p.fillRect(x + scale, y - size - scale, size, size);
		}
		p.globalAlpha = 1;
	}

	get alive(): boolean {
		return this.#puffs.length > 0;
	}
}
