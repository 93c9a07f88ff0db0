// The small sounds: a bell, a knock, a drop, made here by a few sines so that no file has to come. Soft, and few at a time.

import { borrowContext } from "../media/sound/context";
import { useSettings } from "../state/settings";

export type Sound = "nudge" | "knock" | "message" | "mention";

interface Note {
	hertz: number;
	at_s: number;
	/** Until it has faded. */
	rings_s: number;
	share: number;
	/** Falls to this pitch while it rings: a thud, a drop. */
	to?: number;
}

const NOTES: Record<Sound, readonly Note[]> = {
	// A small bell, twice, the second a third lower.
	nudge: [
		{ hertz: 1_046.5, at_s: 0, rings_s: 1.1, share: 0.5 },
		{ hertz: 2_093, at_s: 0, rings_s: 0.5, share: 0.12 },
		{ hertz: 880, at_s: 0.24, rings_s: 1.3, share: 0.5 },
		{ hertz: 1_760, at_s: 0.24, rings_s: 0.6, share: 0.12 },
	],
	// Knuckles on wood.
	knock: [0, 0.16, 0.42].flatMap((at_s) => [
		{ hertz: 260, to: 120, at_s, rings_s: 0.12, share: 0.9 },
		{ hertz: 620, to: 300, at_s, rings_s: 0.05, share: 0.3 },
	]),
	// A drop of water.
	message: [{ hertz: 620, to: 880, at_s: 0, rings_s: 0.16, share: 0.4 }],
	mention: [
		{ hertz: 784, at_s: 0, rings_s: 0.4, share: 0.4 },
		{ hertz: 1_174.7, at_s: 0.11, rings_s: 0.6, share: 0.4 },
	],
};
/** The loudest of them at full volume: below a voice. */
const LOUD = 0.3;
/** Not one over the other. */
const APART_MS = 900;
const played = new Map<Sound, number>();

const wanted = (sound: Sound): boolean => {
	const { soundNudges, soundMessages } = useSettings.getState();
	return sound === "nudge" || sound === "knock" ? soundNudges : soundMessages;
};

/** `anyway`: asked for in the settings, to hear what it is like. */
export function playSound(sound: Sound, anyway = false): void {
	const { soundVolume } = useSettings.getState();
	const now = performance.now();
	if (soundVolume === 0 || !(anyway || wanted(sound))) return;
	if (!anyway && now - (played.get(sound) ?? Number.NEGATIVE_INFINITY) < APART_MS) return;
	played.set(sound, now);
	try {
		ring(NOTES[sound], soundVolume * LOUD);
	} catch {
		// No sound card: what happened is on the page as well.
	}
}

function ring(notes: readonly Note[], volume: number): void {
	const { context, release } = borrowContext();
	const start = context.currentTime + 0.03;
	const out = new GainNode(context, { gain: volume });
	out.connect(context.destination);
	let longest_s = 0;
	for (const { hertz, to, at_s, rings_s, share } of notes) {
		const at = start + at_s;
		const tone = new OscillatorNode(context, { frequency: hertz });
		if (to !== undefined) tone.frequency.exponentialRampToValueAtTime(to, at + rings_s);
		const gain = new GainNode(context, { gain: 0 });
		gain.gain.setValueAtTime(0, at);
		gain.gain.linearRampToValueAtTime(share, at + 0.008);
		gain.gain.exponentialRampToValueAtTime(0.0008, at + rings_s);
		tone.connect(gain).connect(out);
		tone.start(at);
		tone.stop(at + rings_s);
		longest_s = Math.max(longest_s, at_s + rings_s);
	}
	setTimeout(
		() => {
			out.disconnect();
			release();
		},
		(longest_s + 0.3) * 1_000,
	);
}
