// The picture behind the landing page: a real template, alive at golden hour. Loaded after the form is usable.

import { fetchBytes, loadArt } from "../render/art";
import { clampUncovered, zoomRange } from "../render/camera";
import { pen } from "../render/canvas";
import { Loop } from "../render/loop";
import { parseMap } from "../render/map";
import { Scene, still } from "../render/scene";
import { fitScreen } from "../render/screen";
import { templateUrl } from "../render/templates";
import { loadSettings, motionReduced } from "../settings/settings";
import { Crowd } from "./crowd";

/** The same as behind the button: one sees the place one walks into. */
const TEMPLATE = "office";
/** Half the usual rate is plenty for a stroll, and leaves the machine alone. */
const FRAME_MS = 32;
/** After this long without anybody touching the page, the picture rests. */
const REST_AFTER_MS = 60_000;

export async function showHero(
	canvas: HTMLCanvasElement,
	covered: () => { left: number; bottom: number },
): Promise<void> {
	const url = templateUrl(TEMPLATE);
	if (!url) return;
	const [art, json] = await Promise.all([loadArt(), fetchBytes(url)]);
	const map = parseMap(new TextDecoder().decode(json));
	const scene = new Scene(map, art);
	const { spawn } = map;
	const door = { x: spawn.x + spawn.w / 2, y: spawn.y + spawn.h / 2 };
	const crowd = new Crowd(map, door);
	const calm = motionReduced(loadSettings());
	const p = pen(canvas, { alpha: false });
	let last_ms = 0;
	let touched_ms = performance.now();

	const draw = (now_ms: number) => {
		const { size, dpr } = screen;
		const scale = zoomRange(dpr, size.width / dpr).start;
		const { left, bottom } = covered();
		// The door belongs in the middle of what the form leaves free.
		const focus = { x: door.x - (left * dpr) / scale / 2, y: door.y };
		const center = clampUncovered(focus, size, { right: 0, bottom: bottom * dpr, top: 0 }, scale, map);
		if (!calm && last_ms > 0) crowd.step(Math.min(100, now_ms - last_ms));
		last_ms = now_ms;
		scene.draw(p, { ...still(center, size, scale, crowd.actors), now_ms, dpr, lively: !calm, patient: true });
		if (!scene.unfinished) canvas.dataset["drawn"] = "";
		const resting = calm || now_ms - touched_ms > REST_AFTER_MS;
		return { again: scene.unfinished, wake_ms: resting ? null : FRAME_MS - 12 };
	};
	const loop = new Loop(draw);
	const screen = fitScreen(canvas, () => loop.request());
	const touch = () => {
		touched_ms = performance.now();
		loop.request();
	};
	for (const kind of ["pointermove", "keydown", "focusin"]) addEventListener(kind, touch, { passive: true });
	loop.request();
}
