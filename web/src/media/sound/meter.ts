// How loud a track is right now, measured here and sent nowhere.

import { borrowContext, type ContextUse } from "./context";

export class Meter {
	readonly #use: ContextUse;
	readonly #source: MediaStreamAudioSourceNode;
	readonly #analyser: AnalyserNode;
	readonly #samples: Float32Array<ArrayBuffer>;

	constructor(readonly track: MediaStreamTrack) {
		this.#use = borrowContext();
		const { context } = this.#use;
		this.#source = context.createMediaStreamSource(new MediaStream([track]));
		// 43 ms: a syllable is never missed between two looks, and a look costs next to nothing.
		this.#analyser = new AnalyserNode(context, { fftSize: 2048 });
		this.#samples = new Float32Array(this.#analyser.fftSize);
		this.#source.connect(this.#analyser);
	}

	/** The root of the mean square, 0 to 1. */
	level(): number {
		this.#analyser.getFloatTimeDomainData(this.#samples);
		let sum = 0;
		for (const sample of this.#samples) sum += sample * sample;
		return Math.min(1, Math.sqrt(sum / this.#samples.length));
	}

	close(): void {
		this.#source.disconnect();
		this.#use.release();
	}
}

/** Levels span four decades and eyes do not: for drawing. Full at -10 dB, nothing below -55 dB. */
export const forEyes = (level: number): number =>
	level <= 0 ? 0 : Math.max(0, Math.min(1, (20 * Math.log10(level) + 55) / 45));
