// A channel as it is shown: days, groups of one author, the line above what is new, and where something is missing.

import { keyOf } from "./messages";
import type { Outgoing } from "./outbox";
import type { Message } from "./place";
import type { Range } from "./ranges";

/** What somebody says within this time stands under one name. */
const GROUP_MS = 5 * 60_000;

export interface Line {
	key: string;
	at: number;
	text: string;
	/** Null while it is not acknowledged. */
	message: Message | null;
	/** Only while it is not acknowledged. */
	outgoing: Outgoing | null;
}

export type Item =
	| { kind: "missing"; key: string; before: number | null; after: number | null }
	| { kind: "begin"; key: string }
	| { kind: "day"; key: string; at: number }
	| { kind: "new"; key: string }
	| { kind: "group"; key: string; authorId: string; authorName: string; lines: Line[] };

export interface Shown {
	messages: readonly Message[];
	/** Null for a channel that has no record. */
	ranges: readonly Range[] | null;
	outgoing: readonly Outgoing[];
	self: { id: string; name: string };
	firstNew: string | null;
}

/** The day around a time, from midnight to midnight; asked once a day, not once a message. */
function dayOf(at: number): { from: number; to: number } {
	const from = new Date(at).setHours(0, 0, 0, 0);
	const next = new Date(from);
	return { from, to: next.setDate(next.getDate() + 1) };
}

export function itemsOf({ messages, ranges, outgoing, self, firstNew }: Shown): Item[] {
	const items: Item[] = [];
	let day = { from: 0, to: 0 };
	let group: Extract<Item, { kind: "group" }> | null = null;
	const part = (item: Item) => {
		items.push(item);
		group = null;
	};
	const add = (authorId: string, authorName: string, line: Line) => {
		if (line.at < day.from || line.at >= day.to) {
			day = dayOf(line.at);
			part({ kind: "day", key: `day ${line.key}`, at: line.at });
		}
		if (line.key === firstNew) part({ kind: "new", key: "new" });
		const last = group?.lines.at(-1);
		// An answer begins anew: what it answers stands above its author.
		const answers = (line.message?.replyTo ?? line.outgoing?.replyTo ?? 0) > 0;
		if (
			group &&
			last &&
			!answers &&
			group.authorId === authorId &&
			group.authorName === authorName &&
			line.at - last.at < GROUP_MS
		) {
			group.lines.push(line);
			return;
		}
		group = { kind: "group", key: `group ${line.key}`, authorId, authorName, lines: [line] };
		items.push(group);
	};

	const gaps = [...(ranges ?? [])];
	if (ranges && gaps.length === 0) part({ kind: "missing", key: "missing newest", before: null, after: null });
	let after: number | null = null;
	const beginRanges = (upTo: number) => {
		while (gaps[0] && gaps[0].low <= upTo) {
			const { low, high } = gaps.shift() as Range;
			if (low === 0) part({ kind: "begin", key: "begin" });
			else part({ kind: "missing", key: `missing ${low}`, before: low, after });
			after = high;
		}
	};
	for (const message of messages) {
		beginRanges(message.id);
		const { at, text, authorId, authorName } = message;
		add(authorId, authorName, { key: keyOf(message), at, text, message, outgoing: null });
	}
	beginRanges(Number.POSITIVE_INFINITY);
	// The newest stretch that is known does not reach to now: what comes after it is still to be fetched.
	if (after !== null && after !== Number.POSITIVE_INFINITY)
		part({ kind: "missing", key: "missing end", before: null, after });
	for (const each of outgoing) {
		const key = keyOf({ authorId: self.id, reference: each.reference });
		add(self.id, self.name, { key, at: each.at, text: each.text, message: null, outgoing: each });
	}
	return items;
}

/** For a picture of somebody whose look is not known: the first letters of the first two words. */
export function initials(name: string): string {
	const words = name.trim().split(/\s+/).slice(0, 2);
	return words.map((word) => ([...word][0] ?? "").toUpperCase()).join("");
}
