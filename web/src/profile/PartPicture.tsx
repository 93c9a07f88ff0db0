// One choice, worn: the part of the avatar that changes, close up.

import { useEffect, useRef } from "react";
import { type Look, lookKey } from "../avatar/look";
import { loadSheet } from "../render/art";
import { pen } from "../render/canvas";
import { Wardrobe } from "../render/compose";
import type { Slot } from "./slots";

const SIZE = 28;
const TOP: Record<Slot, number> = { skin: 6, hair: 6, eyes: 6, accessory: 6, top: 26, bottom: 34, shoes: 34 };
let shared: Wardrobe | null = null;

export function PartPicture({ look, slot }: { look: Look; slot: Slot }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const key = lookKey(look);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the key says when a look is another one.
	useEffect(() => {
		void loadSheet().then(
			(sheet) => {
				if (!canvas.current) return;
				shared ??= new Wardrobe(sheet);
				const strip = shared.strip(look, 0, key);
				const p = pen(canvas.current);
				p.clearRect(0, 0, SIZE, SIZE);
				if (strip) p.drawImage(strip, shared.frameX("idle", 0) + 2, TOP[slot], SIZE, SIZE, 0, 0, SIZE, SIZE);
			},
			() => {},
		);
	}, [key, slot]);
	return <canvas ref={canvas} className="pixels" width={SIZE} height={SIZE} />;
}
