// What flies up from people: hearts and confetti, in whole map pixels; and small signs for what a body cannot show just now
// (clapping while it walks, anything where motion is reduced). Each piece follows from its number and its age: nothing is kept.

import type { Emote } from "../space/words";
import type { Act } from "./acts";
import { type Pen, pen, type Surface, surface } from "./canvas";

const EDGE = "#2d2440";

/** Pixels as letters: `#` fill, `o` light, `x` shade, `.` nothing. The outline is drawn around. */
const SIGNS: Record<"heart" | "clap" | "wave" | "jump" | "confetti", Sign> = {
	heart: {
		rows: [".##.##.", "#oo####", "#o#####", "######x", ".####x.", "..##x..", "...x..."],
		colors: ["#e0526e", "#ff9fb0", "#b0325c"],
	},
	clap: {
		rows: ["..#.#..", ".o#o##.", ".o#o##.", "#o####.", "o#####.", ".o###x.", "..##x.."],
		colors: ["#f4c6a0", "#ffe8d2", "#c98468"],
	},
	wave: {
		rows: [".#.#.#.", ".#o#o#.", ".#o#o##", "##o####", "o#####x", ".o###x.", "..##x.."],
		colors: ["#f4c6a0", "#ffe8d2", "#c98468"],
	},
	jump: {
		rows: ["...#...", "..o##..", ".o####.", "o#####x", "..o#x..", "..o#x..", "..o#x.."],
		colors: ["#7bd88f", "#d4f2b0", "#3d7d5f"],
	},
	confetti: {
		rows: ["...#...", "..o#...", "#oo####", ".o####x", "..###x.", ".##.#x.", ".#...x."],
		colors: ["#fad463", "#fff6c8", "#d98c2d"],
	},
};
interface Sign {
	rows: readonly string[];
	colors: readonly [string, string, string];
}
export const SIGN_PX = 9;

/** A sign of nine pixels across, outline included, with its upper left corner there. */
export function drawSign(p: Pen, kind: keyof typeof SIGNS, left: number, top: number, s: number): void {
	p.drawImage(painted(kind), left, top, SIGN_PX * s, SIGN_PX * s);
}

/** Painted once, pixel by pixel. */
const signs = new Map<string, Surface>();

function painted(kind: keyof typeof SIGNS): Surface {
	const known = signs.get(kind);
	if (known) return known;
	const canvas = surface(SIGN_PX, SIGN_PX);
	paint(pen(canvas), kind);
	signs.set(kind, canvas);
	return canvas;
}

function paint(p: Pen, kind: keyof typeof SIGNS): void {
	const { rows, colors } = SIGNS[kind];
	const at = (x: number, y: number): string => rows[y]?.[x] ?? ".";
	for (let y = -1; y <= rows.length; y++) {
		for (let x = -1; x <= 7; x++) {
			const here = at(x, y);
			const beside = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)].some((each) => each !== ".");
			if (here === "." && !beside) continue;
			p.fillStyle = here === "." ? EDGE : (colors["#ox".indexOf(here)] ?? EDGE);
			p.fillRect(x + 1, y + 1, 1, 1);
		}
	}
}

/** The same numbers for the same piece, wherever it is looked at. */
const scatter = (seed: number, i: number): number => {
	const v = Math.sin(seed * 12.9898 + i * 78.233) * 43_758.5453;
	return v - Math.floor(v);
};

const HEARTS = 5;
const HEART_MS = 1_100;

function drawHearts(p: Pen, x: number, y: number, age_ms: number, seed: number, s: number): void {
	for (let i = 0; i < HEARTS; i++) {
		const t = (age_ms - i * 170) / HEART_MS;
		if (t <= 0 || t >= 1) continue;
		const side = (scatter(seed, i) - 0.5) * 26;
		const drift = Math.round(side + Math.sin(t * 7 + i) * 3);
		const up = Math.round(4 + t * 30);
		p.globalAlpha = t < 0.7 ? 1 : (1 - t) / 0.3;
		const left = x + (drift - 4) * s;
		const top = y - (up + SIGN_PX) * s;
		// A small one first, then whole: it comes out of somebody.
		if (t < 0.12) {
			p.fillStyle = "#e0526e";
			p.fillRect(left + 3 * s, top + 5 * s, 3 * s, 3 * s);
		} else drawSign(p, "heart", left, top, s);
	}
	p.globalAlpha = 1;
}

const PIECES = 40;
const COLORS = ["#e0526e", "#fad463", "#6db1e0", "#7bd88f", "#c06a9a", "#fdf4dc", "#e57655"] as const;

function drawConfetti(p: Pen, x: number, y: number, age_ms: number, seed: number, s: number): void {
	const t = age_ms / 1_000;
	for (let i = 0; i < PIECES; i++) {
		const [a, b, c] = [scatter(seed, i), scatter(seed + 7, i), scatter(seed + 13, i)];
		// Thrown up and out, then sinking slowly, each with a flutter of its own.
		const across = (a - 0.5) * 92 * (1 - Math.exp(-2.6 * t)) + Math.sin(t * 5 + i) * 2 * t;
		const height = (34 + 38 * b) * (1 - Math.exp(-3.4 * t)) - 27 * t * t * (0.65 + 0.5 * c);
		if (height < -46) continue;
		p.globalAlpha = t < 1.5 ? 1 : Math.max(0, (2.1 - t) / 0.6);
		p.fillStyle = COLORS[i % COLORS.length] as string;
		const flat = Math.sin(t * (9 + 5 * c) + i * 2) > 0;
		p.fillRect(x + Math.round(across) * s, y - Math.round(height) * s, (flat ? 4 : 3) * s, (flat ? 1 : 3) * s);
	}
	p.globalAlpha = 1;
}

/** A few pieces that lie in the air, for who wants no motion. */
function drawStillConfetti(p: Pen, x: number, y: number, seed: number, s: number): void {
	for (let i = 0; i < 16; i++) {
		p.fillStyle = COLORS[i % COLORS.length] as string;
		const across = Math.round((scatter(seed, i) - 0.5) * 46);
		const height = Math.round(scatter(seed + 7, i) * 22);
		p.fillRect(x + across * s, y - height * s, (i % 2 === 0 ? 4 : 3) * s, (i % 2 === 0 ? 1 : 3) * s);
	}
}

export interface Spark {
	act: Act;
	/** The crown of the head, in device pixels. */
	x: number;
	y: number;
	scale: number;
	seed: number;
	lively: boolean;
	/** The body does not show it: it walks, or sits. */
	aside: boolean;
}

const BODILY: readonly Emote[] = ["wave", "clap", "jump"];

/** True where it has to be drawn again at once. */
export function drawSpark(p: Pen, spark: Spark, now_ms: number): boolean {
	const { act, x, y, scale, seed, lively } = spark;
	const age_ms = now_ms - act.from_ms;
	if (BODILY.includes(act.kind)) {
		if (spark.aside) drawSign(p, act.kind as "wave", x + 9 * scale, y - 2 * scale, scale);
		return false;
	}
	if (act.kind === "heart") {
		if (lively) drawHearts(p, x, y, age_ms, seed, scale);
		else drawSign(p, "heart", x + 9 * scale, y - 2 * scale, scale);
		return lively;
	}
	if (act.kind === "confetti") {
		if (lively) drawConfetti(p, x, y + 8 * scale, age_ms, seed, scale);
		else drawStillConfetti(p, x, y, seed, scale);
		return lively;
	}
	return false;
}
