// A timer with one purpose: set again it starts over, stopped it is gone. All of the media engine's timers are these, so
// that whoever closes something can see by its fields what has to be stopped.

import { tally } from "./tally";

export class Timer {
	#handle: ReturnType<typeof setTimeout> | null = null;

	constructor(private readonly ring: () => void) {}

	get running(): boolean {
		return this.#handle !== null;
	}

	set(ms: number): void {
		this.stop();
		tally.timers += 1;
		this.#handle = setTimeout(() => {
			this.#handle = null;
			tally.timers -= 1;
			this.ring();
		}, ms);
	}

	/** Leaves one that runs as it is. */
	setOnce(ms: number): void {
		if (!this.running) this.set(ms);
	}

	stop(): void {
		if (this.#handle === null) return;
		clearTimeout(this.#handle);
		this.#handle = null;
		tally.timers -= 1;
	}
}
