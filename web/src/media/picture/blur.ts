// The background blurred by the page, for cameras whose driver cannot: a small network tells the person from what is behind
// them, in every picture. It takes six megabytes and a good part of a core, so it comes only when asked for.

import { VirtualBackgroundProcessor } from "@shiguredo/virtual-background";

/** Where vite.config.ts puts the network and what runs it. */
const ASSETS = `${import.meta.env.BASE_URL}assets/blur`;
/** As much as hides a shelf and keeps a head's edge soft, at the size that is captured. */
const RADIUS_PX = 15;

export interface Blurred {
	track: MediaStreamTrack;
	close(): void;
}

/** Throws where the browser cannot. The track that comes in stays open: it belongs to whoever opened it. */
export async function blurBackground(raw: MediaStreamTrack): Promise<Blurred> {
	const processor = new VirtualBackgroundProcessor(ASSETS);
	const track = await processor.startProcessing(raw as MediaStreamVideoTrack, { blurRadius: RADIUS_PX });
	return {
		track,
		close() {
			processor.stopProcessing();
			track.stop();
		},
	};
}
