// What the chat's panel shows. Filled by visit.ts and directs.ts; the components read it and ask through its actions.

import { create } from "zustand";
import type { Look } from "../avatar/look";
import type { MessageChange, NamedChannel } from "../space/words";
import { spaceActions, useSpace } from "../state/space";
import type { Page } from "./api";
import { applied, type Kept, keep } from "./changes";
import { focusField } from "./focus";
import { keyOf, merge, unknownOf } from "./messages";
import type { Outgoing } from "./outbox";
import { directWith, isDirect, isKept, type Message, type Place, peerOf } from "./place";
import { type Asked, paged, type Range, told } from "./ranges";
import { keepRead } from "./read";

export interface PlaceState {
	messages: readonly Message[];
	/** Null for a place that has no record. */
	ranges: readonly Range[] | null;
	unread: number;
	/** The key of the message that the line "New" is above. */
	firstNew: string | null;
	/** Which part of the record is being fetched, or could not be. */
	loading: { asked: Asked; failed: boolean } | null;
}

export interface DirectEntry {
	peerId: string;
	name: string;
	look: Look | null;
	/** Null where nothing was written yet. */
	last: Message | null;
	unread: number;
	readTo: number;
}

/** What a component may ask for; performed by the visit. */
export interface ChatDoor {
	say(place: Place, text: string, replyTo: number, thought: boolean): void;
	load(place: Place, asked: Asked): void;
	/** Takes back what failed. */
	discard(reference: string): void;
	edit(message: Message, text: string): Promise<void>;
	remove(message: Message): Promise<void>;
	react(message: Message, emoji: string, on: boolean): void;
	/** Fetches a message that another one answers. */
	find(place: Place, id: number): void;
	/** Fetches what is around a message, and shows it. */
	jump(place: Place, id: number): void;
	/** Which place is open before somebody's eyes. */
	look(place: Place | null): void;
	typing(): void;
	/** All of a direct conversation that is there was read. */
	read(peerId: string): void;
	/** The lists behind the panel: conversations, members. */
	refresh(): void;
}

export type Deed = { kind: "delete" | "trace"; message: Message };

export interface ChatState {
	space: string;
	tab: Place;
	view: "thread" | "list" | "search";
	places: Readonly<Partial<Record<Place, PlaceState>>>;
	kept: Kept;
	/** The private area one is in. */
	area: { channel: Place; name: string } | null;
	channels: readonly NamedChannel[];
	slowModeS: number;
	/** Until then the space takes nothing more from oneself. */
	waitUntil: number;
	directs: readonly DirectEntry[];
	directsState: "loading" | "there" | "failed";
	outgoing: readonly Outgoing[];
	/** How many read what one writes nearby. */
	near: number;
	/** The place whose newest message is before somebody's eyes. */
	reading: Place | null;
	/** Texts taken back into the field so far. */
	edits: number;
	/** The field takes the focus when it comes next; once. */
	wantsField: boolean;
	replying: Readonly<Partial<Record<Place, Message>>>;
	editing: Message | null;
	typing: readonly { place: Place; userId: string; name: string; until: number }[];
	/** Messages that others answer, by place and id; null: it is not to be had. */
	originals: Readonly<Record<string, Message | null>>;
	/** The message to be shown and flashed next. */
	target: { place: Place; id: number; count: number } | null;
	deed: Deed | null;
	/** Names of people who are not here. */
	names: ReadonlyMap<string, string>;
	/** For those who hear the page. */
	news: { text: string; count: number };
	door: ChatDoor | null;
}

const place = (which: Place): PlaceState => ({
	messages: [],
	ranges: isKept(which) ? [] : null,
	unread: 0,
	firstNew: null,
	loading: null,
});
const NOWHERE = place("nearby");
const UNSEEN: PlaceState = place("everyone");

const fresh = (): ChatState => ({
	space: "",
	tab: "everyone",
	view: "thread",
	places: {},
	kept: new Map(),
	area: null,
	channels: [],
	slowModeS: 0,
	waitUntil: 0,
	directs: [],
	directsState: "loading",
	outgoing: [],
	near: 0,
	reading: null,
	edits: 0,
	wantsField: false,
	replying: {},
	editing: null,
	typing: [],
	originals: {},
	target: null,
	deed: null,
	names: new Map(),
	news: { text: "", count: 0 },
	door: null,
});

/** Goes on from visit to visit: the list remembers which one it has shown. */
let targets = 0;

export const useChat = create<ChatState>(() => fresh());
const { getState: get, setState: set } = useChat;

/** The same object for every place that nothing is known of, so that nobody draws for nothing. */
export const placeIn = ({ places }: ChatState, which: Place): PlaceState =>
	places[which] ?? (isKept(which) ? UNSEEN : NOWHERE);
export const originalKey = (which: Place, id: number): string => `${which} ${id}`;
export const unreadIn = ({ places, directs }: ChatState): number =>
	Object.entries(places).reduce(
		(sum, [which, state]) => sum + (isDirect(which as Place) ? 0 : (state?.unread ?? 0)),
		0,
	) + directs.reduce((sum, { unread }) => sum + unread, 0);
export const newestIn = (which: Place): number => placeIn(get(), which).messages.at(-1)?.id ?? 0;

const change = (which: Place, part: Partial<PlaceState>) =>
	set({ places: { ...get().places, [which]: { ...placeIn(get(), which), ...part } } });

const changeDirect = (peerId: string, part: Partial<DirectEntry>) =>
	set({ directs: get().directs.map((each) => (each.peerId === peerId ? { ...each, ...part } : each)) });

/** One has seen the newest. */
function seen(which: Place): void {
	const newest = newestIn(which);
	if (newest === 0) return;
	if (isDirect(which)) get().door?.read(peerOf(which));
	else keepRead(get().space, which, newest);
}

/** The first that a peer wrote since one last read what is there. */
function firstUnread(peerId: string, messages: readonly Message[]): Message | null {
	const entry = get().directs.find((each) => each.peerId === peerId);
	if (!entry || entry.unread === 0) return null;
	return messages.find(({ id, authorId }) => id > entry.readTo && authorId === peerId) ?? null;
}

/** Names for whoever is mentioned and not here. */
function learnNames(known: Iterable<{ id: string; name: string }>): void {
	const before = get().names;
	const next = new Map(before);
	for (const { id, name } of known) next.set(id, name);
	if (next.size > before.size || [...next].some(([id, name]) => before.get(id) !== name)) set({ names: next });
}
const authors = (messages: readonly Message[]) =>
	messages.map(({ authorId, authorName }) => ({ id: authorId, name: authorName }));

export const chatActions = {
	reset: (space: string, door: ChatDoor | null) => set({ ...fresh(), space, door }),
	show: (tab: Place) => set({ tab, view: "thread", editing: null }),
	view: (view: ChatState["view"]) => set({ view }),
	learnNames,

	/** Opens the panel at a channel; the field takes the focus. */
	openChannel(channel: Place): void {
		set({ tab: channel, view: "thread", editing: null, wantsField: true });
		if (useSpace.getState().panel !== "chat") spaceActions.togglePanel("chat", true);
	},

	/** Opens the panel at the conversation with somebody, whether one has written to each other or not. */
	openDirect(userId: string): void {
		const { directs, names } = get();
		if (!directs.some(({ peerId }) => peerId === userId)) {
			const person = [...useSpace.getState().people.values()].find((each) => each.userId === userId);
			const name = person?.name ?? names.get(userId) ?? "";
			const entry = { peerId: userId, name, look: person?.look ?? null, last: null, unread: 0, readTo: 0 };
			set({ directs: [entry, ...directs] });
		}
		chatActions.openChannel(directWith(userId));
	},

	/** Takes in what was told; gives back what was not known. `isNew` says which of it count as unread, if nobody looks. */
	told(which: Place, incoming: readonly Message[], isNew: (message: Message) => boolean): Message[] {
		const state = placeIn(get(), which);
		const unknown = unknownOf(state.messages, incoming);
		const messages = merge(state.messages, incoming);
		const reading = get().reading === which;
		const added = reading ? [] : unknown.filter(isNew);
		const first = added[0];
		change(which, {
			messages,
			ranges: state.ranges && told(state.ranges, incoming),
			unread: state.unread + added.length,
			firstNew: first && state.unread === 0 ? keyOf(first) : state.firstNew,
		});
		learnNames(authors(unknown));
		if (reading && unknown.length > 0) seen(which);
		return unknown;
	},

	/** What became of messages of the space. */
	changed(changes: readonly MessageChange[]): void {
		const kept = keep(get().kept, changes);
		set({ kept });
		const ids = new Set(changes.map(({ messageId }) => messageId));
		const these: Kept = new Map([...kept].filter(([id]) => ids.has(id)));
		for (const which of new Set(changes.map(({ channel }) => channel))) {
			const known = get().places[which];
			if (!known) continue;
			const messages = applied(known.messages, these);
			if (messages !== known.messages) change(which, { messages });
		}
		const originals = Object.entries(get().originals).map(
			([key, message]) => [key, message && (applied([message], these)[0] ?? null)] as const,
		);
		set({ originals: Object.fromEntries(originals) });
	},

	/** A direct message as it is now. */
	replaced(which: Place, message: Message): void {
		const state = placeIn(get(), which);
		const known = state.messages.some((each) => keyOf(each) === keyOf(message));
		if (known) change(which, { messages: merge(state.messages, [message]) });
	},

	loading: (which: Place, asked: Asked, failed = false) => change(which, { loading: { asked, failed } }),

	/** A page of the record: nothing new in it, but in a conversation that was not looked at here yet. */
	paged(which: Place, asked: Asked, page: Page, live: boolean): void {
		const state = placeIn(get(), which);
		const first =
			isDirect(which) && asked === null && !state.firstNew ? firstUnread(peerOf(which), page.messages) : null;
		const { peer } = page;
		if (peer) changeDirect(peer.id, { name: peer.name, look: peer.look });
		const messages = isDirect(which) ? page.messages : applied(page.messages, get().kept);
		const ids = page.messages.map(({ id }) => id);
		change(which, {
			messages: merge(state.messages, messages),
			ranges: state.ranges && paged(state.ranges, asked, { ids, more: page.more }, live),
			loading: null,
			...(first && { firstNew: keyOf(first) }),
		});
		learnNames(peer ? [...authors(page.messages), peer] : authors(page.messages));
		if (get().reading === which) seen(which);
	},

	ranges(which: Place, next: (ranges: readonly Range[]) => readonly Range[]): void {
		const state = placeIn(get(), which);
		if (state.ranges) change(which, { ranges: next(state.ranges) });
	},

	/** An area was left, a channel deleted: what was said there is for those who are there. */
	gone(which: Place): void {
		const { [which]: _, ...places } = get().places;
		set({ places, ...(get().tab === which && { tab: "everyone" as const, editing: null }) });
	},

	reading(which: Place | null): void {
		if (get().reading === which) return;
		set({ reading: which });
		if (which === null) return;
		if (placeIn(get(), which).unread > 0) change(which, { unread: 0 });
		if (isDirect(which)) changeDirect(peerOf(which), { unread: 0 });
		seen(which);
	},

	/** The panel closes or shows another place: what was read is new no more. */
	left(which: Place): void {
		chatActions.reading(null);
		const state = get().places[which];
		if (state && state.unread === 0 && state.firstNew !== null) change(which, { firstNew: null });
	},

	answered: (which: Place) => get().places[which]?.firstNew && change(which, { firstNew: null }),

	directs: (directs: readonly DirectEntry[]) => set({ directs, directsState: "there" }),
	/** Something was written between two: their conversation is the first now. */
	directTold(entry: Pick<DirectEntry, "peerId" | "name">, last: Message, isNew: boolean): void {
		const { directs } = get();
		const known = directs.find(({ peerId }) => peerId === entry.peerId);
		const person = [...useSpace.getState().people.values()].find(({ userId }) => userId === entry.peerId);
		const before = known ?? { ...entry, look: person?.look ?? null, last: null, unread: 0, readTo: 0 };
		// An older one told again changes nothing.
		const newer = last.id > (before.last?.id ?? 0);
		const now = {
			...before,
			name: entry.name || before.name,
			last: newer || last.id === before.last?.id ? last : before.last,
			unread: before.unread + (isNew ? 1 : 0),
		};
		const others = directs.filter(({ peerId }) => peerId !== entry.peerId);
		set({ directs: newer ? [now, ...others] : directs.map((each) => (each.peerId === entry.peerId ? now : each)) });
	},
	directRead(peerId: string, upTo: number): void {
		const known = get().directs.find((each) => each.peerId === peerId);
		if (!known || upTo < known.readTo) return;
		const unread = (known.last?.id ?? 0) <= upTo ? 0 : known.unread;
		changeDirect(peerId, { readTo: upTo, unread });
		const which = directWith(peerId);
		if (unread === 0 && placeIn(get(), which).unread > 0) change(which, { unread: 0 });
	},

	reply(message: Message): void {
		set({ replying: { ...get().replying, [message.channel]: message }, editing: null });
		focusField();
	},
	noReply(which: Place): void {
		const { [which]: _, ...replying } = get().replying;
		set({ replying });
	},
	edit: (message: Message | null) => set({ editing: message, wantsField: true }),
	deed: (deed: Deed | null) => set({ deed }),
	found: (which: Place, id: number, message: Message | null) =>
		set({ originals: { ...get().originals, [originalKey(which, id)]: message } }),
	target: (which: Place, id: number) =>
		set({ target: { place: which, id, count: ++targets }, tab: which, view: "thread" }),
	outgoing: (outgoing: readonly Outgoing[]) => set({ outgoing }),
	announce: (text: string) => set({ news: { text, count: get().news.count + 1 } }),
};
