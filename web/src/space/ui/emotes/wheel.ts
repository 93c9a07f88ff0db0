// Whether the wheel of emotes is open, and where its eight places are.

import { create } from "zustand";

export const useWheel = create<{ open: boolean; held: boolean }>(() => ({ open: false, held: false }));

/** `held`: its key is down, and letting it go chooses. */
export const openWheel = (held: boolean): void => useWheel.setState({ open: true, held });
export const closeWheel = (): void => useWheel.setState({ open: false, held: false });

/** From the top, clockwise; as shares of the radius. */
export function placeOf(index: number, count: number): { x: number; y: number } {
	const turn = (index / count) * Math.PI * 2 - Math.PI / 2;
	return { x: Math.cos(turn), y: Math.sin(turn) };
}

/** The place a direction points to; null near the middle, where it points nowhere. */
export function pointed(dx: number, dy: number, count: number, dead_px: number): number | null {
	if (Math.hypot(dx, dy) < dead_px) return null;
	const turn = Math.atan2(dy, dx) + Math.PI / 2;
	return ((Math.round((turn / (Math.PI * 2)) * count) % count) + count) % count;
}
