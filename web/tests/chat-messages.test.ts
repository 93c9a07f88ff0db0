import { describe, expect, it } from "vitest";
import { draftOf, giveBack, keepDraft } from "../src/chat/drafts";
import { initials, itemsOf } from "../src/chat/grouping";
import { keyOf, lengthOf, merge } from "../src/chat/messages";
import {
	mayNotYet,
	nextWaiting,
	type Outgoing,
	reconnected,
	refused,
	saidAgain,
	unspoken,
	without,
} from "../src/chat/outbox";
import type { Message } from "../src/chat/place";
import { addRange, closeLive, paged, told } from "../src/chat/ranges";

const NOON = new Date(2026, 4, 4, 12).getTime();
const message = (id: number, part: Partial<Message> = {}): Message => ({
	id,
	at: NOON + id,
	channel: "everyone",
	authorId: "ada",
	authorName: "Ada",
	text: `number ${id}`,
	replyTo: 0,
	reference: `r${id}`,
	editedAt: 0,
	deleted: false,
	reactions: [],
	thought: false,
	...part,
});
const ids = (list: readonly Message[]) => list.map(({ id }) => id);

describe("a list of messages", () => {
	it("takes what comes more than once only once, and in order", () => {
		const known = merge([], [message(3), message(5)]);
		expect(ids(merge(known, [message(5), message(4), message(4), message(6)]))).toEqual([3, 4, 5, 6]);
		expect(merge(known, [message(3)])).toBe(known);
	});

	it("tells messages by author and reference, not by id", () => {
		const nearby = [message(0, { reference: "a" }), message(0, { reference: "b" })];
		expect(merge([], nearby)).toEqual(nearby);
		expect(merge(nearby, [message(0, { reference: "a", authorId: "bob" })])).toHaveLength(3);
	});

	it("counts letters as people do", () => {
		expect(lengthOf("  🦊é\n ")).toBe(2);
	});
});

describe("what is known of a history", () => {
	const LIVE = Number.POSITIVE_INFINITY;

	it("joins what overlaps or touches", () => {
		expect(addRange([{ low: 1, high: 5 }], { low: 6, high: 9 })).toEqual([{ low: 1, high: 9 }]);
		expect(addRange([{ low: 8, high: LIVE }], { low: 1, high: 5 })).toEqual([
			{ low: 1, high: 5 },
			{ low: 8, high: LIVE },
		]);
	});

	it("has a gap after a reconnect, until a page fills it", () => {
		let ranges = told([], [message(10), message(11)]);
		ranges = closeLive(ranges, 12);
		ranges = told(ranges, [message(50), message(51)]);
		expect(ranges).toEqual([
			{ low: 10, high: 12 },
			{ low: 50, high: LIVE },
		]);
		ranges = paged(ranges, { before: 50 }, { ids: [49, 30, 13], more: true }, true);
		expect(ranges).toEqual([{ low: 10, high: LIVE }]);
		expect(paged(ranges, { before: 10 }, { ids: [4], more: false }, true)).toEqual([{ low: 0, high: LIVE }]);
	});

	it("knows that a page from another connection says nothing of what is newest", () => {
		expect(paged([], null, { ids: [7, 5], more: true }, false)).toEqual([{ low: 5, high: 7 }]);
		expect(paged([], null, { ids: [], more: false }, true)).toEqual([{ low: 0, high: LIVE }]);
	});
});

describe("a channel as it is shown", () => {
	const shown = (messages: Message[], part = {}) =>
		itemsOf({
			messages,
			ranges: [{ low: 0, high: Number.POSITIVE_INFINITY }],
			outgoing: [],
			self: { id: "bob", name: "Bob" },
			firstNew: null,
			...part,
		});

	it("groups an author's lines, and begins anew for another author, after a while, and on another day", () => {
		const items = shown([
			message(1),
			message(2),
			message(3, { authorId: "cleo", authorName: "Cleo" }),
			message(4),
			message(5, { at: NOON + 20 * 60_000 }),
			message(6, { at: NOON + 24 * 3_600_000 }),
		]);
		expect(items.map((item) => (item.kind === "group" ? item.lines.length : item.kind))).toEqual([
			"begin",
			"day",
			2,
			1,
			1,
			1,
			"day",
			1,
		]);
	});

	it("draws the line above the first new one, and shows where something is missing", () => {
		const ranges = [
			{ low: 1, high: 2 },
			{ low: 9, high: Number.POSITIVE_INFINITY },
		];
		const items = shown([message(1), message(2), message(9)], { ranges, firstNew: keyOf(message(9)) });
		expect(items.map(({ kind }) => kind)).toEqual(["missing", "day", "group", "missing", "new", "group"]);
		expect(shown([], { ranges: [] }).map(({ kind }) => kind)).toEqual(["missing"]);
		expect(shown([], { ranges: null })).toEqual([]);
	});

	it("puts what is not acknowledged last, with its state", () => {
		const items = shown([message(1)], { outgoing: [waiting("x")] });
		const last = items.at(-1);
		expect(last?.kind === "group" && [last.authorName, last.lines[0]?.outgoing?.state]).toEqual(["Bob", "waiting"]);
	});

	it("has letters for who has no picture", () => {
		expect([initials("Ada Lovelace King"), initials("🦊 fox"), initials("  ")]).toEqual(["AL", "🦊F", ""]);
	});
});

const any = () => true;
const waiting = (reference: string, part: Partial<Outgoing> = {}): Outgoing => ({
	reference,
	channel: "everyone",
	text: reference,
	at: NOON,
	replyTo: 0,
	thought: false,
	state: "waiting",
	reason: null,
	handed: true,
	...part,
});

describe("what is not acknowledged", () => {
	it("is said again in order, under a new reference", () => {
		let list = mayNotYet([waiting("a", { state: "sending" }), waiting("b")], "a");
		expect(nextWaiting(list, any)?.reference).toBe("a");
		list = saidAgain(list, "a", "a2");
		expect(list[0]).toMatchObject({ reference: "a2", text: "a", state: "sending" });
		expect(nextWaiting(list, any)?.reference).toBe("b");
		expect(without(list, "a2")).toHaveLength(1);
		expect(without(list, "unknown")).toBe(list);
	});

	it("is left to the client after a reconnect, where the client has it", () => {
		const states = reconnected([waiting("a"), waiting("b", { handed: false })], any).map(({ state }) => state);
		expect(states).toEqual(["sending", "waiting"]);
	});

	it("is never lost: refused or waiting, it goes back into the field", () => {
		const list = refused([waiting("a"), waiting("b"), waiting("c", { state: "sending" })], "a", "text");
		expect(list[0]).toMatchObject({ state: "failed", reason: "text" });
		expect(unspoken(list, true).map(({ text }) => text)).toEqual(["a", "b"]);
		expect(unspoken(list, false)).toHaveLength(3);
		keepDraft("s", "everyone", "typed");
		giveBack("s", "everyone", { text: "refused", picks: [{ name: "Bob", id: "u_b" }] });
		expect(draftOf("s", "everyone")).toEqual({ text: "refused\ntyped", picks: [{ name: "Bob", id: "u_b" }] });
		expect(draftOf("s", "nearby").text).toBe("");
	});
});
