// How far one has read in each space, kept in this browser: what was said since one was last here counts as new.

const STORED = "earshot.chat.read";
/** Spaces that are remembered; beyond, the one that was visited first is forgotten. */
const SPACES_MAX = 100;

function load(): [string, number][] {
	try {
		return JSON.parse(localStorage.getItem(STORED) ?? "[]") as [string, number][];
	} catch {
		return [];
	}
}

export const readTo = (space: string): number | null => load().find(([id]) => id === space)?.[1] ?? null;

export function keepRead(space: string, id: number): void {
	const others = load().filter(([each]) => each !== space);
	try {
		localStorage.setItem(STORED, JSON.stringify([...others, [space, id]].slice(-SPACES_MAX)));
	} catch {
		// Then the next visit begins with nothing new.
	}
}
