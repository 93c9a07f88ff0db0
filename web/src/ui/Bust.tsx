// Someone from the chest up, as drawn in the place, standing at the lower edge of a tile in whole pixels.

import { memo, useEffect, useRef } from "react";
import { type Look, lookKey } from "../avatar/look";
import { pen } from "../render/canvas";
import { wardrobe } from "./Portrait";

const CROP = { x: 0, y: 2, w: 32, h: 40 };
/** So much of the tile's height is head and shoulders. */
const SHARE = 1;
/** Rows above the head that only a tall hat reaches. */
const HATS = 2;

async function draw(canvas: HTMLCanvasElement, look: Look): Promise<void> {
	const clothes = await wardrobe();
	const strip = clothes.strip(look, 0);
	const p = pen(canvas);
	p.clearRect(0, 0, CROP.w, CROP.h);
	const x = clothes.frameX("idle", 0) + CROP.x;
	if (strip) p.drawImage(strip, x, CROP.y, CROP.w, CROP.h, 0, 0, CROP.w, CROP.h);
}

export const Bust = memo(
	function Bust({ look, height }: { look: Look; height: number }) {
		const canvas = useRef<HTMLCanvasElement>(null);
		useEffect(() => {
			// A picture that cannot be drawn leaves its colour; the name below still tells who it is.
			if (canvas.current) draw(canvas.current, look).catch(() => {});
		}, [look]);
		const scale = Math.max(1, Math.round((height * SHARE) / CROP.h));
		return (
			<span className="bust" style={{ "--wears": look.top_color } as React.CSSProperties} aria-hidden="true">
				<canvas
					ref={canvas}
					className="pixels"
					width={CROP.w}
					height={CROP.h}
					style={{
						top: Math.max(-HATS * scale, height - CROP.h * scale),
						width: CROP.w * scale,
						height: CROP.h * scale,
					}}
				/>
			</span>
		);
	},
	(a, b) => a.height === b.height && lookKey(a.look) === lookKey(b.look),
);
