// One picture of a place: floor, people and things in order of their feet, roofs, light, names.
// It draws what it is given at the time it is given; when to draw is decided by render/loop.ts and view/.

import { type Actor, sunk_px } from "./actors";
import { type Body, bodyOf, gestureOf, type Shown, UPRIGHT } from "./acts";
import { beat, walkFrame } from "./animate";
import type { Art } from "./art";
import { origin, type Point, type Size } from "./camera";
import type { Pen, Surface } from "./canvas";
import { CHUNK_PX, type ChunkRange, Chunks, chunksInView } from "./chunks";
import { type Pose, Wardrobe } from "./compose";
import { FloorNames } from "./floornames";
import { Flow } from "./flow";
import { type Ambient, GOLDEN, Lights } from "./lights";
import { type MapModel, type MapObject, stepAt, TILE } from "./map";
import { Dust, drawGoal, drawRing, drawTrail, type Trail } from "./marks";
import { drawSpark } from "./sparks";
import { FADE_MS, Speeches } from "./speech";
import { type Box, drawLabels, type Label, Tags } from "./tags";
import { drawBubble, drawEarshot, drawVoice } from "./talk";

/** Composing avatars may take this much of one frame; the rest of a crowd follows in the next. */
const COMPOSE_MS_A_FRAME = 5;
/** Names are clear within this distance of oneself. */
const NEAR_PX = 5 * TILE;
const HEAD_PX = 49;
/** Below the top of the head. What stands a tile behind is covered up to the chin by a name. */
const FACE_PX = { top: 8, bottom: 22 };

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
	/** What the people in the last picture do: drawn anew at once, or in so many milliseconds. */
	readonly acts: { again: boolean; due_ms: number } = { again: false, due_ms: Number.POSITIVE_INFINITY };
	/** Somebody in view makes a gesture whose pictures have not come. */
	onGesture: (() => void) | null = null;

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
		this.acts.again = false;
		this.acts.due_ms = Number.POSITIVE_INFINITY;
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
		this.#sparks(p, shot, o);
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
			drawVoice(
				p,
				Math.round(who.x * scale) - o.x + 12 * scale,
				Math.round((who.y - 40 + sunk_px(who)) * scale) - o.y,
				scale,
				shot,
			);
		}
	}

	#sparks(p: Pen, shot: Shot, o: Point): void {
		const { scale, lively, now_ms, view } = shot;
		for (const who of shot.actors) {
			const { act } = who;
			if (!act) continue;
			const x = Math.round(who.x * scale) - o.x;
			const y = Math.round((who.y - HEAD_PX + sunk_px(who)) * scale) - o.y;
			if (x < -60 * scale || y < -60 * scale || x > view.width + 60 * scale || y > view.height + 120 * scale) continue;
			const spark = { act, x, y, scale, seed: who.id + act.from_ms, lively, aside: who.pose !== 0 };
			if (drawSpark(p, spark, now_ms)) this.acts.again = true;
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
		const { scale, lively, now_ms } = shot;
		const { animations } = this.wardrobe.sheet.info;
		const strip = this.wardrobe.strip(who.look, who.facing, who.lookKey);
		const x = Math.round(who.x * scale) - o.x;
		const y = Math.round((who.y + (who.pose === 3 ? who.seatY : 0)) * scale) - o.y;
		const walks = who.pose === 1 || who.pose === 2;
		const steps = walks ? walkFrame(who.distance, animations.walk.frames) : 0;
		const shown = this.#gesture(who, steps, shot);
		const body = shown?.body ?? (who.act ? bodyOf(who, now_ms, lively) : UPRIGHT);
		if (who.act?.kind === "jump" && lively && who.pose === 0) this.acts.again = true;
		if (who.pose !== 3) shadow(p, x, y, scale, body.up_px);
		if (!strip) {
			this.unfinished = true;
			return;
		}
		if (walks && who.pose === 2 && lively) this.dust.step(who.id, who.x, who.y, who.distance, now_ms);
		const gesturing = shown && this.wardrobe.gestureStrip(who.look, who.facing, who.lookKey);
		if (shown && gesturing) {
			this.#body(p, who, gesturing, this.wardrobe.gestureX(shown.gesture, shown.frame), x, y, scale, body);
			return;
		}
		// Composing it has to wait for the next picture; until then one stands as ever.
		if (shown) this.unfinished = true;
		// Who sits down where no seat is sits on the ground.
		const pose: Pose = walks ? "walk" : who.pose === 3 || who.stays === "sit" ? "sit" : "idle";
		const index = walks ? steps : lively ? beat(animations[pose], now_ms, who.beatOffset).frame : 0;
		this.#body(p, who, strip, this.wardrobe.frameX(pose, index), x, y, scale, body);
	}

	/** What somebody's arms do instead of hanging and swinging, and when it looks different. */
	#gesture(who: Actor, steps: number, { now_ms, lively }: Shot): Shown | null {
		const dances = who.stays === "dance" && who.pose === 0;
		if (!who.act && !dances && !who.hand) return null;
		const info = this.wardrobe.gestures;
		if (!info) {
			this.onGesture?.();
			return null;
		}
		const pose = who.stays === "sit" && who.pose === 0 ? 3 : who.pose;
		const doing = { act: who.act, dances, hand: who.hand, pose, walkFrame: steps };
		const shown = gestureOf(info, doing, now_ms, lively);
		if (shown?.next_ms != null) this.acts.due_ms = Math.min(this.acts.due_ms, shown.next_ms);
		return shown;
	}

	#body(p: Pen, who: Actor, strip: Surface, from: number, x: number, y: number, scale: number, body: Body): void {
		const { frame } = this.wardrobe.sheet.info;
		if (!who.connected) p.globalAlpha = 0.5;
		// The feet stay where they are, whatever becomes of the rest.
		const width = Math.round(frame.w * body.wide) * scale;
		const left = x - Math.round(frame.footX * body.wide) * scale;
		const top = y - Math.round(frame.footY * body.high + body.up_px) * scale;
		const height = Math.round(frame.h * body.high) * scale;
		p.drawImage(strip, from, 0, frame.w, frame.h, left, top, width, height);
		if (!who.connected) p.globalAlpha = 1;
	}

	#names(p: Pen, shot: Shot, o: Point): void {
		const { scale, near } = shot;
		const labels = this.#labels;
		const faces: Box[] = [];
		labels.length = 0;
		for (const who of shot.actors) {
			const x = who.x * scale - o.x;
			const y = (who.y - HEAD_PX + sunk_px(who)) * scale - o.y;
			if (x < -200 || y < -40 || x > shot.view.width + 200 || y > shot.view.height + 80) continue;
			const asked = who.self || who.id === shot.hovered || who.id === shot.ring?.id;
			const away =
				near === null ? Number.POSITIVE_INFINITY : Math.max(Math.abs(who.x - near.x), Math.abs(who.y - near.y));
			labels.push({
				who,
				x,
				y,
				clear: asked || who.speaking || away < NEAR_PX,
				rank: asked ? -2 : who.speaking || who.says ? -1 : away,
				sure: asked || who.speaking,
				top: y,
			});
			faces.push(faceBelow(x, y, scale, who.speaking));
		}
		this.#speeches(p, shot, drawLabels(p, labels, faces, this.tags, shot));
	}

	/** What is said stands above its own name and over those of others, the newest first served: it is what people look for. */
	#speeches(p: Pen, shot: Shot, taken: Box[]): void {
		const { now_ms, lively } = shot;
		const saying = this.#labels.filter(({ who }) => who.says !== null);
		saying.sort((a, b) => (b.who.says?.from_ms ?? 0) - (a.who.says?.from_ms ?? 0));
		for (const { who, x, top } of saying) {
			if (!who.says) continue;
			const shown = lively ? Math.min(1, Math.max(0, now_ms - who.says.from_ms) / FADE_MS) : 1;
			this.speeches.draw(p, who.says, { x, y: top }, taken, { ...shot, shown });
		}
	}
}

/** What a name above `y` must leave free of a head: the face, and the voice's sign beside it. */
const faceBelow = (x: number, y: number, s: number, speaking: boolean): Box => ({
	left: x - 8 * s,
	top: y + FACE_PX.top * s,
	right: x + (speaking ? 24 : 8) * s,
	bottom: y + FACE_PX.bottom * s,
});

/** A contact shadow in three rows of whole pixels, as under the furniture; smaller under who is in the air. */
function shadow(p: Pen, x: number, y: number, s: number, up_px: number): void {
	p.fillStyle = "rgb(45 36 64 / 26%)";
	if (up_px > 4) {
		p.fillRect(x - 6 * s, y - 2 * s, 12 * s, s);
		p.fillRect(x - 7 * s, y - s, 14 * s, s);
		p.fillRect(x - 6 * s, y, 12 * s, s);
		return;
	}
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
