// How far one has read in each channel of each space, kept in this browser: what was said since one was last here counts as new.

import type { Place } from "./place";

const STORED = "earshot.chat.read";
/** Spaces that are remembered; beyond, the one that was visited first is forgotten. */
const SPACES_MAX = 100;

/** By channel, the id of the last message that was read. */
export type Read = Partial<Record<Place, number>>;

function load(): [string, Read][] {
	try {
		const stored = JSON.parse(localStorage.getItem(STORED) ?? "[]") as [string, Read | number][];
		// Once there was one channel, and one number a space.
		return stored.map(([space, read]) => [space, typeof read === "number" ? { everyone: read } : read]);
	} catch {
		return [];
	}
}

/** Null where one was never here. */
export const readIn = (space: string): Read | null => load().find(([id]) => id === space)?.[1] ?? null;

export function keepRead(space: string, place: Place, id: number): void {
	const known = load();
	const read = known.find(([each]) => each === space)?.[1] ?? {};
	if (read[place] === id) return;
	const others = known.filter(([each]) => each !== space);
	try {
		const next = [...others, [space, { ...read, [place]: id }] as const].slice(-SPACES_MAX);
		localStorage.setItem(STORED, JSON.stringify(next));
	} catch {
		// Then the next visit begins with nothing new.
	}
}
