// From pressed keys to one of eight directions. By physical position (event.code), so that WASD is a cross on every layout.

import type { Direction } from "../space/client";

const STEPS: Record<string, readonly [dx: number, dy: number]> = {
	KeyW: [0, -1],
	ArrowUp: [0, -1],
	KeyS: [0, 1],
	ArrowDown: [0, 1],
	KeyA: [-1, 0],
	ArrowLeft: [-1, 0],
	KeyD: [1, 0],
	ArrowRight: [1, 0],
};

export const isWalkKey = (code: string): boolean => code in STEPS;

const OTHER_SCRIPT = /^(?!\p{Script=Latin})[\p{L}\p{M}]/u;

/** The letter of a command's key; by position where the layout writes another script, which has none of our letters. */
export function letterOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
	const isElsewhere = code.startsWith("Key") && OTHER_SCRIPT.test(key);
	return (isElsewhere ? code.slice("Key".length) : key).toLowerCase();
}

const OCTANTS: readonly (readonly (Direction | null)[])[] = [
	[5, 6, 7],
	[4, null, 0],
	[3, 2, 1],
];

/** Opposite keys cancel each other. 0 is right, then clockwise. */
export function directionOf(pressed: ReadonlySet<string>): Direction | null {
	let x = 0;
	let y = 0;
	for (const code of pressed) {
		const step = STEPS[code];
		if (!step) continue;
		x += step[0];
		y += step[1];
	}
	return OCTANTS[Math.sign(y) + 1]?.[Math.sign(x) + 1] ?? null;
}
