// Strong noise suppression: RNNoise in an audio worklet, for fans, keyboards and streets that the browser's own leaves.
// It is another 160 KB and a few per cent of a core, so it comes only when asked for.

import { loadRnnoise, RnnoiseWorkletNode } from "@sapphi-red/web-noise-suppressor";
import wasmUrl from "@sapphi-red/web-noise-suppressor/rnnoise.wasm?url";
import simdUrl from "@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url";
import workletUrl from "@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url";
import { borrowCleaningContext } from "./context";

let binary: Promise<ArrayBuffer> | null = null;
const prepared = new WeakSet<AudioContext>();

export interface Cleaned {
	track: MediaStreamTrack;
	close(): void;
}

/** Throws where the browser cannot. */
export async function suppressNoise(raw: MediaStreamTrack): Promise<Cleaned> {
	const use = borrowCleaningContext();
	const { context } = use;
	try {
		binary ??= loadRnnoise({ url: wasmUrl, simdUrl }).catch((error: unknown) => {
			binary = null;
			throw error;
		});
		const wasmBinary = await binary;
		if (!prepared.has(context)) {
			await context.audioWorklet.addModule(workletUrl);
			prepared.add(context);
		}
		const source = context.createMediaStreamSource(new MediaStream([raw]));
		const suppressor = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary });
		const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
		source.connect(suppressor).connect(out);
		const [track] = out.stream.getAudioTracks();
		if (!track) throw new Error("a destination has one track");
		return {
			track,
			close() {
				source.disconnect();
				suppressor.disconnect();
				suppressor.destroy();
				track.stop();
				use.release();
			},
		};
	} catch (error) {
		use.release();
		throw error;
	}
}
