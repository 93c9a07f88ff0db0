// Speech bubbles: what somebody just said, above their name for a few seconds. Each is painted once and kept, like a name tag.

import type { Point } from "./camera";
import { type Pen, pen, Recent, type Surface, surface } from "./canvas";
import { type Box, overlaps } from "./tags";

interface Look {
	dpr: number;
	contrast: boolean;
	/** 0 to 1, while it comes up. */
	shown: number;
}

/** What somebody says, and how long it stays. */
export interface Speech {
	text: string;
	from_ms: number;
	until_ms: number;
}

const LINES_MAX = 3;
const WIDTH_MAX = 190;
const LINE = 16;
const PAD = 9;
const TAIL = 6;
/** Room for the soft edge around the plate. */
const EDGE = 3;
/** Between the tail and the name. */
const GAP = 3;
/** How often one makes way for others; in a crowd where all talk, some overlap. */
const STEPS_MAX = 6;
/** Letters beyond these are not even measured: they cannot be on three lines. */
const LETTERS_MAX = 160;
export const FADE_MS = 140;

/** Long enough to be read by who reads slowly; not so long that the map fills with words. */
export const speechFor = (text: string, now_ms: number): Speech => ({
	text,
	from_ms: now_ms,
	until_ms: now_ms + Math.min(9_000, 3_500 + 45 * text.length),
});

/** Breaks a text into lines no wider than `width`, by words where there are any, with an ellipsis where it is cut. */
export function wrap(text: string, width: number, measure: (line: string) => number): string[] {
	const letters = [...text];
	const cut = letters.length > LETTERS_MAX;
	const words = (cut ? letters.slice(0, LETTERS_MAX).join("") : text).split(/\s+/).filter(Boolean);
	const lines: string[] = [];
	let line = "";
	const push = () => {
		if (line !== "") lines.push(line);
		line = "";
	};
	for (const word of words) {
		const longer = line === "" ? word : `${line} ${word}`;
		if (measure(longer) <= width) {
			line = longer;
			continue;
		}
		push();
		// A word wider than the bubble is broken between its letters.
		for (const letter of word) {
			if (line !== "" && measure(line + letter) > width) push();
			line += letter;
		}
	}
	push();
	if (lines.length <= LINES_MAX && !cut) return lines;
	const shown = lines.slice(0, LINES_MAX);
	let last = [...(shown.at(-1) ?? "")];
	while (last.length > 0 && measure(`${last.join("")}…`) > width) last = last.slice(0, -1);
	return [...shown.slice(0, -1), `${last.join("").trimEnd()}…`];
}

export class Speeches {
	readonly #kept = new Recent<string, Surface>(60);
	readonly #measure = pen(surface(1, 1));

	get(text: string, dpr: number, contrast: boolean): Surface {
		const id = `${dpr}${contrast ? 1 : 0}|${text}`;
		const known = this.#kept.get(id);
		if (known) return known;
		const painted = this.#paint(text, dpr, contrast);
		this.#kept.set(id, painted);
		return painted;
	}

	#paint(text: string, dpr: number, contrast: boolean): Surface {
		const font = `500 ${13 * dpr}px "Inter Variable", Inter, system-ui, sans-serif`;
		this.#measure.font = font;
		const widthOf = (line: string) => this.#measure.measureText(line).width;
		const lines = wrap(text, WIDTH_MAX * dpr, widthOf);
		const inner = Math.max(18 * dpr, ...lines.map(widthOf));
		const width = Math.ceil(inner + 2 * PAD * dpr);
		const height = Math.round((lines.length * LINE + PAD + 3) * dpr);
		const canvas = surface(width + 2 * EDGE * dpr, height + (TAIL + 2 * EDGE) * dpr);
		const p = pen(canvas);
		p.translate(EDGE * dpr, EDGE * dpr);
		p.fillStyle = contrast ? "#ffffff" : "#fffaf0";
		p.strokeStyle = contrast ? "#000000" : "rgb(45 36 64 / 34%)";
		p.lineWidth = (contrast ? 2 : 1.5) * dpr;
		p.lineJoin = "round";
		outline(p, width, height, dpr);
		p.stroke();
		p.fill();
		p.font = font;
		p.textAlign = "center";
		p.textBaseline = "middle";
		p.fillStyle = contrast ? "#000000" : "#2d2440";
		lines.forEach((line, i) => {
			p.fillText(line, width / 2, ((PAD + 3) / 2 + LINE * (i + 0.5)) * dpr);
		});
		return canvas;
	}

	/** The tail points at `at`, in device pixels; what is `taken` already is not covered, where a little higher is room. */
	draw(p: Pen, text: string, at: Point, taken: Box[], look: Look): void {
		const bubble = this.get(text, look.dpr, look.contrast);
		const left = Math.round(at.x - bubble.width / 2);
		const box = { left, top: 0, right: left + bubble.width, bottom: Math.round(at.y + (EDGE - GAP) * look.dpr) };
		box.top = box.bottom - bubble.height;
		for (let step = 0; step < STEPS_MAX; step++) {
			const other = taken.find((each) => overlaps(box, each));
			if (!other) break;
			box.bottom = other.top;
			box.top = box.bottom - bubble.height;
		}
		taken.push(box);
		p.globalAlpha = look.shown;
		p.drawImage(bubble, box.left, box.top + Math.round(4 * (1 - look.shown) * look.dpr));
		p.globalAlpha = 1;
	}

	clear(): void {
		this.#kept.clear();
	}
}

/** A rounded plate with a tail in the middle of its lower edge, as one line. */
function outline(p: Pen, width: number, height: number, dpr: number): void {
	const r = 10 * dpr;
	const tail = TAIL * dpr;
	const middle = width / 2;
	p.beginPath();
	p.moveTo(r, 0);
	p.arcTo(width, 0, width, height, r);
	p.arcTo(width, height, 0, height, r);
	p.lineTo(middle + tail, height);
	p.lineTo(middle, height + tail);
	p.lineTo(middle - tail, height);
	p.arcTo(0, height, 0, 0, r);
	p.arcTo(0, 0, width, 0, r);
	p.closePath();
}
