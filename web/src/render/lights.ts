// Light: a tint for the hour, and soft glows of lamps, screens and windows painted once at a quarter of the size.
// It never goes below readable: names and people must be clear at midnight too.

import { type Pen, pen, Recent, type Surface, surface } from "./canvas";
import { CHUNK_PX, type ChunkRange } from "./chunks";
import type { Light, MapModel } from "./map";
import { mix, type Rgb, toHex } from "./ramp";

const SHRINK = 4;
const SIZE = CHUNK_PX / SHRINK;

export interface Ambient {
	/** Multiplied over the picture; white does nothing. */
	tint: Rgb;
	/** How strong lamps shine, 0 to 1. */
	glow: number;
}

const HOURS: readonly (readonly [hour: number, tint: Rgb, glow: number])[] = [
	[0, [170, 170, 216], 0.56],
	[5, [174, 172, 216], 0.54],
	[7, [246, 214, 204], 0.4],
	[9.5, [255, 250, 242], 0.26],
	[15, [255, 251, 240], 0.26],
	[17.5, [255, 232, 200], 0.36],
	[19.5, [240, 200, 192], 0.46],
	[21.5, [180, 174, 216], 0.54],
	[24, [170, 170, 216], 0.56],
];

/** Golden hour: what is shown where the light does not follow the clock. */
export const GOLDEN: Ambient = { tint: [255, 241, 218], glow: 0.34 };

export function ambientAt(hour: number): Ambient {
	const next = HOURS.findIndex((entry) => entry[0] > hour);
	const b = HOURS[next];
	const a = HOURS[next - 1];
	if (!a || !b) return GOLDEN;
	const share = (hour - a[0]) / (b[0] - a[0]);
	return { tint: mix(a[1], b[1], share), glow: a[2] + (b[2] - a[2]) * share };
}

const STRENGTH: Record<string, number> = { lamp: 0.85, window: 0.5, screen: 0.6, fire: 1, glow: 0.55 };

export class Lights {
	readonly #kept = new Recent<string, Surface>(48);
	readonly #dark = new Set<string>();
	readonly #lights: Light[];

	constructor(map: MapModel) {
		const shining = map.standing
			.filter((object) => object.glow)
			.map((object): Light => {
				const { w, h } = object.sprite;
				const radius = Math.max(w, h) * 0.9;
				return { x: object.x + w / 2, y: object.y + h / 3, color: object.glow ?? "#ffffff", radius, kind: "glow" };
			});
		this.#lights = [...map.lights, ...shining];
	}

	draw(
		p: Pen,
		ambient: Ambient,
		range: ChunkRange,
		originX: number,
		originY: number,
		scale: number,
		view: { width: number; height: number },
	): void {
		const { tint } = ambient;
		if (tint[0] + tint[1] + tint[2] < 765) {
			p.globalCompositeOperation = "multiply";
			p.fillStyle = toHex(tint);
			p.fillRect(0, 0, view.width, view.height);
		}
		p.globalCompositeOperation = "lighter";
		p.globalAlpha = ambient.glow;
		p.imageSmoothingEnabled = true;
		for (let cy = range.y0; cy <= range.y1; cy++) {
			for (let cx = range.x0; cx <= range.x1; cx++) {
				const glow = this.#chunk(cx, cy);
				const size = CHUNK_PX * scale;
				if (glow) p.drawImage(glow, cx * size - originX, cy * size - originY, size, size);
			}
		}
		p.imageSmoothingEnabled = false;
		p.globalAlpha = 1;
		p.globalCompositeOperation = "source-over";
	}

	#chunk(cx: number, cy: number): Surface | null {
		const id = `${cx},${cy}`;
		if (this.#dark.has(id)) return null;
		const known = this.#kept.get(id);
		if (known) return known;
		const left = cx * CHUNK_PX;
		const top = cy * CHUNK_PX;
		const near = this.#lights.filter(
			({ x, y, radius: r }) => x + r > left && y + r > top && x - r < left + CHUNK_PX && y - r < top + CHUNK_PX,
		);
		if (near.length === 0) {
			this.#dark.add(id);
			return null;
		}
		const canvas = surface(SIZE, SIZE);
		const p = pen(canvas);
		p.globalCompositeOperation = "lighter";
		for (const light of near) spot(p, light, left, top);
		this.#kept.set(id, canvas);
		return canvas;
	}
}

function spot(p: Pen, light: Light, left: number, top: number): void {
	const x = (light.x - left) / SHRINK;
	const y = (light.y - top) / SHRINK;
	const r = light.radius / SHRINK;
	const strength = STRENGTH[light.kind] ?? 0.7;
	const gradient = p.createRadialGradient(x, y, 0, x, y, r);
	const alpha = (share: number) =>
		`${light.color}${Math.round(255 * strength * share)
			.toString(16)
			.padStart(2, "0")}`;
	gradient.addColorStop(0, alpha(0.62));
	gradient.addColorStop(0.35, alpha(0.28));
	gradient.addColorStop(0.7, alpha(0.08));
	gradient.addColorStop(1, alpha(0));
	p.fillStyle = gradient;
	p.fillRect(x - r, y - r, r * 2, r * 2);
}
