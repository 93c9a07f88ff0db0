// Drawings about talking: how far one is heard, whom one talks with, and who speaks. On the floor and beside heads, in whole map
// pixels; still where nothing changes, and cheap enough for everybody in sight at once.

import type { Pen } from "./canvas";

const LIGHT = "#fff2ac";
const DARK = "#2d2440";
const VOICE = "#7bd88f";
/** Around the whole circle. */
const DASHES = 88;
/** Floors are drawn a little from above: what is round on them is lower than wide. */
const SQUASH = 0.56;

export interface Look {
	lively: boolean;
	contrast: boolean;
	now_ms: number;
}

/** A dashed line at the distance up to which one is heard. */
export function drawEarshot(p: Pen, x: number, y: number, radius_px: number, scale: number, contrast: boolean): void {
	const dash = ((Math.PI * 2 * radius_px) / DASHES) * scale;
	p.setLineDash([dash * 0.55, dash * 0.45]);
	p.lineCap = "round";
	const line = (color: string, width: number, alpha: number) => {
		p.strokeStyle = color;
		p.lineWidth = width * scale;
		p.globalAlpha = alpha;
		p.beginPath();
		p.arc(x, y, radius_px * scale, 0, Math.PI * 2);
		p.stroke();
	};
	if (contrast) line(DARK, 3.5, 1);
	line(LIGHT, 1.5, contrast ? 1 : 0.6);
	p.setLineDash([]);
	p.lineCap = "butt";
	p.globalAlpha = 1;
}

/** A pool of warm light under someone one is in conversation with; with a ring around it while they speak. */
export function drawBubble(p: Pen, x: number, y: number, scale: number, speaking: boolean, look: Look): void {
	p.fillStyle = LIGHT;
	p.globalAlpha = look.contrast ? 0.5 : 0.26;
	p.beginPath();
	p.ellipse(x, y, 19 * scale, 19 * SQUASH * scale, 0, 0, Math.PI * 2);
	p.fill();
	if (speaking) {
		const grown = look.lively && Math.floor(look.now_ms / 180) % 2 === 1 ? 1 : 0;
		for (const [color, width, alpha] of [
			[DARK, 4, 0.4],
			[VOICE, 2, 1],
		] as const) {
			p.strokeStyle = color;
			p.globalAlpha = alpha;
			p.lineWidth = width * scale;
			p.beginPath();
			p.ellipse(x, y, (18 + grown) * scale, (18 + grown) * SQUASH * scale, 0, 0, Math.PI * 2);
			p.stroke();
		}
	}
	p.globalAlpha = 1;
}

/** Heights of three bars, in pixels, over the beats of a voice. */
const BEATS = [
	[3, 6, 4],
	[5, 3, 6],
	[4, 7, 3],
	[6, 4, 5],
] as const;

/** A small sign beside the head of whoever speaks; oneself included, so that one sees that one is heard. */
export function drawVoice(p: Pen, x: number, y: number, scale: number, look: Look): void {
	const beat = BEATS[look.lively ? Math.floor(look.now_ms / 180) % BEATS.length : 0] ?? BEATS[0];
	p.fillStyle = DARK;
	p.globalAlpha = look.contrast ? 1 : 0.85;
	p.fillRect(x - scale, y - 6 * scale, 13 * scale, 11 * scale);
	p.fillRect(x, y - 7 * scale, 11 * scale, 13 * scale);
	p.globalAlpha = 1;
	p.fillStyle = VOICE;
	beat.forEach((height, i) => {
		p.fillRect(x + (1 + i * 3.5) * scale, y - Math.floor(height / 2) * scale - scale, 2 * scale, height * scale);
	});
}
