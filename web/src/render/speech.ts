// Speech bubbles: what somebody just said or thought, above their name for a few seconds. Each is painted once and kept, like a name tag.

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
	/** A cloud with small circles instead of a plate with a tail. */
	thought: boolean;
	/** The message's, by which it is taken back; 0 for one that is not kept. */
	id: number;
	from_ms: number;
	until_ms: number;
}

const LINES_MAX = 3;
const WIDTH_MAX = 190;
const LINE = 16;
const PAD = 9;
const TAIL = 6;
/** How far a cloud's edge swells over the plate. */
const PUFF = 5;
/** Room for the soft edge around the plate. */
const EDGE = 3;
/** Between the tail and the name. */
const GAP = 3;
/** How often one makes way for others before it is left out: in a crowd where all write, the newest can be read. */
const STEPS_MAX = 6;
/** Letters beyond these are not even measured: they cannot be on three lines. */
const LETTERS_MAX = 160;
export const FADE_MS = 140;

/** Long enough to be read by who reads slowly; not so long that the map fills with words. */
export const speechFor = (text: string, now_ms: number, { thought = false, id = 0 } = {}): Speech => ({
	text,
	thought,
	id,
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

	get(text: string, thought: boolean, dpr: number, contrast: boolean): Surface {
		const id = `${dpr}${contrast ? 1 : 0}${thought ? 1 : 0}|${text}`;
		const known = this.#kept.get(id);
		if (known) return known;
		const painted = this.#paint(text, thought, dpr, contrast);
		this.#kept.set(id, painted);
		return painted;
	}

	#paint(text: string, thought: boolean, dpr: number, contrast: boolean): Surface {
		const font = `500 ${13 * dpr}px "Inter Variable", Inter, system-ui, sans-serif`;
		this.#measure.font = thought ? `italic ${font}` : font;
		const widthOf = (line: string) => this.#measure.measureText(line).width;
		const lines = wrap(text, WIDTH_MAX * dpr, widthOf);
		const inner = Math.max(18 * dpr, ...lines.map(widthOf));
		const width = Math.ceil(inner + 2 * PAD * dpr);
		const height = Math.round((lines.length * LINE + PAD + 3) * dpr);
		const puff = thought ? PUFF * dpr : 0;
		const canvas = surface(
			width + 2 * (EDGE * dpr + puff),
			height + (TAIL + 2 * EDGE) * dpr + 2 * puff + (thought ? 4 * dpr : 0),
		);
		const p = pen(canvas);
		p.translate(EDGE * dpr + puff, EDGE * dpr + puff);
		p.fillStyle = contrast ? "#ffffff" : "#fffaf0";
		p.strokeStyle = contrast ? "#000000" : "rgb(45 36 64 / 34%)";
		p.lineWidth = (contrast ? 2 : 1.5) * dpr;
		p.lineJoin = "round";
		if (thought) {
			cloud(p, width, height, dpr);
		} else {
			outline(p, width, height, dpr);
			p.stroke();
			p.fill();
		}
		p.font = thought ? `italic ${font}` : font;
		p.textAlign = "center";
		p.textBaseline = "middle";
		p.fillStyle = contrast ? "#000000" : "#2d2440";
		lines.forEach((line, i) => {
			p.fillText(line, width / 2, ((PAD + 3) / 2 + LINE * (i + 0.5)) * dpr);
		});
		return canvas;
	}

	/** The tail points at `at`, in device pixels; what is `taken` already is not covered, where a little higher is room. */
	draw(p: Pen, said: Pick<Speech, "text" | "thought">, at: Point, taken: Box[], look: Look): void {
		const bubble = this.get(said.text, said.thought, look.dpr, look.contrast);
		const left = Math.round(at.x - bubble.width / 2);
		const box = { left, top: 0, right: left + bubble.width, bottom: Math.round(at.y + (EDGE - GAP) * look.dpr) };
		box.top = box.bottom - bubble.height;
		for (let step = 0; ; step++) {
			const other = taken.find((each) => overlaps(box, each));
			if (!other) break;
			if (step === STEPS_MAX) return;
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

/** A plate with round swellings all along its edge, and two small circles below it. */
function cloud(p: Pen, width: number, height: number, dpr: number): void {
	const swell = 9 * dpr;
	const circles: [x: number, y: number, r: number][] = [];
	const along = (from: number, to: number, put: (at: number, i: number) => void) => {
		const steps = Math.max(1, Math.round((to - from) / (14 * dpr)));
		for (let i = 0; i <= steps; i++) put(from + ((to - from) * i) / steps, i);
	};
	along(swell * 0.6, width - swell * 0.6, (x, i) => {
		const r = swell * (i % 2 === 0 ? 0.92 : 1.06);
		circles.push([x, swell * 0.62, r], [x, height - swell * 0.62, r]);
	});
	along(swell, height - swell, (y) =>
		circles.push([swell * 0.5, y, swell * 0.95], [width - swell * 0.5, y, swell * 0.95]),
	);
	const middle = width / 2;
	const below: typeof circles = [
		[middle, height + 8 * dpr, 3.2 * dpr],
		[middle + 1.5 * dpr, height + 13.4 * dpr, 2 * dpr],
	];
	// First every edge, then every fill: what lies inside is covered.
	for (const [x, y, r] of [...circles, ...below]) {
		p.beginPath();
		p.arc(x, y, r, 0, Math.PI * 2);
		p.globalCompositeOperation = "source-over";
		p.stroke();
	}
	// A soft edge drawn many times grows hard where circles cross: the inside is wiped before it is filled.
	for (const wipe of [true, false]) {
		p.globalCompositeOperation = wipe ? "destination-out" : "source-over";
		for (const [x, y, r] of [...circles, ...below]) {
			p.beginPath();
			p.arc(x, y, r, 0, Math.PI * 2);
			p.fill();
		}
		p.fillRect(swell * 0.5, swell * 0.5, width - swell, height - swell);
	}
	p.globalCompositeOperation = "source-over";
}
