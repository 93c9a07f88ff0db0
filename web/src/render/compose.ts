// Puts an avatar together from its parts in its colours: one strip of frames a direction, made when first seen. Gestures are
// strips of their own, for most people never make one. Nothing here knows where an avatar stands.

import { type Look, lookKey } from "../avatar/look";
import { pen, Recent, type Surface, surface } from "./canvas";
import { packed, parseHex, ramp } from "./ramp";
import { DIRECTIONS, type Direction, type Gesture, type Gestures, type PartInfo, type Sheet } from "./sheet";

/** 98 KB a strip; 200 people seen from two sides each fit with room to spare. */
const STRIPS = 640;
/** 147 KB a strip. */
const GESTURE_STRIPS = 260;

export type Pose = "walk" | "idle" | "sit";
const FIRST: Record<Pose, number> = { walk: 0, idle: 6, sit: 10 };

/** A sheet's parts and pixels, ready to be put together. */
interface Source {
	info: { columns: number; parts: PartInfo[]; order: Record<Direction, string[]> };
	pixels: Uint8Array;
	rows: Map<string, number>;
}

const source = ({ info, pixels }: Pick<Source, "info" | "pixels">): Source => ({
	info,
	pixels,
	rows: new Map(info.parts.map((part) => [`${part.slot}:${part.z}:${part.variant}`, part.row])),
});

export class Wardrobe {
	readonly #strips = new Recent<string, Surface>(STRIPS);
	readonly #gestureStrips = new Recent<string, Surface>(GESTURE_STRIPS);
	readonly #tables = new Recent<string, Uint32Array>(256);
	readonly #base: Source;
	#gestures: { source: Source; info: Gestures["info"]; first: Record<string, number> } | null = null;
	/** Time left for composing in this frame; a crowd that appears at once is dressed over several frames. */
	#budget_ms = Number.POSITIVE_INFINITY;

	constructor(readonly sheet: Sheet) {
		this.#base = source(sheet);
	}

	get gestures(): Gestures["info"] | null {
		return this.#gestures?.info ?? null;
	}

	learn({ info, pixels }: Gestures): void {
		const first: Record<string, number> = {};
		info.column.slice(0, info.columns / DIRECTIONS.length).forEach((column, at) => {
			const name = column.slice(0, column.indexOf("/"));
			first[name] ??= at;
		});
		this.#gestures = { source: source({ info, pixels }), info, first };
	}

	beginFrame(budget_ms: number): void {
		this.#budget_ms = budget_ms;
	}

	/** The strip for a direction, or null when this frame has no time left to make it. */
	strip(look: Look, facing: number, key = lookKey(look)): Surface | null {
		return this.#get(this.#strips, this.#base, look, facing, key);
	}

	/** The same of gestures; null also where they have not come yet. */
	gestureStrip(look: Look, facing: number, key: string): Surface | null {
		return this.#gestures && this.#get(this.#gestureStrips, this.#gestures.source, look, facing, key);
	}

	#get(kept: Recent<string, Surface>, from: Source, look: Look, facing: number, key: string): Surface | null {
		const id = `${facing}|${key}`;
		const known = kept.get(id);
		if (known) return known;
		if (this.#budget_ms <= 0) return null;
		const started = performance.now();
		const strip = this.#compose(from, look, facing, key);
		kept.set(id, strip);
		this.#budget_ms -= performance.now() - started;
		return strip;
	}

	/** Where in a strip a frame begins. */
	frameX(pose: Pose, frame: number): number {
		const { frames } = this.sheet.info.animations[pose];
		return (FIRST[pose] + (frame % frames)) * this.sheet.info.frame.w;
	}

	gestureX(gesture: Gesture, frame: number): number {
		return ((this.#gestures?.first[gesture] ?? 0) + frame) * this.sheet.info.frame.w;
	}

	#compose({ info, pixels, rows }: Source, look: Look, facing: number, key: string): Surface {
		const { frame } = this.sheet.info;
		const direction = DIRECTIONS[facing] ?? "down";
		const width = (info.columns / DIRECTIONS.length) * frame.w;
		const height = frame.h;
		const stride = info.columns * frame.w;
		const x0 = DIRECTIONS.indexOf(direction) * width;
		const image = new ImageData(width, height);
		const out = new Uint32Array(image.data.buffer);
		const colors = this.#table(look, key);
		for (const layer of info.order[direction]) {
			const row = rows.get(rowOf(layer, look));
			if (row === undefined) continue;
			for (let y = 0; y < height; y++) {
				let from = (row * height + y) * stride + x0;
				let to = y * width;
				for (const end = to + width; to < end; to++, from++) {
					const index = pixels[from] as number;
					if (index !== 0) out[to] = colors[index] as number;
				}
			}
		}
		const canvas = surface(width, height);
		pen(canvas).putImageData(image, 0, 0);
		return canvas;
	}

	#table(look: Look, key: string): Uint32Array {
		const known = this.#tables.get(key);
		if (known) return known;
		const { info } = this.sheet;
		const table = new Uint32Array(256);
		for (const [index, hex] of Object.entries(info.fixed)) table[Number(index)] = packed(parseHex(hex));
		const tones: Record<string, readonly (readonly [number, number, number])[]> = {
			skin: (info.skins[look.skin] ?? info.skins[0] ?? []).map(parseHex),
			hair: ramp(look.hair_color),
			top: ramp(look.top_color),
			bottom: ramp(look.bottom_color),
			shoes: ramp(look.shoes_color),
			accessory: ramp(look.accessory_color),
			eyes: ramp(look.eyes_color),
		};
		for (const [slot, indices] of Object.entries(info.ramps)) {
			indices.forEach((index, i) => {
				const tone = tones[slot]?.[i];
				if (tone) table[index] = packed(tone);
			});
		}
		this.#tables.set(key, table);
		return table;
	}
}

function rowOf(layer: string, look: Look): string {
	const [slot = layer, z = "front"] = layer.split(":");
	const variants: Record<string, number> = {
		hair: look.hair,
		top: look.top,
		bottom: look.bottom,
		accessory: look.accessory,
	};
	return `${slot}:${z}:${variants[slot] ?? 0}`;
}
