// How loud a track is right now, measured here and sent nowhere.

import { borrowContext, type ContextUse } from "./context";

interface Graph {
	use: ContextUse;
	source: MediaStreamAudioSourceNode;
	analyser: AnalyserNode;
	samples: Float32Array<ArrayBuffer>;
}

/** Where the browser cannot measure it, the level is 0: nobody is to fall silent for want of a ring around a face. */
export class Meter {
	#graph: Graph | null;

	constructor(readonly track: MediaStreamTrack) {
		this.#graph = makeGraph(track);
	}

	/** The root of the mean square, 0 to 1. */
	level(): number {
		if (!this.#graph) return 0;
		const { analyser, samples } = this.#graph;
		analyser.getFloatTimeDomainData(samples);
		let sum = 0;
		for (const sample of samples) sum += sample * sample;
		return Math.min(1, Math.sqrt(sum / samples.length));
	}

	close(): void {
		this.#graph?.source.disconnect();
		this.#graph?.use.release();
		this.#graph = null;
	}
}

function makeGraph(track: MediaStreamTrack): Graph | null {
	let use: ContextUse | null = null;
	try {
		use = borrowContext();
		const { context } = use;
		const source = context.createMediaStreamSource(new MediaStream([track]));
		// 43 ms: a syllable is never missed between two looks, and a look costs next to nothing.
		const analyser = new AnalyserNode(context, { fftSize: 2048 });
		source.connect(analyser);
		return { use, source, analyser, samples: new Float32Array(analyser.fftSize) };
	} catch {
		// No sound card, or a rate that Firefox does not join with the context's.
		use?.release();
		return null;
	}
}

/** Levels span four decades and eyes do not: for drawing. Full at -10 dB, nothing below -55 dB. */
export const forEyes = (level: number): number =>
	level <= 0 ? 0 : Math.max(0, Math.min(1, (20 * Math.log10(level) + 55) / 45));
