// When to draw: once for each reason, never for none. No frame is scheduled in a hidden tab or a still place.

export interface FramePlan {
	/** Draw the next frame too: something moves. */
	again: boolean;
	/** Or draw once more in this time, for slow life like blinking. */
	wake_ms: number | null;
}

export class Loop {
	#frame = 0;
	#timer = 0;
	#stopped = false;
	readonly #draw: (now_ms: number) => FramePlan;
	readonly #onVisibility = (): void => {
		if (document.hidden) this.#cancel();
		else this.request();
	};

	constructor(draw: (now_ms: number) => FramePlan) {
		this.#draw = draw;
		document.addEventListener("visibilitychange", this.#onVisibility);
	}

	/** Ask for a frame; asking twice is one frame. */
	request(): void {
		if (this.#frame !== 0 || this.#stopped || document.hidden) return;
		window.clearTimeout(this.#timer);
		this.#timer = 0;
		this.#frame = requestAnimationFrame(this.#run);
	}

	stop(): void {
		this.#stopped = true;
		this.#cancel();
		document.removeEventListener("visibilitychange", this.#onVisibility);
	}

	readonly #run = (now_ms: number): void => {
		this.#frame = 0;
		const plan = this.#draw(now_ms);
		if (plan.again) this.request();
		else if (plan.wake_ms !== null && this.#frame === 0 && !this.#stopped) {
			this.#timer = window.setTimeout(() => this.request(), plan.wake_ms);
		}
	};

	#cancel(): void {
		cancelAnimationFrame(this.#frame);
		window.clearTimeout(this.#timer);
		this.#frame = 0;
		this.#timer = 0;
	}
}
