// One choice, worn: the part of the avatar that changes, close up.

import { useEffect, useRef } from "react";
import { type Look, lookKey } from "../avatar/look";
import { loadSheet } from "../render/art";
import { pen } from "../render/canvas";
import { Wardrobe } from "../render/compose";
import type { Slot } from "./slots";

const WIDTH = 32;
/** From a bun to the ends of plaits, and from a sun hat to a scarf. */
const HEAD = { y: 0, h: 46 };
const FACE = { y: 6, h: 28 };
const FEET = { y: 32, h: 32 };
const CROPS: Record<Slot, { y: number; h: number }> = {
	skin: FACE,
	hair: HEAD,
	eyes: FACE,
	accessory: HEAD,
	top: { y: 28, h: 28 },
	bottom: FEET,
	shoes: FEET,
};
let shared: Wardrobe | null = null;

export function PartPicture({ look, slot }: { look: Look; slot: Slot }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const key = lookKey(look);
	const { y, h } = CROPS[slot];
	// biome-ignore lint/correctness/useExhaustiveDependencies: the key says when a look is another one.
	useEffect(() => {
		void loadSheet().then(
			(sheet) => {
				if (!canvas.current) return;
				shared ??= new Wardrobe(sheet);
				const strip = shared.strip(look, 0, key);
				const p = pen(canvas.current);
				p.clearRect(0, 0, WIDTH, h);
				if (strip) p.drawImage(strip, shared.frameX("idle", 0), y, WIDTH, h, 0, 0, WIDTH, h);
			},
			() => {},
		);
	}, [key, y, h]);
	return <canvas ref={canvas} className="pixels" width={WIDTH} height={h} />;
}
