// Name tags: text at the screen's own resolution, painted once a person and kept.
// Quiet from afar (small, no plate), clear when near, pointed at, or oneself. Status is a shape as well as a colour.

import { type Pen, pen, Recent, type Surface, surface } from "./canvas";

/** Muted, or in a conversation that nobody can join. */
export type TagMark = "none" | "muted" | "locked";
export type TagStatus = "available" | "busy" | "dnd" | "away";

export interface TagStyle {
	name: string;
	status: TagStatus;
	self: boolean;
	near: boolean;
	connected: boolean;
	mark: TagMark;
}

const COLORS: Record<TagStatus, string> = { available: "#7fd08a", busy: "#f7b955", dnd: "#f08aae", away: "#c3b8da" };
const INK = "#2d2440";
const MAX_CHARS = 22;

const shorten = (name: string): string => {
	const letters = [...name];
	return letters.length > MAX_CHARS ? `${letters.slice(0, MAX_CHARS - 1).join("")}…` : name;
};

/** The four shapes: full circle, square, circle with a bar, crescent. */
export function statusShape(p: Pen, status: TagStatus, x: number, y: number, r: number): void {
	p.fillStyle = COLORS[status];
	p.beginPath();
	switch (status) {
		case "available":
			p.arc(x, y, r, 0, Math.PI * 2);
			p.fill();
			break;
		case "busy":
			p.roundRect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8, r * 0.35);
			p.fill();
			break;
		case "dnd":
			p.arc(x, y, r * 1.08, 0, Math.PI * 2);
			p.fill();
			p.fillStyle = INK;
			p.fillRect(x - r * 0.62, y - r * 0.22, r * 1.24, r * 0.44);
			break;
		case "away":
			p.arc(x, y, r, Math.PI * 0.35, Math.PI * 1.65);
			p.bezierCurveTo(x - r * 0.35, y - r * 0.55, x - r * 0.35, y + r * 0.55, x + r * 0.45, y + r * 0.89);
			p.fill();
			break;
	}
}

const MARK_PX = 9;
/** How often a name moves up by its height before it gives way: higher, and it would seem somebody else's. */
const LIFTS_MAX = 1;
const LIFTS_MAX_SURE = 2;

/** A crossed microphone or a padlock, nine pixels wide. */
function drawMark(p: Pen, mark: TagMark, x: number, middle: number, dpr: number): void {
	p.save();
	p.translate(x, middle - 5.5 * dpr);
	p.scale(dpr, dpr);
	p.strokeStyle = "#fdf4dc";
	p.fillStyle = "#fdf4dc";
	p.lineWidth = 1.4;
	p.lineCap = "round";
	p.beginPath();
	if (mark === "locked") {
		p.roundRect(0.7, 5, 7.6, 5.4, 1.2);
		p.fill();
		p.beginPath();
		p.arc(4.5, 4.8, 2.5, Math.PI, 0);
	} else {
		p.roundRect(3, 0.8, 3, 5.6, 1.5);
		p.moveTo(1.2, 5);
		p.arc(4.5, 5, 3.3, Math.PI, 0, true);
		p.moveTo(4.5, 8.4);
		p.lineTo(4.5, 10.2);
		p.stroke();
		p.strokeStyle = "#ff9b8f";
		p.beginPath();
		p.moveTo(0.6, 0.9);
		p.lineTo(8.4, 10);
	}
	p.stroke();
	p.restore();
}

export class Tags {
	readonly #kept = new Recent<string, Surface>(900);
	readonly #measure = pen(surface(1, 1));

	get(style: TagStyle, dpr: number, contrast: boolean): Surface {
		const id = `${style.status}${style.self ? 1 : 0}${style.near ? 1 : 0}${style.connected ? 1 : 0}${style.mark[0]}${contrast ? 1 : 0}${dpr}|${style.name}`;
		const known = this.#kept.get(id);
		if (known) return known;
		const painted = this.#paint(style, dpr, contrast);
		this.#kept.set(id, painted);
		return painted;
	}

	#paint(style: TagStyle, dpr: number, contrast: boolean): Surface {
		const plate = style.near || style.self || contrast;
		const size = (plate ? 12 : 11) * dpr;
		const font = `600 ${size}px "Inter Variable", Inter, system-ui, sans-serif`;
		this.#measure.font = font;
		const text = shorten(style.name);
		const textWidth = Math.ceil(this.#measure.measureText(text).width);
		const dot = 3.5 * dpr;
		const gap = 5 * dpr;
		const pad = (plate ? 7 : 3) * dpr;
		const height = Math.round((plate ? 20 : 17) * dpr);
		const marked = style.mark === "none" ? 0 : MARK_PX * dpr + gap;
		const canvas = surface(Math.ceil(textWidth + dot * 2 + gap + marked + pad * 2), height);
		const p = pen(canvas);
		if (!style.connected) p.globalAlpha = 0.7;
		const middle = height / 2;
		if (plate) {
			p.fillStyle = contrast ? "#000000" : "rgb(45 36 64 / 82%)";
			p.beginPath();
			p.roundRect(0, 0, canvas.width, height, height / 2);
			p.fill();
		}
		p.font = font;
		p.textBaseline = "middle";
		const textX = pad + dot * 2 + gap;
		if (!plate) {
			p.lineJoin = "round";
			p.lineWidth = 3 * dpr;
			p.strokeStyle = "rgb(45 36 64 / 62%)";
			p.strokeText(text, textX, middle + 0.5 * dpr);
			p.fillStyle = "rgb(45 36 64 / 62%)";
			p.beginPath();
			p.arc(pad + dot, middle, dot + 1.5 * dpr, 0, Math.PI * 2);
			p.fill();
		}
		statusShape(p, style.status, pad + dot, middle, dot);
		p.fillStyle = style.self ? "#fad463" : "#fdf4dc";
		p.fillText(text, textX, middle + 0.5 * dpr);
		if (style.mark !== "none") drawMark(p, style.mark, textX + textWidth + gap, middle, dpr);
		return canvas;
	}

	clear(): void {
		this.#kept.clear();
	}
}

export interface Label {
	who: { name: string; status: TagStatus; self: boolean; connected: boolean; mark: TagMark };
	/** The middle of its lower edge, in device pixels. */
	x: number;
	y: number;
	clear: boolean;
	/** The lower, the more it matters that this one can be read; below 0 for who is asked for, or says something. */
	rank: number;
	/** Stands whatever it covers: one's own, whom one looks for, and whoever speaks. */
	sure: boolean;
	/** Its upper edge, once it is drawn. */
	top: number;
}

export interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

export const overlaps = (a: Box, b: Box): boolean =>
	a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const hits = (box: Box, others: readonly Box[]): boolean => others.some((other) => overlaps(box, other));

/**
 * Where a name goes of which `first` is the place it would like best: free of other names and of `faces`, up to `lifts` times
 * higher. Null when there is no such place; one that stands for sure rather covers a face, and at worst another name.
 */
export function placeTag(
	{ first, lift, lifts, sure }: { first: Box; lift: number; lifts: number; sure: boolean },
	taken: readonly Box[],
	faces: readonly Box[],
): Box | null {
	let unnamed: Box | null = null;
	for (let step = 0; step <= lifts; step++) {
		const box = { ...first, top: first.top - step * lift, bottom: first.bottom - step * lift };
		if (hits(box, taken)) continue;
		if (!hits(box, faces)) return box;
		unnamed ??= box;
	}
	return sure ? (unnamed ?? first) : null;
}

/**
 * In a crowd names would cover each other, and faces: the nearest win, and the others keep their status as a dot. Gives back
 * what names cover that nothing may be laid over: of those who matter now, whose `rank` is below 0.
 */
export function drawLabels(
	p: Pen,
	labels: Label[],
	faces: readonly Box[],
	tags: Tags,
	look: { dpr: number; contrast: boolean },
): Box[] {
	labels.sort((a, b) => a.rank - b.rank);
	const taken: Box[] = [];
	const kept: Box[] = [];
	const shapes: Label[] = [];
	for (const label of labels) {
		const { name, status, self, connected } = label.who;
		// From afar a name is enough.
		const mark = label.clear ? label.who.mark : "none";
		const tag = tags.get({ name, status, self, near: label.clear, connected, mark }, look.dpr, look.contrast);
		const left = Math.round(label.x - tag.width / 2);
		const bottom = Math.round(label.y);
		const first = { left, top: bottom - tag.height, right: left + tag.width, bottom };
		// Those near may move up a little to stay readable; those far give way at once.
		const lifts = label.sure ? LIFTS_MAX_SURE : label.clear ? LIFTS_MAX : 0;
		const box = placeTag({ first, lift: tag.height + look.dpr, lifts, sure: label.sure }, taken, faces);
		if (!box) {
			shapes.push(label);
			continue;
		}
		taken.push(box);
		if (label.rank < 0) kept.push(box);
		label.top = box.top;
		p.drawImage(tag, box.left, box.top);
	}
	for (const { who, x, y } of shapes) {
		const r = 3.5 * look.dpr;
		const dot = { left: x - 2 * r, top: y - 3 * r, right: x + 2 * r, bottom: y };
		if (hits(dot, taken)) continue;
		p.fillStyle = "rgb(45 36 64 / 62%)";
		p.beginPath();
		p.arc(x, y - 1.5 * r, r * 1.5, 0, Math.PI * 2);
		p.fill();
		statusShape(p, who.status, x, y - 1.5 * r, r);
	}
	return kept;
}
