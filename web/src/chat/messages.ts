// Messages as a list: told more than once, by the space and by its record, and shown once, in order.

import type { Channel, ChatMessage } from "../space/client";

export const CHANNELS: readonly Channel[] = ["everyone", "nearby"];

/** As in crates/protocol: letters, not bytes or halves of an emoji. */
export const TEXT_CHARS_MAX = 2_000;

export const lengthOf = (text: string): number => [...text.trim()].length;

/** With its author, the reference tells a message; an id alone does not, for what is not kept has none. */
export const keyOf = ({ authorId, reference }: Pick<ChatMessage, "authorId" | "reference">): string =>
	`${authorId}:${reference}`;

/** Those of `incoming` that are not in the list, each once. */
export function unknownOf(known: readonly ChatMessage[], incoming: readonly ChatMessage[]): ChatMessage[] {
	const keys = new Set(known.map(keyOf));
	return incoming.filter((message) => {
		const key = keyOf(message);
		if (keys.has(key)) return false;
		keys.add(key);
		return true;
	});
}

/** Both lists as one: by id where there are ids, else as they came. The same list where nothing is new. */
export function merge(known: readonly ChatMessage[], incoming: readonly ChatMessage[]): readonly ChatMessage[] {
	const fresh = unknownOf(known, incoming);
	if (fresh.length === 0) return known;
	// Sorting keeps the order of equals, and so of those without an id.
	return [...known, ...fresh].sort((a, b) => a.id - b.id);
}
