// The whole map on a small canvas: as a plan while its art is still on the way, and painted once it is here.
// The minimap, the lobby's previews and the loading screen are this picture.

import type { Art } from "./art";
import { type Pen, pen, type Surface, surface } from "./canvas";
import { CHUNK_PX } from "./chunks";
import { GOLDEN } from "./lights";
import type { MapModel } from "./map";
import { Scene, still } from "./scene";

const PAPER = "#3a2f4e";
const WALL = "#8d7b9d";
const FLOOR = "#55476d";

/** A plan: what one can walk on, what stands in the way. One pixel a tile. */
export function plan(map: MapModel): Surface {
	const canvas = surface(map.columns, map.rows);
	const p = pen(canvas);
	p.fillStyle = PAPER;
	p.fillRect(0, 0, map.columns, map.rows);
	for (let y = 0; y < map.rows; y++) {
		for (let x = 0; x < map.columns; x++) {
			const here = map.solid[y * map.columns + x] === 1;
			const beside = [-1, 1, -map.columns, map.columns].some((d) => map.solid[y * map.columns + x + d] === 0);
			if (here && !beside) continue;
			p.fillStyle = here ? WALL : FLOOR;
			p.fillRect(x, y, 1, 1);
		}
	}
	return canvas;
}

/** Paints the map at `scale` (below 1), smoothed, chunk by chunk, so that no huge canvas is ever made. Each step is one chunk. */
function* painting(map: MapModel, scale: number, scene: Scene): Generator<void, Surface> {
	const canvas = surface(Math.max(1, Math.round(map.width * scale)), Math.max(1, Math.round(map.height * scale)));
	const p = pen(canvas);
	p.imageSmoothingEnabled = true;
	p.imageSmoothingQuality = "high";
	const piece = surface(CHUNK_PX, CHUNK_PX);
	const inner = pen(piece, { alpha: false });
	const view = { width: CHUNK_PX, height: CHUNK_PX };
	for (let y = 0; y < map.height; y += CHUNK_PX) {
		for (let x = 0; x < map.width; x += CHUNK_PX) {
			scene.draw(inner, { ...still({ x: x + CHUNK_PX / 2, y: y + CHUNK_PX / 2 }, view, 1), ambient: GOLDEN });
			// Half a pixel of overlap hides the seams that smoothing leaves.
			p.drawImage(piece, x * scale, y * scale, CHUNK_PX * scale + 0.5, CHUNK_PX * scale + 0.5);
			yield;
		}
	}
	return canvas;
}

/** At once, where the wait is shown anyway. */
export function painted(map: MapModel, art: Art, scale: number, scene = new Scene(map, art)): Surface {
	const work = painting(map, scale, scene);
	for (;;) {
		const step = work.next();
		if (step.done) return step.value;
	}
}

/** In small steps, between whatever else the page has to do. */
export async function paintedGently(map: MapModel, art: Art, scale: number): Promise<Surface> {
	const work = painting(map, scale, new Scene(map, art));
	for (;;) {
		const step = work.next();
		if (step.done) return step.value;
		await new Promise((resume) => setTimeout(resume));
	}
}

export interface Dot {
	x: number;
	y: number;
	self: boolean;
	marked: boolean;
}

/** People as dots; oneself larger, and ringed, so that it does not rest on colour. */
export function drawDots(p: Pen, dots: Iterable<Dot>, scale: number, radius: number): void {
	let own: Dot | null = null;
	const spot = (dot: Dot, r: number, color: string) => {
		p.beginPath();
		p.arc(dot.x * scale, dot.y * scale, r, 0, Math.PI * 2);
		p.fillStyle = color;
		p.fill();
		p.lineWidth = Math.max(1, radius * 0.45);
		p.strokeStyle = "#2d2440";
		p.stroke();
	};
	for (const dot of dots) {
		if (dot.self) own = dot;
		else spot(dot, dot.marked ? radius * 1.5 : radius, dot.marked ? "#fad463" : "#fdf4dc");
	}
	if (own) {
		spot(own, radius * 1.5, "#eaa83c");
		p.beginPath();
		p.arc(own.x * scale, own.y * scale, radius * 2.5, 0, Math.PI * 2);
		p.strokeStyle = "#eaa83c";
		p.stroke();
	}
}
