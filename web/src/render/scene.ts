// One picture of a place: floor, people and things in order of their feet, roofs, light, names.
// It draws what it is given at the time it is given; when to draw is decided by render/loop.ts and view/.

import type { Actor } from "./actors";
import { beat, walkFrame } from "./animate";
import type { Art } from "./art";
import { origin, type Point, type Size } from "./camera";
import type { Pen } from "./canvas";
import { CHUNK_PX, type ChunkRange, Chunks, chunksInView } from "./chunks";
import { type Pose, Wardrobe } from "./compose";
import { FloorNames } from "./floornames";
import { Flow } from "./flow";
import { type Ambient, GOLDEN, Lights } from "./lights";
import { type MapModel, type MapObject, stepAt, TILE } from "./map";
import { Dust, drawGoal, drawRing, drawTrail, type Trail } from "./marks";
import { FADE_MS, Speeches } from "./speech";
import { type Box, drawLabels, type Label, Tags } from "./tags";
import { drawBubble, drawEarshot, drawVoice } from "./talk";

/** Composing avatars may take this much of one frame; the rest of a crowd follows in the next. */
const COMPOSE_MS_A_FRAME = 5;
/** Names are clear within this distance of oneself. */
const NEAR_PX = 5 * TILE;
const HEAD_PX = 49;

export interface Shot {
	now_ms: number;
	view: Size;
	center: Point;
	scale: number;
	dpr: number;
	actors: Actor[];
	/** Blinking, swaying, flowing; false with reduced motion. */
	lively: boolean;
	names: boolean;
	contrast: boolean;
	ambient: Ambient;
	near: Point | null;
	hovered: number | null;
	trail: Trail | null;
	ring: { id: number; phase: number } | null;
	/** How far oneself is heard, in map pixels; shown while somebody is. */
	earshot_px: number | null;
	/** At most one new chunk a frame: what is not ready yet is left out, and `unfinished` says so. */
	patient: boolean;
}

type Thing = { foot: number; actor: Actor | null; object: MapObject | null };

export class Scene {
	readonly chunks: Chunks;
	readonly wardrobe: Wardrobe;
	readonly tags = new Tags();
	readonly speeches = new Speeches();
	readonly dust = new Dust();
	readonly #lights: Lights;
	readonly #flow: Flow;
	readonly floorNames: FloorNames;
	readonly #things: Thing[] = [];
	readonly #objectThings: Thing[];
	readonly #actorThings: Thing[] = [];
	readonly #labels: (Label & { who: Actor })[] = [];
	/** True when the last picture left someone out for want of time: draw again soon. */
	unfinished = false;

	constructor(
		readonly map: MapModel,
		readonly art: Art,
		wardrobe?: Wardrobe,
	) {
		this.chunks = new Chunks(map, art.tiles, art.objects);
		this.wardrobe = wardrobe ?? new Wardrobe(art.sheet);
		this.#lights = new Lights(map);
		this.#flow = new Flow(map, this.chunks);
		this.floorNames = new FloorNames(map);
		this.#objectThings = map.standing.map((object) => ({ foot: object.foot, actor: null, object }));
	}

	draw(p: Pen, shot: Shot): void {
		const { view, scale } = shot;
		const o = origin(shot.center, view, scale);
		const range = chunksInView(
			o.x / scale,
			o.y / scale,
			view.width / scale,
			view.height / scale,
			this.map.columns,
			this.map.rows,
		);
		p.imageSmoothingEnabled = false;
		this.wardrobe.beginFrame(COMPOSE_MS_A_FRAME);
		this.chunks.beginFrame(shot.patient ? 1 : Number.POSITIVE_INFINITY);
		this.unfinished = false;
		if (
			o.x < 0 ||
			o.y < 0 ||
			o.x + view.width > this.map.width * scale ||
			o.y + view.height > this.map.height * scale
		) {
			p.fillStyle = "#1b1626";
			p.fillRect(0, 0, view.width, view.height);
		}
		this.#layer(p, "below", range, o, scale);
		if (shot.lively && this.#flow.draw(p, shot.now_ms, o, view, scale)) {
			for (const object of this.#flow.afloat) this.#object(p, object, shot, o);
		}
		if (shot.names) this.floorNames.draw(p, o.x, o.y, scale, shot.dpr, view);
		if (shot.trail) drawTrail(p, shot.trail, o.x, o.y, scale);
		if (shot.ring) this.#ring(p, shot, o);
		this.#talk(p, shot, o);
		this.#sorted(p, shot, o);
		if (shot.trail) drawGoal(p, shot.trail, o.x, o.y, scale);
		if (shot.lively) this.dust.draw(p, o.x, o.y, scale, shot.now_ms);
		this.#layer(p, "above", range, o, scale);
		this.unfinished ||= this.chunks.missing;
		this.#lights.draw(p, shot.ambient, range, o.x, o.y, scale, view);
		this.#voices(p, shot, o);
		if (shot.names) this.#names(p, shot, o);
	}

	#layer(p: Pen, layer: "below" | "above", range: ChunkRange, o: Point, scale: number): void {
		const size = CHUNK_PX * scale;
		for (let cy = range.y0; cy <= range.y1; cy++) {
			for (let cx = range.x0; cx <= range.x1; cx++) {
				const chunk = this.chunks.get(layer, cx, cy);
				if (chunk) p.drawImage(chunk, cx * size - o.x, cy * size - o.y, size, size);
			}
		}
	}

	#ring(p: Pen, shot: Shot, o: Point): void {
		const who = shot.actors.find((actor) => actor.id === shot.ring?.id);
		if (who && shot.ring) drawRing(p, who.x * shot.scale - o.x, who.y * shot.scale - o.y, shot.scale, shot.ring.phase);
	}

	#talk(p: Pen, shot: Shot, o: Point): void {
		const { scale, near, earshot_px, contrast } = shot;
		if (near && earshot_px !== null)
			drawEarshot(p, near.x * scale - o.x, near.y * scale - o.y, earshot_px, scale, contrast);
		for (const who of shot.actors) {
			if (!who.heard) continue;
			drawBubble(p, Math.round(who.x * scale) - o.x, Math.round(who.y * scale) - o.y, scale, who.speaking, shot);
		}
	}

	#voices(p: Pen, shot: Shot, o: Point): void {
		const { scale } = shot;
		for (const who of shot.actors) {
			if (!who.speaking) continue;
			const seat = who.pose === 3 ? who.seatY + 6 : 0;
			drawVoice(
				p,
				Math.round(who.x * scale) - o.x + 12 * scale,
				Math.round((who.y - 40 + seat) * scale) - o.y,
				scale,
				shot,
			);
		}
	}

	#sorted(p: Pen, shot: Shot, o: Point): void {
		const { scale } = shot;
		const left = o.x / scale;
		const top = o.y / scale;
		const right = left + shot.view.width / scale;
		const bottom = top + shot.view.height / scale;
		const things = this.#things;
		things.length = 0;
		for (const thing of this.#objectThings) {
			const { x, y, sprite } = thing.object as MapObject;
			if (x < right && y < bottom && x + sprite.w > left && y + sprite.h > top) things.push(thing);
		}
		shot.actors.forEach((actor, i) => {
			if (actor.x + 24 < left || actor.x - 24 > right || actor.y + 16 < top || actor.y - 64 > bottom) return;
			let thing = this.#actorThings[i];
			if (!thing) {
				thing = { foot: 0, actor: null, object: null };
				this.#actorThings[i] = thing;
			}
			thing.actor = actor;
			thing.foot = actor.foot;
			things.push(thing);
		});
		things.sort((a, b) => a.foot - b.foot);
		for (const { actor, object } of things) {
			if (actor) this.#actor(p, actor, shot, o);
			else if (object) this.#object(p, object, shot, o);
		}
	}

	#object(p: Pen, object: MapObject, shot: Shot, o: Point): void {
		const { scale } = shot;
		let s = object.sprite;
		if (object.frames && shot.lively) s = object.frames.sprites[stepAt(object.frames.timeline, shot.now_ms)] ?? s;
		const x = object.x * scale - o.x;
		const y = object.y * scale - o.y;
		const lean =
			object.sway && shot.lively ? Math.round(Math.sin(shot.now_ms / 1100 + object.x * 0.7 + object.y * 0.3) * 0.8) : 0;
		if (lean === 0) {
			p.drawImage(this.art.objects, s.x, s.y, s.w, s.h, x, y, s.w * scale, s.h * scale);
			return;
		}
		const cut = Math.round(s.h * 0.45);
		p.drawImage(this.art.objects, s.x, s.y, s.w, cut, x + lean * scale, y, s.w * scale, cut * scale);
		p.drawImage(this.art.objects, s.x, s.y + cut, s.w, s.h - cut, x, y + cut * scale, s.w * scale, (s.h - cut) * scale);
	}

	#actor(p: Pen, who: Actor, shot: Shot, o: Point): void {
		const { scale } = shot;
		const { frame, animations } = this.wardrobe.sheet.info;
		const strip = this.wardrobe.strip(who.look, who.facing, who.lookKey);
		const x = Math.round(who.x * scale) - o.x;
		const y = Math.round((who.y + (who.pose === 3 ? who.seatY : 0)) * scale) - o.y;
		if (who.pose !== 3) shadow(p, x, y, scale);
		if (!strip) {
			this.unfinished = true;
			return;
		}
		let pose: Pose = "idle";
		let index = 0;
		if (who.pose === 1 || who.pose === 2) {
			pose = "walk";
			index = walkFrame(who.distance, animations.walk.frames);
			if (who.pose === 2 && shot.lively) this.dust.step(who.id, who.x, who.y, who.distance, shot.now_ms);
		} else {
			if (who.pose === 3) pose = "sit";
			if (shot.lively) index = beat(animations[pose], shot.now_ms, who.beatOffset).frame;
		}
		if (!who.connected) p.globalAlpha = 0.5;
		const left = x - frame.footX * scale;
		const topY = y - frame.footY * scale;
		p.drawImage(
			strip,
			this.wardrobe.frameX(pose, index),
			0,
			frame.w,
			frame.h,
			left,
			topY,
			frame.w * scale,
			frame.h * scale,
		);
		if (!who.connected) p.globalAlpha = 1;
	}

	#names(p: Pen, shot: Shot, o: Point): void {
		const { scale, near } = shot;
		const labels = this.#labels;
		labels.length = 0;
		for (const who of shot.actors) {
			const x = who.x * scale - o.x;
			const y = (who.y - HEAD_PX + (who.pose === 3 ? who.seatY + 6 : 0)) * scale - o.y;
			if (x < -200 || y < -40 || x > shot.view.width + 200 || y > shot.view.height + 80) continue;
			const asked = who.self || who.id === shot.hovered || who.id === shot.ring?.id;
			const away =
				near === null ? Number.POSITIVE_INFINITY : Math.max(Math.abs(who.x - near.x), Math.abs(who.y - near.y));
			labels.push({ who, x, y, clear: asked || away < NEAR_PX, rank: asked ? -1 : away, top: y });
		}
		const taken = drawLabels(p, labels, this.tags, shot);
		this.#speeches(p, shot, taken);
	}

	/** What is said stands above the names, the newest first served: it is what people look for. */
	#speeches(p: Pen, shot: Shot, taken: Box[]): void {
		const { now_ms, lively } = shot;
		const saying = this.#labels.filter(({ who }) => who.says !== null);
		saying.sort((a, b) => (b.who.says?.from_ms ?? 0) - (a.who.says?.from_ms ?? 0));
		for (const { who, x, top } of saying) {
			if (!who.says) continue;
			const shown = lively ? Math.min(1, Math.max(0, now_ms - who.says.from_ms) / FADE_MS) : 1;
			this.speeches.draw(p, who.says.text, { x, y: top }, taken, { ...shot, shown });
		}
	}
}

/** A contact shadow in three rows of whole pixels, as under the furniture. */
function shadow(p: Pen, x: number, y: number, s: number): void {
	p.fillStyle = "rgb(45 36 64 / 26%)";
	p.fillRect(x - 8 * s, y - 3 * s, 16 * s, s);
	p.fillRect(x - 10 * s, y - 2 * s, 20 * s, 3 * s);
	p.fillRect(x - 8 * s, y + s, 16 * s, s);
}

export const still = (center: Point, view: Size, scale: number, actors: Actor[] = []): Shot => ({
	now_ms: 0,
	view,
	center,
	scale,
	dpr: 1,
	actors,
	lively: false,
	names: false,
	contrast: false,
	ambient: GOLDEN,
	near: null,
	hovered: null,
	trail: null,
	ring: null,
	earshot_px: null,
	patient: false,
});
