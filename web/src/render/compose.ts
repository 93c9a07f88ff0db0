// Puts an avatar together from its parts in its colours: one strip of twelve frames a direction, made when first seen.
// Nothing here knows where an avatar stands.

import { type Look, lookKey } from "../avatar/look";
import { pen, Recent, type Surface, surface } from "./canvas";
import { packed, parseHex, ramp } from "./ramp";
import { DIRECTIONS, type Sheet } from "./sheet";

const FRAMES_A_DIRECTION = 12;
/** 98 KB a strip; 200 people seen from two sides each fit with room to spare. */
const STRIPS = 640;

export type Pose = "walk" | "idle" | "sit";
const FIRST: Record<Pose, number> = { walk: 0, idle: 6, sit: 10 };

export class Wardrobe {
	readonly #strips = new Recent<string, Surface>(STRIPS);
	readonly #tables = new Recent<string, Uint32Array>(256);
	readonly #rows = new Map<string, number>();
	/** Time left for composing in this frame; a crowd that appears at once is dressed over several frames. */
	#budget_ms = Number.POSITIVE_INFINITY;

	constructor(readonly sheet: Sheet) {
		for (const part of sheet.info.parts) this.#rows.set(`${part.slot}:${part.z}:${part.variant}`, part.row);
	}

	beginFrame(budget_ms: number): void {
		this.#budget_ms = budget_ms;
	}

	/** The strip for a direction, or null when this frame has no time left to make it. */
	strip(look: Look, facing: number, key = lookKey(look)): Surface | null {
		const id = `${facing}|${key}`;
		const known = this.#strips.get(id);
		if (known) return known;
		if (this.#budget_ms <= 0) return null;
		const started = performance.now();
		const strip = this.#compose(look, facing, key);
		this.#strips.set(id, strip);
		this.#budget_ms -= performance.now() - started;
		return strip;
	}

	/** Where in a strip a frame begins. */
	frameX(pose: Pose, frame: number): number {
		const { frames } = this.sheet.info.animations[pose];
		return (FIRST[pose] + (frame % frames)) * this.sheet.info.frame.w;
	}

	#compose(look: Look, facing: number, key: string): Surface {
		const { info, pixels } = this.sheet;
		const direction = DIRECTIONS[facing] ?? "down";
		const width = FRAMES_A_DIRECTION * info.frame.w;
		const height = info.frame.h;
		const stride = info.columns * info.frame.w;
		const x0 = DIRECTIONS.indexOf(direction) * width;
		const image = new ImageData(width, height);
		const out = new Uint32Array(image.data.buffer);
		const colors = this.#table(look, key);
		for (const layer of info.order[direction]) {
			const row = this.#row(layer, look);
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

	#row(layer: string, look: Look): number | undefined {
		const [slot = layer, z = "front"] = layer.split(":");
		const variants: Record<string, number> = {
			hair: look.hair,
			top: look.top,
			bottom: look.bottom,
			accessory: look.accessory,
		};
		return this.#rows.get(`${slot}:${z}:${variants[slot] ?? 0}`);
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
