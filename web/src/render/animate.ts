// Which frame of an animation shows at a time, and when the next one is due: the renderer draws only then.
// The clock is an argument; nothing here schedules.

import type { SheetInfo } from "./sheet";

/** Ground covered by one frame of the walk: 90 ms at 128 px/s, so that feet do not slide. */
const WALK_PX_A_FRAME = 11.5;

export const walkFrame = (distance_px: number, frames: number): number =>
	Math.floor(distance_px / WALK_PX_A_FRAME) % frames;

export interface Beat {
	frame: number;
	next_ms: number;
}

/** `offset` keeps a crowd from blinking in step. */
export function beat(timing: SheetInfo["animations"]["idle"], now_ms: number, offset: number): Beat {
	const each = typeof timing.ms === "number" ? Array<number>(timing.frames).fill(timing.ms) : timing.ms;
	const total = each.reduce((sum, ms) => sum + ms, 0);
	let at = (((now_ms + offset) % total) + total) % total;
	for (let frame = 0; frame < each.length; frame++) {
		const ms = each[frame] as number;
		if (at < ms) return { frame, next_ms: ms - at };
		at -= ms;
	}
	return { frame: 0, next_ms: total };
}
