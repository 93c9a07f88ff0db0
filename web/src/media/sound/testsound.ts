// Two soft notes to find out whether one hears anything, made here so that no file has to come first. They go the way
// voices go: through an audio element, to the chosen device.

import { borrowContext } from "./context";

const NOTES = [
	{ hertz: 523.25, atSeconds: 0.02 },
	{ hertz: 783.99, atSeconds: 0.28 },
];
const RING_SECONDS = 0.6;
const LENGTH_MS = 1_000;

export async function playTestSound(speakerId: string | null): Promise<void> {
	const { context, release } = borrowContext();
	const out = context.createMediaStreamDestination();
	const element = new Audio();
	try {
		await context.resume().catch(() => {});
		element.srcObject = out.stream;
		// A device that is gone: the usual one is better than silence.
		if (speakerId) await element.setSinkId?.(speakerId).catch(() => {});
		for (const note of NOTES) ring(context, out, note.hertz, context.currentTime + note.atSeconds);
		await element.play().catch(() => {});
		await new Promise((resolve) => setTimeout(resolve, LENGTH_MS));
	} finally {
		element.pause();
		element.srcObject = null;
		release();
	}
}

/** A bell: a sine and its octave, fading. */
function ring(context: AudioContext, out: AudioNode, hertz: number, at: number): void {
	const gain = new GainNode(context, { gain: 0 });
	gain.gain.setValueAtTime(0, at);
	gain.gain.linearRampToValueAtTime(0.35, at + 0.015);
	gain.gain.exponentialRampToValueAtTime(0.001, at + RING_SECONDS);
	gain.connect(out);
	for (const [multiple, share] of [
		[1, 0.8],
		[2, 0.2],
	] as const) {
		const tone = new OscillatorNode(context, { frequency: hertz * multiple });
		tone.connect(new GainNode(context, { gain: share })).connect(gain);
		tone.start(at);
		tone.stop(at + RING_SECONDS);
	}
}
