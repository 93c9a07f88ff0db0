// The lasting record, page by page over the API.

import { call } from "../api/http";
import type { Channel, ChatMessage } from "../space/client";

/** Messages of a page: more than a screen, and quick on a phone. */
const PAGE = 50;

interface Recorded {
	id: number;
	channel: Channel;
	author_id: string;
	author_name: string;
	text: string;
	reply_to: number | null;
	reference: string;
	said_at: number;
}

export interface Page {
	messages: ChatMessage[];
	more: boolean;
}

/** What was said before an id; the newest for null. */
export async function readPage(space: string, before: number | null): Promise<Page> {
	const query = new URLSearchParams({ limit: `${PAGE}`, ...(before !== null && { before: `${before}` }) });
	const path = `/api/spaces/${encodeURIComponent(space)}/messages?${query}`;
	const { messages, more } = await call<{ messages: Recorded[]; more: boolean }>("GET", path);
	return { messages: messages.map(messageOf), more };
}

const messageOf = (each: Recorded): ChatMessage => ({
	id: each.id,
	at: each.said_at,
	channel: each.channel,
	authorId: each.author_id,
	authorName: each.author_name,
	text: each.text,
	replyTo: each.reply_to ?? 0,
	reference: each.reference,
});
