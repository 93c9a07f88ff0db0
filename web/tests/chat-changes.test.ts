import { describe, expect, it } from "vitest";
import { applied, apply, keep, react, unreact } from "../src/chat/changes";
import { merge } from "../src/chat/messages";
import type { Message } from "../src/chat/place";
import { messageOfDirect } from "../src/chat/place";
import { addRange, isKnown, paged } from "../src/chat/ranges";
import type { MessageChange } from "../src/space/words";

const message = (id: number, part: Partial<Message> = {}): Message => ({
	id,
	at: id,
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
const change = (id: number, kind: MessageChange["kind"], part: Partial<MessageChange> = {}): MessageChange => ({
	id,
	at: id,
	channel: "everyone",
	actorId: "bob",
	messageId: 1,
	kind,
	text: "",
	emoji: "",
	...part,
});

describe("what becomes of a message", () => {
	it("is applied again without a difference", () => {
		const changes = [
			change(2, "edited", { text: "better" }),
			change(3, "reacted", { emoji: "👍" }),
			change(4, "reacted", { emoji: "👍", actorId: "cleo" }),
			change(5, "unreacted", { emoji: "👍" }),
		];
		const once = changes.reduce(apply, message(1));
		expect(once).toMatchObject({
			text: "better",
			editedAt: 2,
			reactions: [{ emoji: "👍", userIds: ["cleo"], count: 1 }],
		});
		expect(changes.reduce(apply, once)).toEqual(once);
		for (const each of changes) {
			const now = apply(message(1), each);
			expect(apply(now, each)).toBe(now);
		}
	});

	it("ends with its deletion", () => {
		const gone = apply(message(1, { reactions: [{ emoji: "👍", userIds: ["bob"], count: 1 }] }), change(2, "deleted"));
		expect(gone).toMatchObject({ deleted: true, text: "", reactions: [] });
		expect(apply(gone, change(3, "edited", { text: "again" }))).toBe(gone);
		expect(apply(gone, change(4, "reacted", { emoji: "👍" }))).toBe(gone);
	});

	it("does not go back to an older edit", () => {
		const edited = message(1, { text: "newest", editedAt: 9 });
		expect(apply(edited, change(2, "edited", { text: "older" }))).toBe(edited);
	});

	it("counts people once, and names the first fifty", () => {
		let reactions = react([], "👍", "u0");
		for (let n = 0; n < 60; n++) reactions = react(reactions, "👍", `u${n}`);
		expect(reactions[0]?.count).toBe(60);
		expect(reactions[0]?.userIds).toHaveLength(50);
		expect(unreact(reactions, "👍", "nobody")).toBe(reactions);
		expect(unreact(react([], "🎉", "ada"), "🎉", "ada")).toEqual([]);
	});
});

describe("changes that were told", () => {
	it("hold for a page of the record that is older than they are", () => {
		const kept = keep(new Map(), [
			change(8, "edited", { text: "now" }),
			change(7, "reacted", { emoji: "👍" }),
			change(8, "edited", { text: "now" }),
		]);
		expect(kept.get(1)).toHaveLength(2);
		const page = applied([message(1), message(2)], kept);
		expect(page[0]).toMatchObject({ text: "now", reactions: [{ emoji: "👍", count: 1 }] });
		expect(applied(page, kept)).toBe(page);
		expect(applied(page, new Map())).toBe(page);
	});

	it("are forgotten, the oldest first", () => {
		const many = Array.from({ length: 600 }, (_, n) => change(n + 10, "deleted", { messageId: n }));
		const kept = keep(new Map(), many);
		expect(kept.size).toBe(500);
		expect([kept.has(0), kept.has(599)]).toEqual([false, true]);
	});

	it("come again with the message itself, as it is now", () => {
		const known = [message(1), message(2)];
		const again = merge(known, [message(1, { text: "edited", editedAt: 5 }), message(2)]);
		expect(again.map(({ text }) => text)).toEqual(["edited", "number 2"]);
		expect(again[1]).toBe(known[1]);
		expect(merge(known, [message(1)])).toBe(known);
	});
});

describe("a jump to an old message", () => {
	it("knows what is around it, and leaves a gap on either side", () => {
		let ranges = addRange([], { low: 90, high: Number.POSITIVE_INFINITY });
		ranges = paged(ranges, { before: 41 }, { ids: [40, 30, 20], more: true }, true);
		ranges = paged(ranges, { after: 40 }, { ids: [41, 50, 60], more: true }, true);
		expect(ranges).toEqual([
			{ low: 20, high: 60 },
			{ low: 90, high: Number.POSITIVE_INFINITY },
		]);
		expect([isKnown(ranges, 40), isKnown(ranges, 70), isKnown(ranges, 95)]).toEqual([true, false, true]);
		ranges = paged(ranges, { after: 60 }, { ids: [61, 89], more: false }, true);
		expect(ranges).toEqual([{ low: 20, high: Number.POSITIVE_INFINITY }]);
	});

	it("ends where the record does, on a connection that is gone", () => {
		expect(paged([], { after: 5 }, { ids: [6, 9], more: false }, false)).toEqual([{ low: 5, high: 9 }]);
		expect(paged([], { after: 5 }, { ids: [], more: false }, false)).toEqual([{ low: 5, high: 5 }]);
	});
});

describe("a direct message", () => {
	it("is shown like any other", () => {
		const shown = messageOfDirect("u_bob", {
			id: 3,
			author_id: "u_ada",
			author_name: "Ada",
			text: "psst",
			reply_to: null,
			reference: "ab",
			said_at: 5,
			edited_at: null,
			deleted: false,
			reactions: [{ emoji: "👍", user_ids: ["u_bob"], count: 1 }],
		});
		expect(shown).toMatchObject({ channel: "dm/u_bob", replyTo: 0, editedAt: 0, reactions: [{ userIds: ["u_bob"] }] });
	});
});
