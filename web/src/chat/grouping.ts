// A channel as it is shown: days, groups of one author, the line above what is new, and where something is missing.

import type { ChatMessage } from "../space/client";
import { keyOf } from "./messages";
import type { Outgoing } from "./outbox";
import type { Range } from "./ranges";

/** What somebody says within this time stands under one name. */
const GROUP_MS = 5 * 60_000;

export interface Line {
	key: string;
	at: number;
	text: string;
	/** Only while it is not acknowledged. */
	outgoing: Outgoing | null;
}

export type Item =
	| { kind: "missing"; key: string; before: number | null }
	| { kind: "begin"; key: string }
	| { kind: "day"; key: string; at: number }
	| { kind: "new"; key: string }
	| { kind: "group"; key: string; authorId: string; authorName: string; lines: Line[] };

export interface Shown {
	messages: readonly ChatMessage[];
	/** Null for a channel that has no record. */
	ranges: readonly Range[] | null;
	outgoing: readonly Outgoing[];
	self: { id: string; name: string };
	firstNew: string | null;
}

export function itemsOf({ messages, ranges, outgoing, self, firstNew }: Shown): Item[] {
	const items: Item[] = [];
	let day = "";
	let group: Extract<Item, { kind: "group" }> | null = null;
	const part = (item: Item) => {
		items.push(item);
		group = null;
	};
	const add = (authorId: string, authorName: string, line: Line) => {
		const on = new Date(line.at).toDateString();
		if (on !== day) part({ kind: "day", key: `day ${line.key}`, at: line.at });
		day = on;
		if (line.key === firstNew) part({ kind: "new", key: "new" });
		const last = group?.lines.at(-1);
		if (
			group &&
			last &&
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
	if (ranges && gaps.length === 0) part({ kind: "missing", key: "missing newest", before: null });
	const beginRanges = (upTo: number) => {
		while (gaps[0] && gaps[0].low <= upTo) {
			const { low } = gaps.shift() as Range;
			part(low === 0 ? { kind: "begin", key: "begin" } : { kind: "missing", key: `missing ${low}`, before: low });
		}
	};
	for (const message of messages) {
		beginRanges(message.id);
		const { at, text, authorId, authorName } = message;
		add(authorId, authorName, { key: keyOf(message), at, text, outgoing: null });
	}
	beginRanges(Number.POSITIVE_INFINITY);
	for (const each of outgoing) {
		const key = keyOf({ authorId: self.id, reference: each.reference });
		add(self.id, self.name, { key, at: each.at, text: each.text, outgoing: each });
	}
	return items;
}

/** For a picture of somebody whose look is not known: the first letters of the first two words. */
export function initials(name: string): string {
	const words = name.trim().split(/\s+/).slice(0, 2);
	return words.map((word) => ([...word][0] ?? "").toUpperCase()).join("");
}
