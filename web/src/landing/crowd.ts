// A handful of people for the picture on the landing page: some sit, some stroll between the areas.
// Only scenery; in a space people are moved by the space client.

import { randomLook, seeded } from "../avatar/look";
import { type Actor, actor } from "../render/actors";
import type { Point } from "../render/camera";
import { type MapModel, TILE } from "../render/map";

const WALK_PX_S = 64;
const STROLLERS = 11;
const EMPTY_SEATS = 0.45;
/** Where strollers roam: about what a window shows. */
const ROAM_TILES = { x: 26, y: 15 };
const NEIGHBOURS = [
	[1, 0, 3],
	[-1, 0, 2],
	[0, 1, 0],
	[0, -1, 1],
] as const;

interface Stroller {
	who: Actor;
	way: number[];
	rest_ms: number;
}

export class Crowd {
	readonly actors: Actor[] = [];
	readonly #strollers: Stroller[] = [];
	readonly #random = seeded(20);

	constructor(
		readonly map: MapModel,
		readonly around: Point,
	) {
		for (const seat of map.seats) {
			if (this.#random() < EMPTY_SEATS) continue;
			const who = this.#person();
			Object.assign(who, {
				x: seat.x,
				y: seat.y + 8,
				foot: seat.y + 8,
				facing: seat.facing,
				pose: 3,
				seatY: seat.seatY,
			});
		}
		for (let i = 0; i < STROLLERS; i++) {
			const at = this.#freeTile();
			const who = this.#person();
			this.#stand(who, at);
			this.#strollers.push({ who, way: [], rest_ms: this.#random() * 2500 });
		}
	}

	step(dt_ms: number): void {
		for (const stroller of this.#strollers) this.#stroll(stroller, dt_ms);
	}

	#person(): Actor {
		const who = actor(this.actors.length + 1, "", randomLook(this.#random));
		this.actors.push(who);
		return who;
	}

	#stroll(stroller: Stroller, dt_ms: number): void {
		const { who, way } = stroller;
		const next = way[0];
		if (next === undefined) {
			who.pose = 0;
			stroller.rest_ms -= dt_ms;
			if (stroller.rest_ms > 0) return;
			stroller.rest_ms = 1500 + this.#random() * 6000;
			stroller.way = this.#way(this.#tileOf(who), this.#freeTile());
			return;
		}
		const { columns } = this.map;
		const dx = ((next % columns) + 0.5) * TILE - who.x;
		const dy = (Math.floor(next / columns) + 0.6) * TILE - who.y;
		const left = Math.hypot(dx, dy);
		const by = Math.min(left, (WALK_PX_S * dt_ms) / 1000);
		if (left < 0.5) {
			way.shift();
			return;
		}
		who.pose = 1;
		who.facing = Math.abs(dx) > Math.abs(dy) ? (dx > 0 ? 3 : 2) : dy > 0 ? 0 : 1;
		who.x += (dx / left) * by;
		who.y += (dy / left) * by;
		who.foot = who.y;
		who.distance += by;
	}

	#stand(who: Actor, tile: number): void {
		who.x = ((tile % this.map.columns) + 0.5) * TILE;
		who.y = (Math.floor(tile / this.map.columns) + 0.6) * TILE;
		who.foot = who.y;
	}

	#tileOf = (who: Actor): number => Math.floor(who.y / TILE) * this.map.columns + Math.floor(who.x / TILE);

	#freeTile(): number {
		for (let tries = 0; tries < 400; tries++) {
			const x = Math.round(this.around.x / TILE + (this.#random() - 0.5) * ROAM_TILES.x);
			const y = Math.round(this.around.y / TILE + (this.#random() - 0.5) * ROAM_TILES.y);
			if (x < 0 || y < 0 || x >= this.map.columns || y >= this.map.rows) continue;
			const tile = y * this.map.columns + x;
			if (this.map.solid[tile] === 0) return tile;
		}
		return 0;
	}

	/** Breadth first over free tiles. */
	#way(from: number, to: number): number[] {
		const { solid, columns } = this.map;
		const came = new Int32Array(solid.length).fill(-1);
		came[from] = from;
		const open = [from];
		for (let tile = open[0], i = 0; tile !== undefined && tile !== to; tile = open[++i]) {
			for (const [dx, dy] of NEIGHBOURS) {
				const next = tile + dx + dy * columns;
				if (solid[next] !== 0 || came[next] !== -1) continue;
				came[next] = tile;
				open.push(next);
			}
		}
		const way: number[] = [];
		for (let tile = to; came[tile] !== undefined && came[tile] !== -1 && tile !== from; tile = came[tile] as number)
			way.unshift(tile);
		return way;
	}
}
