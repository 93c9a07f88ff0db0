// All words of the chat.

import type { Refusal } from "./outbox";
import { isArea, isDirect, type Place } from "./place";

const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const list = new Intl.ListFormat(undefined, { type: "conjunction" });

const daysAgo = (at: number): number =>
	Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);

export const chatText = {
	title: "Chat",
	close: "Close chat",
	button: (unread: number) => (unread === 0 ? "Chat" : `Chat, ${unread} new`),
	someone: "someone",
	you: "You",
	all: "All conversations",
	allUnread: (count: number) => `All conversations, ${count} new elsewhere`,
	everyone: "Everyone",
	nearby: "Nearby",
	groups: { space: "In this space", channels: "Channels", directs: "Direct messages" },
	directsEmpty: "Nobody yet. Choose somebody in the list of people to write to them.",
	directsFailed: "Your conversations didn't arrive.",
	begunWith: "Nothing written yet",
	unread: (count: number) => (count > 99 ? "99+" : `${count}`),
	unreadSpoken: (count: number) => `${count} new`,
	/** Who can read it. */
	readers(place: Place, name: string, near: number): string {
		if (place === "everyone") return "Everyone in this space reads this, now and later";
		if (place === "nearby")
			return near === 0
				? "Those you can hear read this"
				: near === 1
					? "One person nearby reads this"
					: `${near} people nearby read this`;
		if (isArea(place)) return `Whoever is inside ${name} reads this, now and later`;
		return isDirect(place) ? `Only ${name} and you read this` : "Everyone in this space reads this";
	},
	listed(place: Place): string {
		if (place === "everyone") return "All who are here, now and later";
		if (place === "nearby") return "Those you can hear; not kept";
		return "Whoever is inside, now and later";
	},
	messages: (name: string) => `Messages: ${name}`,
	time: (at: number) => time.format(at),
	/** For a list: the time today, the day before. */
	shortly: (at: number) => (daysAgo(at) === 0 ? time.format(at) : daysAgo(at) === 1 ? "Yesterday" : date.format(at)),
	day: (at: number) => (daysAgo(at) === 0 ? "Today" : daysAgo(at) === 1 ? "Yesterday" : day.format(at)),
	moment: (at: number) => moment.format(at),
	newSince: "New",
	begin: "This is where it begins.",
	loading: "Fetching what was said…",
	loadingFailed: "What was said before didn't arrive.",
	retry: "Try again",
	jump: (unread: number) => (unread === 0 ? "Newest" : `${unread} new`),
	jumpSpoken: "Go to the newest message",
	empty(place: Place, name: string): [string, string] {
		if (place === "everyone") return ["Nothing said yet.", "Say hello to everyone."];
		if (place === "nearby") return ["Words for those around you.", "Those you can hear read this. It is not kept."];
		if (isArea(place))
			return [
				`Only in ${name}`,
				"Whoever is inside reads this, also later; from outside nobody but the space's moderators, when they have to judge.",
			];
		if (isDirect(place)) return [`Say hello to ${name}`, "Only the two of you read this, wherever you are."];
		return [`Welcome to ${name}`, "Nothing has been said here yet."];
	},
	field(place: Place, name: string): string {
		if (place === "everyone") return "Message to everyone";
		if (place === "nearby") return "Message to those nearby";
		return isArea(place) ? `Message to ${name}` : `Message to ${name}`;
	},
	fieldThought: "A thought, for those nearby to see",
	nobodyNear: "Nobody is in earshot. Walk up to someone to write to them here.",
	announced: "Announcements",
	announcements: "Only those who look after this space write here.",
	send: "Send",
	save: "Save",
	emoji: "Emoji",
	thought: "Think it, don't say it",
	left: (count: number) =>
		count >= 0 ? `${count} characters left` : `${-count} ${count === -1 ? "character" : "characters"} too many`,
	slow: (seconds: number) => `Slow mode: the next message goes in ${seconds} s`,
	fast: (seconds: number) => `A little slower: the next message goes in ${seconds} s`,
	slowMode: (seconds: number) =>
		`Slow mode: one message every ${seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} s`}`,
	typing: (names: readonly string[]) =>
		names.length > 3
			? "Several people are typing…"
			: `${list.format(names)} ${names.length === 1 ? "is" : "are"} typing…`,
	suggestions: "Suggestions",
	suggested: (count: number) => (count === 1 ? "1 suggestion" : `${count} suggestions`),
	notHere: "not here",
	replyingTo: (name: string) => `Answering ${name}`,
	editing: "Editing your message",
	cancel: "Cancel",
	sending: "Sending…",
	offline: "Goes out when you are connected again.",
	waiting: "Waits a moment, then goes out by itself.",
	failed: {
		text: "Not sent: there is nothing in it that can be shown, or it is too long.",
		channel: "Not sent: you can't write here right now.",
		word: "Not sent: there is a word in it that is not wanted in this space.",
		blocked: "Not sent: one of you has blocked the other.",
		strangers: "Not sent: you two were never in the same space.",
		unsure: "The connection broke as this was sent, so it may not have been said.",
		other: "Not sent: the space didn't take it.",
	} satisfies Record<Refusal, string>,
	edit: "Edit",
	discard: "Discard",
	edited: "edited",
	editedAt: (at: number) => `Edited ${moment.format(at)}`,
	deleted: "Message deleted",
	thinks: "thought",
	thoughtsNearby: "Thoughts hang over your head, for those around you: think them in Nearby.",
	leadsTo: (host: string) => `Leads to ${host}`,
	copyCode: "Copy code",
	copied: "Copied",
	gone: "A message that is not there any more",
	earlier: "An earlier message",
	/** Before the name of whom it answers. */
	answers: "In answer to",
	message: (name: string, at: number) => `${name}, ${time.format(at)}`,
	actions: "Message actions",
	more: "More",
	react: "React",
	reply: "Answer",
	copy: "Copy text",
	report: "Report…",
	block: (name: string) => `Block ${name}…`,
	trace: "What it said before…",
	remove: "Delete…",
	reaction: (emoji: string, count: number, names: string) => `${emoji}, ${count}: ${names}`,
	reactedBy(names: readonly string[], count: number): string {
		const more = count - names.length;
		return list.format(more > 0 ? [...names, more === 1 ? "one more" : `${more} more`] : names);
	},
	addReaction: "Add a reaction",
	deed: {
		delete: "Delete this message?",
		deleteHelp: "It is gone for everyone, and cannot be taken back.",
		deleteDo: "Delete",
		keep: "Keep it",
		trace: "What it said before",
		traceEmpty: "Nothing is kept of it any more.",
		traceEntry: (action: "edited" | "deleted", name: string) => `${name} ${action} it`,
		close: "Close",
	},
	search: "Search messages",
	searchClose: "Close search",
	searchIn: { all: "Everywhere", here: (name: string) => `In ${name}` },
	searchHint: "Find what was said here, in all channels that everyone reads.",
	searching: "Searching…",
	searchNone: (words: string) => `Nothing found for “${words}”.`,
	searchFailed: "The search didn't get through.",
	searchMore: "More results",
	searchFound: (count: number, more: boolean) => `${count}${more ? " or more" : ""} found`,
	clear: "Clear",
	leftArea: (name: string) => `You left ${name}. What is said there stays there.`,
	spoken: (name: string, words: string) => `${name}: ${words}`,
	spokenToYou: (name: string, words: string) => `${name} writes to you: ${words}`,
	spokenMany: (count: number) => `${count} new messages`,
};
