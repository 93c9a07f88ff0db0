// What is typed and not sent yet, for each space and channel, as long as the page lives; with whom its names mean.

import type { Pick } from "./mentions";
import type { Place } from "./place";

export interface Draft {
	text: string;
	picks: readonly Pick[];
}

const drafts = new Map<string, Draft>();
const NOTHING: Draft = { text: "", picks: [] };
// Direct messages are not of a space: begun in one, they may be ended in another.
const keyOf = (space: string, place: Place): string => (place.startsWith("dm/") ? place : `${place} ${space}`);

export const draftOf = (space: string, place: Place): Draft => drafts.get(keyOf(space, place)) ?? NOTHING;

export function keepDraft(space: string, place: Place, text: string, picks: readonly Pick[] = []): void {
	if (text === "") drafts.delete(keyOf(space, place));
	else drafts.set(keyOf(space, place), { text, picks });
}

/** Puts a text that could not be said before what is typed already. */
export function giveBack(space: string, place: Place, { text, picks }: Draft): void {
	const typed = draftOf(space, place);
	keepDraft(space, place, typed.text === "" ? text : `${text}\n${typed.text}`, [...picks, ...typed.picks]);
}
