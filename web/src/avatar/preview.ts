// A live avatar on a small canvas: stands and breathes, or walks on the spot and turns. Used by every form that dresses one.

import { beat, walkFrame } from "../render/animate";
import { pen } from "../render/canvas";
import { Wardrobe } from "../render/compose";
import type { Sheet } from "../render/sheet";
import { type Look, lookKey } from "./look";

/** What of the 32 x 64 frame is worth showing: the feet, and room for a hat. */
const CROP = { y: 2, h: 60 };
const TURN = [0, 3, 1, 2];
/** A form left alone for this long comes to rest, and draws nothing more until it is touched. */
const REST_AFTER_MS = 60_000;

export interface PreviewOptions {
	/** Walk on the spot and turn a quarter every few steps. */
	walking: boolean;
	/** No motion at all. */
	still: boolean;
}

export class Preview {
	readonly #wardrobe: Wardrobe;
	#look: Look;
	#frame = 0;
	#timer = 0;
	#facing = 0;
	#options: PreviewOptions;
	#touched_ms = performance.now();
	readonly #onVisibility = (): void => this.#touch();

	constructor(
		readonly canvas: HTMLCanvasElement,
		sheet: Sheet,
		look: Look,
		options: PreviewOptions,
	) {
		this.#wardrobe = new Wardrobe(sheet);
		this.#look = look;
		this.#options = options;
		canvas.width = sheet.info.frame.w;
		canvas.height = CROP.h;
		document.addEventListener("visibilitychange", this.#onVisibility);
		this.#schedule(0);
	}

	set look(look: Look) {
		this.#look = look;
		this.#touch();
	}

	set options(options: PreviewOptions) {
		this.#options = options;
		this.#touch();
	}

	/** A quarter turn, for the button under the preview. */
	turn(by: 1 | -1): void {
		const at = TURN.indexOf(this.#facing);
		this.#facing = TURN[(at + by + 4) % 4] as number;
		this.#options = { ...this.#options, walking: false };
		this.#touch();
	}

	stop(): void {
		cancelAnimationFrame(this.#frame);
		window.clearTimeout(this.#timer);
		document.removeEventListener("visibilitychange", this.#onVisibility);
	}

	#touch(): void {
		this.#touched_ms = performance.now();
		this.#schedule(0);
	}

	#schedule(in_ms: number): void {
		cancelAnimationFrame(this.#frame);
		window.clearTimeout(this.#timer);
		if (document.hidden) return;
		if (in_ms === 0) this.#frame = requestAnimationFrame((now) => this.#draw(now));
		else this.#timer = window.setTimeout(() => this.#schedule(0), in_ms);
	}

	#draw(now_ms: number): void {
		const { info } = this.#wardrobe.sheet;
		const { walking, still } = this.#options;
		let column: number;
		let next_ms = 0;
		if (walking && !still) {
			const steps = now_ms / 90;
			this.#facing = TURN[Math.floor(steps / 18) % 4] as number;
			column = this.#wardrobe.frameX("walk", walkFrame(steps * 11.5, info.animations.walk.frames));
			next_ms = 90;
		} else {
			const at = beat(info.animations.idle, still ? 0 : now_ms, 0);
			column = this.#wardrobe.frameX("idle", at.frame);
			next_ms = still ? 0 : Math.max(60, at.next_ms);
		}
		const strip = this.#wardrobe.strip(this.#look, this.#facing, lookKey(this.#look));
		const p = pen(this.canvas);
		p.clearRect(0, 0, this.canvas.width, this.canvas.height);
		p.fillStyle = "rgb(45 36 64 / 22%)";
		p.fillRect(8, 53, 16, 5);
		p.fillRect(6, 54, 20, 3);
		if (strip) p.drawImage(strip, column, CROP.y, info.frame.w, CROP.h, 0, 0, info.frame.w, CROP.h);
		if (next_ms > 0 && now_ms - this.#touched_ms < REST_AFTER_MS) this.#schedule(next_ms);
	}
}
