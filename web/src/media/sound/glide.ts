// Loudness that never jumps. A jump in a waveform is a click; an exponential approach with small steps is heard as a
// voice that comes nearer.

/** After this long, two thirds of the way are done. */
const TIME_CONSTANT_MS = 80;
/** However late a step comes, it is no larger than this: from silence to full voice takes 12 of them. */
export const STEP_MAX = 0.085;
/** Nobody hears less of a difference. */
const CLOSE = 0.002;
export const STEP_MS = 16;

/** One step from where the gain is towards where it is to be. */
export function glide(gain: number, target: number, elapsedMs: number): number {
	const distance = target - gain;
	if (Math.abs(distance) <= CLOSE) return target;
	const wished = distance * (1 - Math.exp(-elapsedMs / TIME_CONSTANT_MS));
	return gain + Math.sign(wished) * Math.min(Math.abs(wished), STEP_MAX);
}
