// Hints for a first visit: each is shown until it was done once, ever, in this browser.

import { create } from "zustand";

export type Hint = "walk" | "run" | "talk" | "people" | "look" | "zoom";
const ORDER: readonly Hint[] = ["walk", "talk", "run", "people"];
const STORED = "earshot.hints";

const load = (): Hint[] => {
	try {
		return JSON.parse(localStorage.getItem(STORED) ?? "[]") as Hint[];
	} catch {
		return [];
	}
};

export const useHints = create<{ seen: readonly Hint[] }>(() => ({ seen: load() }));

export function hintSeen(hint: Hint): void {
	const { seen } = useHints.getState();
	if (seen.includes(hint)) return;
	const next = [...seen, hint];
	useHints.setState({ seen: next });
	try {
		localStorage.setItem(STORED, JSON.stringify(next));
	} catch {
		// Shown again next time, then.
	}
}

export const hideHints = (): void => {
	for (const hint of ORDER) hintSeen(hint);
};

/** On a touch screen there is no shift to hold. */
export const nextHint = (seen: readonly Hint[], touch: boolean): Hint | null =>
	ORDER.find((hint) => !seen.includes(hint) && !(touch && hint === "run")) ?? null;
