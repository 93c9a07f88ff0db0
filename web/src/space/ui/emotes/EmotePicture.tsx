// Oneself doing it, as it will look in the place.

import { useEffect, useRef } from "react";
import type { Look } from "../../../avatar/look";
import { lookKey } from "../../../avatar/look";
import { loadGestures } from "../../../render/art";
import { pen } from "../../../render/canvas";
import type { Gesture } from "../../../render/sheet";
import { drawSign } from "../../../render/sparks";
import { wardrobe } from "../../../ui/Portrait";
import type { Emote } from "../../client";

const CROP = { y: 5, w: 32, h: 44 };
const GESTURES: Partial<Record<Emote, Gesture>> = {
	wave: "wave",
	dance: "dance",
	jump: "jump",
	raise_hand: "raise",
	clap: "clap",
};

async function draw(canvas: HTMLCanvasElement, emote: Emote, look: Look): Promise<void> {
	const clothes = await wardrobe();
	if (!clothes.gestures) clothes.learn(await loadGestures());
	const p = pen(canvas);
	const key = lookKey(look);
	const gesture = GESTURES[emote];
	const strip = gesture ? clothes.gestureStrip(look, 0, key) : clothes.strip(look, 0, key);
	const x = gesture
		? clothes.gestureX(gesture, gesture === "clap" ? 1 : 0)
		: clothes.frameX(emote === "sit" ? "sit" : "idle", 0);
	p.clearRect(0, 0, CROP.w, CROP.h);
	if (strip) p.drawImage(strip, x, CROP.y, CROP.w, CROP.h, 0, 0, CROP.w, CROP.h);
	if (emote === "heart" || emote === "confetti") drawSign(p, emote, CROP.w - 10, 2, 1);
}

export function EmotePicture({ emote, look }: { emote: Emote; look: Look }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	useEffect(() => {
		// Without a picture the word in the middle still tells.
		if (canvas.current) draw(canvas.current, emote, look).catch(() => {});
	}, [emote, look]);
	return <canvas ref={canvas} className="pixels emote-picture" width={CROP.w} height={CROP.h} />;
}
