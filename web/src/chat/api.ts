// What the chat asks of the API, beside what goes over the socket.

import { call } from "../api/http";
import type { Look } from "../avatar/look";
import type { Channel, DirectMessage } from "../space/words";
import { isDirect, type Message, messageOfDirect, type Place, peerOf } from "./place";
import type { Asked } from "./ranges";

/** Messages of a page: more than a screen, and quick on a phone. */
const PAGE = 50;
/** Around one that is jumped to, on either side. */
export const AROUND = 25;

interface Recorded extends DirectMessage {
	channel: Channel;
	thought: boolean;
}

export interface Page {
	/** Oldest first. */
	messages: Message[];
	more: boolean;
	/** Of direct messages: with whom. */
	peer?: Peer;
}

export interface Peer {
	id: string;
	name: string;
	look: Look | null;
}

interface DirectPage {
	peer: Peer;
	messages: DirectMessage[];
	more: boolean;
	read_to: number;
}

export interface DirectSummary {
	peer_id: string;
	peer_name: string;
	peer_look: Look | null;
	last: DirectMessage;
	unread: number;
	read_to: number;
}

export interface Trace {
	at: number;
	actor_id: string;
	/** Null where they are gone. */
	actor_name: string | null;
	action: "edited" | "deleted";
	text_before: string;
}

export interface Found {
	messages: Message[];
	/** Where to go on; null at the end. */
	before: number | null;
}

const part = encodeURIComponent;
const spaceAt = (space: string): string => `/api/spaces/${part(space)}`;
const directAt = (peer: string): string => `/api/directs/${part(peer)}`;
const put = <T>(path: string, body?: unknown): Promise<T> => call("PUT", path, body);

function messageAt(space: string, { channel, id }: Message): string {
	return isDirect(channel) ? `${directAt(peerOf(channel))}/messages/${id}` : `${spaceAt(space)}/messages/${id}`;
}

const messageOf = (each: Recorded): Message => ({
	...messageOfDirect("", each),
	channel: each.channel,
	thought: each.thought ?? false,
});

/** Before or after an id, or the newest. */
export async function readPage(space: string, place: Place, asked: Asked, limit = PAGE): Promise<Page> {
	const query = new URLSearchParams({ limit: `${limit}`, ...(asked && toText(asked)) });
	const inOrder = <T extends { id: number }>(list: T[]): T[] => list.sort((a, b) => a.id - b.id);
	if (isDirect(place)) {
		const peer = peerOf(place);
		const page = await call<DirectPage>("GET", `${directAt(peer)}?${query}`);
		return { ...page, messages: inOrder(page.messages.map((each) => messageOfDirect(peer, each))) };
	}
	query.set("channel", place);
	const path = `${spaceAt(space)}/messages?${query}`;
	const { messages, more } = await call<{ messages: Recorded[]; more: boolean }>("GET", path);
	return { messages: inOrder(messages.map(messageOf)), more };
}

const toText = (asked: object): Record<string, string> =>
	Object.fromEntries(Object.entries(asked).map(([key, value]) => [key, `${value}`]));

export const readOne = async (space: string, id: number): Promise<Message> =>
	messageOf(await call<Recorded>("GET", `${spaceAt(space)}/messages/${id}`));

/** A direct message comes back whole; of another only the change's id, which is told over the socket. */
export type Changed = DirectMessage | { id: number };

export const edit = (space: string, message: Message, text: string): Promise<Changed> =>
	call("PATCH", messageAt(space, message), { text });
export const remove = (space: string, message: Message): Promise<Changed> => call("DELETE", messageAt(space, message));
export const setReaction = (space: string, message: Message, emoji: string, on: boolean): Promise<Changed> => {
	const path = `${messageAt(space, message)}/reactions/${part(emoji)}`;
	return on ? put(path) : call("DELETE", path);
};
export const traceOf = async (space: string, message: Message): Promise<Trace[]> =>
	(await call<{ entries: Trace[] }>("GET", `${messageAt(space, message)}/trace`)).entries;

export async function search(
	space: string,
	words: string,
	channel: Channel | null,
	before: number | null,
): Promise<Found> {
	const query = new URLSearchParams({
		q: words,
		...(channel && { channel }),
		...(before !== null && { before: `${before}` }),
	});
	const path = `${spaceAt(space)}/search?${query}`;
	const found = await call<{ messages: Recorded[]; more: boolean; before: number | null }>("GET", path);
	return { messages: found.messages.map(messageOf), before: found.more ? found.before : null };
}

export const listDirects = async (): Promise<DirectSummary[]> =>
	(await call<{ directs: DirectSummary[] }>("GET", "/api/directs")).directs;
export const sayDirect = (
	peer: string,
	reference: string,
	text: string,
	replyTo: number,
	giveUp?: AbortSignal,
): Promise<DirectMessage> =>
	call("POST", directAt(peer), { reference, text, ...(replyTo > 0 && { reply_to: replyTo }) }, giveUp);
export const readDirect = (peer: string, upTo: number): Promise<void> => put(`${directAt(peer)}/read`, { up_to: upTo });

export interface Member {
	id: string;
	name: string;
}
/** Who belongs to the space, besides those who are in it. */
export const listMembers = async (space: string): Promise<Member[]> =>
	(await call<{ members: { user: Member }[] }>("GET", `${spaceAt(space)}/users`)).members.map(({ user }) => user);
