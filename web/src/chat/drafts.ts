// What is typed and not sent yet, for each space and channel, as long as the page lives.

import type { Channel } from "../space/client";

const drafts = new Map<string, string>();
const keyOf = (space: string, channel: Channel): string => `${channel} ${space}`;

export const draftOf = (space: string, channel: Channel): string => drafts.get(keyOf(space, channel)) ?? "";

export function keepDraft(space: string, channel: Channel, text: string): void {
	if (text === "") drafts.delete(keyOf(space, channel));
	else drafts.set(keyOf(space, channel), text);
}

/** Puts a text that could not be said before what is typed already. */
export function giveBack(space: string, channel: Channel, text: string): void {
	const typed = draftOf(space, channel);
	keepDraft(space, channel, typed === "" ? text : `${text}\n${typed}`);
}
