// Messages as a list: told more than once, by the space and by its record, and shown once, in order, as they are now.

import type { Message } from "./place";

/** As in crates/protocol: letters, not bytes or halves of an emoji. */
export const TEXT_CHARS_MAX = 2_000;

export const lengthOf = (text: string): number => [...text.trim()].length;

/** With its author, the reference tells a message; an id alone does not, for what is not kept has none. */
export const keyOf = ({ authorId, reference }: Pick<Message, "authorId" | "reference">): string =>
	`${authorId}:${reference}`;

/** Those of `incoming` that are not in the list, each once. */
export function unknownOf(known: readonly Message[], incoming: readonly Message[]): Message[] {
	const keys = new Set(known.map(keyOf));
	return incoming.filter((message) => {
		const key = keyOf(message);
		if (keys.has(key)) return false;
		keys.add(key);
		return true;
	});
}

/**
 * Both lists as one: by id where there are ids, else as they came. Of one that comes again the later telling holds. The same
 * list, and the same messages in it, where nothing is other than it was.
 */
export function merge(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
	if (incoming.length === 0) return known;
	const told = new Map(incoming.map((message) => [keyOf(message), message]));
	let same = true;
	const renewed = known.map((message) => {
		const again = told.get(keyOf(message));
		if (!again || isSame(message, again)) return message;
		same = false;
		return again;
	});
	const fresh = unknownOf(known, incoming);
	if (fresh.length === 0) return same ? known : renewed;
	// Sorting keeps the order of equals, and so of those without an id.
	return [...renewed, ...fresh].sort((a, b) => a.id - b.id);
}

function isSame(a: Message, b: Message): boolean {
	return (
		a.text === b.text &&
		a.editedAt === b.editedAt &&
		a.deleted === b.deleted &&
		a.authorName === b.authorName &&
		a.reactions.length === b.reactions.length &&
		a.reactions.every((each, i) => {
			const other = b.reactions[i];
			return other?.emoji === each.emoji && other.count === each.count && `${other.userIds}` === `${each.userIds}`;
		})
	);
}
