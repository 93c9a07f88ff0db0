// Someone's head, as drawn in the place.

import { memo, useEffect, useRef } from "react";
import { type Look, lookKey } from "../avatar/look";
import { loadSheet } from "../render/art";
import { pen } from "../render/canvas";
import { Wardrobe } from "../render/compose";

const CROP = { x: 3, y: 7, size: 26 };
let shared: Wardrobe | null = null;

/** One for all pictures of people beside the place. */
export async function wardrobe(): Promise<Wardrobe> {
	const sheet = await loadSheet();
	shared ??= new Wardrobe(sheet);
	return shared;
}

async function draw(canvas: HTMLCanvasElement, look: Look): Promise<void> {
	const clothes = await wardrobe();
	const strip = clothes.strip(look, 0);
	const p = pen(canvas);
	p.clearRect(0, 0, CROP.size, CROP.size);
	const x = clothes.frameX("idle", 0) + CROP.x;
	if (strip) p.drawImage(strip, x, CROP.y, CROP.size, CROP.size, 0, 0, CROP.size, CROP.size);
}

export const Portrait = memo(
	function Portrait({ look, size = 36 }: { look: Look; size?: number }) {
		const canvas = useRef<HTMLCanvasElement>(null);
		useEffect(() => {
			// A portrait that cannot be drawn leaves its circle empty; the name beside it still tells who it is.
			if (canvas.current) draw(canvas.current, look).catch(() => {});
		}, [look]);
		return (
			<span className="portrait" style={{ width: size, height: size }} aria-hidden="true">
				<canvas ref={canvas} className="pixels" width={CROP.size} height={CROP.size} />
			</span>
		);
	},
	(a, b) => a.size === b.size && lookKey(a.look) === lookKey(b.look),
);
