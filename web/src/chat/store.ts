// What the chat's panel shows. Filled by visit.ts; the components read it and ask through its actions.

import { create } from "zustand";
import type { Channel, ChatMessage } from "../space/client";
import { keyOf, merge, unknownOf } from "./messages";
import type { Outgoing } from "./outbox";
import { type Range, told } from "./ranges";
import { keepRead } from "./read";

export interface ChannelState {
	messages: readonly ChatMessage[];
	unread: number;
	/** The key of the message that the line "New" is above. */
	firstNew: string | null;
}

/** What a component may ask for; performed by the visit. */
export interface ChatDoor {
	say(channel: Channel, text: string): void;
	load(before: number | null): void;
	/** Takes back what failed. */
	discard(reference: string): void;
}

export interface ChatState {
	space: string;
	tab: Channel;
	everyone: ChannelState;
	nearby: ChannelState;
	outgoing: readonly Outgoing[];
	ranges: readonly Range[];
	history: { state: "idle" | "loading" | "failed"; before: number | null };
	/** How many read what one writes nearby. */
	near: number;
	/** The channel whose newest message is before somebody's eyes. */
	reading: Channel | null;
	/** Texts taken back into the field so far. */
	edits: number;
	/** The field takes the focus when it comes next; once. */
	wantsField: boolean;
	/** For those who hear the page. */
	news: { text: string; count: number };
	door: ChatDoor | null;
}

const channel = (): ChannelState => ({ messages: [], unread: 0, firstNew: null });

const fresh = (): ChatState => ({
	space: "",
	tab: "everyone",
	everyone: channel(),
	nearby: channel(),
	outgoing: [],
	ranges: [],
	history: { state: "idle", before: null },
	near: 0,
	reading: null,
	edits: 0,
	wantsField: false,
	news: { text: "", count: 0 },
	door: null,
});

export const useChat = create<ChatState>(() => fresh());
const { getState: get, setState: set } = useChat;

const change = (which: Channel, part: Partial<ChannelState>) => set({ [which]: { ...get()[which], ...part } });

export const newestId = (): number => get().everyone.messages.at(-1)?.id ?? 0;

const remember = () => {
	const { space, everyone } = get();
	if (everyone.messages.length > 0) keepRead(space, newestId());
};

export const chatActions = {
	reset: (space: string, door: ChatDoor | null) => set({ ...fresh(), space, door }),
	show: (tab: Channel) => set({ tab }),

	/** Takes in what was told; gives back what was not known. `isNew` says which of it count as unread, if nobody looks. */
	told(which: Channel, incoming: readonly ChatMessage[], isNew: (message: ChatMessage) => boolean): ChatMessage[] {
		const state = get()[which];
		const unknown = unknownOf(state.messages, incoming);
		if (which === "everyone") set({ ranges: told(get().ranges, incoming) });
		if (unknown.length === 0) return unknown;
		const fresh = get().reading === which ? [] : unknown.filter(isNew);
		const first = fresh[0];
		change(which, {
			messages: merge(state.messages, unknown),
			unread: state.unread + fresh.length,
			firstNew: first && state.unread === 0 ? keyOf(first) : state.firstNew,
		});
		if (get().reading === which) remember();
		return unknown;
	},

	/** A page of the record: older, and nothing new in it. */
	paged(messages: readonly ChatMessage[], ranges: readonly Range[]): void {
		set({
			everyone: { ...get().everyone, messages: merge(get().everyone.messages, messages) },
			ranges,
			history: { state: "idle", before: null },
		});
	},

	reading(which: Channel | null): void {
		if (get().reading === which) return;
		set({ reading: which });
		if (which === null) return;
		if (get()[which].unread > 0) change(which, { unread: 0 });
		if (which === "everyone") remember();
	},

	/** The panel closes or shows the other channel: what was read is new no more. */
	left(which: Channel): void {
		chatActions.reading(null);
		if (get()[which].unread === 0 && get()[which].firstNew !== null) change(which, { firstNew: null });
	},

	answered: (which: Channel) => change(which, { firstNew: null }),
	outgoing: (outgoing: readonly Outgoing[]) => set({ outgoing }),
	announce: (text: string) => set({ news: { text, count: get().news.count + 1 } }),
};
