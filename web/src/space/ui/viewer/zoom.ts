// How a picture lies in its frame: a scale (1 shows it whole) and how far its middle is from the frame's. Pure.

export interface Size {
	width: number;
	height: number;
}

export interface Look {
	scale: number;
	x: number;
	y: number;
}

export const WHOLE: Look = { scale: 1, x: 0, y: 0 };
/** Beyond, letters are only larger squares. */
const PIXELS_A_PIXEL_MAX = 4;
const SCALE_MAX_AT_LEAST = 4;

/** As large as it fits, its shape kept. */
export function fitted(picture: Size, frame: Size): Size {
	if (picture.width === 0 || picture.height === 0) return frame;
	const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
	return { width: picture.width * scale, height: picture.height * scale };
}

export function scaleMax(picture: Size, frame: Size): number {
	const whole = fitted(picture, frame);
	return Math.max(SCALE_MAX_AT_LEAST, (picture.width * PIXELS_A_PIXEL_MAX) / Math.max(1, whole.width));
}

/** Never smaller than whole, and never out of sight: an edge of the picture stays at the frame's, or the middle in the middle. */
export function kept(look: Look, picture: Size, frame: Size): Look {
	const scale = Math.min(scaleMax(picture, frame), Math.max(1, look.scale));
	const whole = fitted(picture, frame);
	const reach = (shown: number, room: number) => Math.max(0, (shown * scale - room) / 2);
	const [x, y] = [reach(whole.width, frame.width), reach(whole.height, frame.height)];
	const within = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value)) + 0;
	return { scale, x: within(look.x, x), y: within(look.y, y) };
}

/** What lies at `at` (from the frame's middle) stays there while all grows by `factor`. */
export function zoomedAt(look: Look, at: { x: number; y: number }, factor: number, picture: Size, frame: Size): Look {
	const scale = Math.min(scaleMax(picture, frame), Math.max(1, look.scale * factor));
	const grown = scale / look.scale;
	return kept({ scale, x: at.x - (at.x - look.x) * grown, y: at.y - (at.y - look.y) * grown }, picture, frame);
}

export const movedBy = (look: Look, dx: number, dy: number, picture: Size, frame: Size): Look =>
	kept({ ...look, x: look.x + dx, y: look.y + dy }, picture, frame);
