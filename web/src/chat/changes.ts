// What becomes of messages: edits, deletions, reactions. A change may be told again, and may overtake the message it is about;
// a page of the record may be older than what was told meanwhile. So changes are kept for a while, and applied again to
// whatever comes in: as crates/protocol does it, that changes nothing where they are in it already.

import type { MessageChange, Reaction } from "../space/words";
import type { Message } from "./place";

/** People who are named with a reaction; beyond them they are only counted. */
const NAMED_MAX = 50;
/** Changes that are kept for pages yet to come. */
const KEPT_MAX = 500;

/** Changes that were told on this connection, by the id of their message, oldest first. */
export type Kept = ReadonlyMap<number, readonly MessageChange[]>;

export function apply(message: Message, change: MessageChange): Message {
	switch (change.kind) {
		case "edited":
			if (message.deleted || change.at < message.editedAt) return message;
			if (message.text === change.text && message.editedAt === change.at) return message;
			return { ...message, text: change.text, editedAt: change.at };
		case "deleted":
			return message.deleted ? message : { ...message, text: "", deleted: true, reactions: [] };
		case "reacted":
			return message.deleted ? message : withReactions(message, react(message.reactions, change.emoji, change.actorId));
		case "unreacted":
			return withReactions(message, unreact(message.reactions, change.emoji, change.actorId));
	}
}

const withReactions = (message: Message, reactions: Reaction[]): Message =>
	reactions === message.reactions ? message : { ...message, reactions };

export function react(reactions: Reaction[], emoji: string, userId: string): Reaction[] {
	const known = reactions.find((each) => each.emoji === emoji);
	if (!known) return [...reactions, { emoji, userIds: [userId], count: 1 }];
	if (known.userIds.includes(userId)) return reactions;
	const userIds = known.userIds.length < NAMED_MAX ? [...known.userIds, userId] : known.userIds;
	return reactions.map((each) => (each === known ? { emoji, userIds, count: each.count + 1 } : each));
}

export function unreact(reactions: Reaction[], emoji: string, userId: string): Reaction[] {
	const known = reactions.find((each) => each.emoji === emoji);
	if (!known?.userIds.includes(userId)) return reactions;
	const userIds = known.userIds.filter((each) => each !== userId);
	return reactions
		.map((each) => (each === known ? { emoji, userIds, count: each.count - 1 } : each))
		.filter(({ count }) => count > 0);
}

/** Keeps changes; each once, by its id. */
export function keep(kept: Kept, changes: readonly MessageChange[]): Kept {
	const next = new Map(kept);
	for (const change of changes) {
		const list = next.get(change.messageId) ?? [];
		if (list.some(({ id }) => id === change.id)) continue;
		next.delete(change.messageId);
		next.set(
			change.messageId,
			[...list, change].sort((a, b) => a.id - b.id),
		);
	}
	// A map gives its keys back in the order in which they came: the first is the one that nothing became of for longest.
	for (const id of next.keys()) {
		if (next.size <= KEPT_MAX) break;
		next.delete(id);
	}
	return next;
}

/** Messages as they are after all that is known to have become of them. The same list where nothing did. */
export function applied(messages: readonly Message[], kept: Kept): readonly Message[] {
	if (kept.size === 0) return messages;
	let same = true;
	const next = messages.map((message) => {
		const now = (kept.get(message.id) ?? []).reduce(apply, message);
		if (now !== message) same = false;
		return now;
	});
	return same ? messages : next;
}
