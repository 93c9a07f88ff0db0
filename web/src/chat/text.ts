// All words of the chat.

import type { Channel } from "../space/client";
import type { Refusal } from "./outbox";

const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

export const chatText = {
	title: "Chat",
	close: "Close chat",
	button: (unread: number) => (unread === 0 ? "Chat" : `Chat, ${unread} new`),
	channels: { everyone: "Everyone", nearby: "Nearby" } satisfies Record<Channel, string>,
	channelsLabel: "Who reads it",
	unread: (count: number) => (count > 99 ? "99+" : `${count}`),
	unreadSpoken: (count: number) => `${count} new`,
	messages: (channel: Channel) => (channel === "everyone" ? "Messages to everyone" : "Messages to those nearby"),
	time: (at: number) => time.format(at),
	day(at: number): string {
		const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
		return ago === 0 ? "Today" : ago === 1 ? "Yesterday" : day.format(at);
	},
	moment: (at: number) => moment.format(at),
	newSince: "New",
	begin: "This is where it begins.",
	loading: "Fetching what was said…",
	loadingFailed: "What was said before didn't arrive.",
	retry: "Try again",
	jump: (unread: number) => (unread === 0 ? "Newest" : `${unread} new`),
	jumpSpoken: "Go to the newest message",
	empty: {
		everyone: "Nothing said yet.",
		everyoneHelp: "Everyone in this space reads what you write here, now and later.",
		nearby: "Words for those around you.",
		nearbyHelp: "Those you can hear read this. It is not kept.",
	},
	field: { everyone: "Message to everyone", nearby: "Message to those nearby" } satisfies Record<Channel, string>,
	nobodyNear: "Nobody is in earshot. Walk up to someone to write to them here.",
	near: (count: number) => (count === 1 ? "One person nearby reads this." : `${count} people nearby read this.`),
	send: "Send",
	left: (count: number) =>
		count >= 0 ? `${count} characters left` : `${-count} ${count === -1 ? "character" : "characters"} too many`,
	sending: "Sending…",
	offline: "Goes out when you are connected again.",
	waiting: "Waits a moment, then goes out by itself.",
	failed: {
		text: "Not sent: there is nothing in it that can be shown, or it is too long.",
		channel: "Not sent: you can't write here right now.",
		other: "Not sent: the space didn't take it.",
	} satisfies Record<Refusal, string>,
	edit: "Edit",
	discard: "Discard",
	leadsTo: (host: string) => `Leads to ${host}`,
	spoken: (name: string, text: string) => `${name}: ${text}`,
	spokenMany: (count: number) => `${count} new messages`,
};
