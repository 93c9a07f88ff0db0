// Where something is written: a channel of the space, or a direct message to somebody. Both are shown by the same parts.

import type { Channel, ChatMessage, DirectMessage } from "../space/words";

export type DirectPlace = `dm/${string}`;
export type Place = Channel | DirectPlace;

/** A message wherever it was written; a direct one looks like any other. */
export type Message = Omit<ChatMessage, "channel"> & { channel: Place };

export const directWith = (userId: string): DirectPlace => `dm/${userId}`;
export const isDirect = (place: Place): place is DirectPlace => place.startsWith("dm/");
export const peerOf = (place: DirectPlace): string => place.slice("dm/".length);
export const isArea = (place: Place): place is `area/${number}` => place.startsWith("area/");
export const isNamed = (place: Place): place is `c/${number}` => place.startsWith("c/");
/** What is said nearby has no record, and so no ids. */
export const isKept = (place: Place): boolean => place !== "nearby";

export const messageOfDirect = (peer: string, each: DirectMessage): Message => ({
	id: each.id,
	at: each.said_at,
	channel: directWith(peer),
	authorId: each.author_id,
	authorName: each.author_name,
	text: each.text,
	replyTo: each.reply_to ?? 0,
	reference: each.reference,
	editedAt: each.edited_at ?? 0,
	deleted: each.deleted,
	reactions: each.reactions.map(({ emoji, user_ids, count }) => ({ emoji, userIds: user_ids, count })),
	thought: false,
});
