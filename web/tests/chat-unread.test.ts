import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Message, Place } from "../src/chat/place";

// The panels' state asks how wide the window is.
vi.stubGlobal("window", { innerWidth: 1_000 });
const { chatActions, placeIn, unreadIn, useChat } = await import("../src/chat/store");

const message = (id: number, channel: Place = "everyone", part: Partial<Message> = {}): Message => ({
	id,
	at: id,
	channel,
	authorId: "u_bob",
	authorName: "Bob",
	text: `number ${id}`,
	replyTo: 0,
	reference: `r${id}`,
	editedAt: 0,
	deleted: false,
	reactions: [],
	thought: false,
	...part,
});
const state = useChat.getState;
const unread = (place: Place) => placeIn(state(), place).unread;
const all = () => true;

beforeEach(() => chatActions.reset("s", null));

describe("what is unread", () => {
	it("is counted by channel, and over all", () => {
		chatActions.told("everyone", [message(1), message(2)], all);
		chatActions.told("c/1", [message(3, "c/1")], all);
		chatActions.told("c/1", [message(3, "c/1")], all);
		expect([unread("everyone"), unread("c/1"), unread("nearby"), unreadIn(state())]).toEqual([2, 1, 0, 3]);
		chatActions.reading("everyone");
		chatActions.told("everyone", [message(4)], all);
		expect([unread("everyone"), unreadIn(state())]).toEqual([0, 1]);
	});

	it("begins with a line, which stays while one reads, and goes once one leaves", () => {
		chatActions.told("c/1", [message(1, "c/1"), message(2, "c/1")], ({ id }) => id > 1);
		expect(placeIn(state(), "c/1").firstNew).toBe("u_bob:r2");
		chatActions.told("c/1", [message(3, "c/1")], all);
		chatActions.reading("c/1");
		expect(placeIn(state(), "c/1").firstNew).toBe("u_bob:r2");
		chatActions.left("c/1");
		expect(placeIn(state(), "c/1").firstNew).toBe(null);
		expect(state().reading).toBe(null);
	});

	it("goes with an area that one leaves, and so do its messages", () => {
		chatActions.told("area/7", [message(1, "area/7")], all);
		chatActions.show("area/7");
		chatActions.gone("area/7");
		expect([unreadIn(state()), state().tab, state().places["area/7"]]).toEqual([0, "everyone", undefined]);
	});

	it("of direct messages is counted with the person, once, and not while one reads", () => {
		const tell = (id: number) => {
			const direct = message(id, "dm/u_bob");
			const fresh = chatActions.told("dm/u_bob", [direct], all);
			const isNew = fresh.length > 0 && state().reading !== "dm/u_bob";
			chatActions.directTold({ peerId: "u_bob", name: "Bob" }, direct, isNew);
		};
		tell(5);
		tell(5);
		tell(6);
		expect([unreadIn(state()), state().directs[0]?.unread, state().directs[0]?.last?.id]).toEqual([2, 2, 6]);
		chatActions.reading("dm/u_bob");
		tell(7);
		expect(unreadIn(state())).toBe(0);
		chatActions.left("dm/u_bob");
		tell(8);
		chatActions.directRead("u_bob", 7);
		expect(unreadIn(state())).toBe(1);
		chatActions.directRead("u_bob", 8);
		expect(unreadIn(state())).toBe(0);
		chatActions.directRead("u_bob", 3);
		expect(state().directs[0]?.readTo).toBe(8);
	});

	it("has its line in a conversation that is fetched, too", () => {
		const entry = { peerId: "u_bob", name: "Bob", look: null, last: message(3, "dm/u_bob"), unread: 2, readTo: 1 };
		chatActions.directs([entry]);
		const messages = [message(1, "dm/u_bob"), message(2, "dm/u_bob", { authorId: "u_ada" }), message(3, "dm/u_bob")];
		chatActions.paged(
			"dm/u_bob",
			null,
			{ messages, more: false, peer: { id: "u_bob", name: "Bobby", look: null } },
			true,
		);
		expect(placeIn(state(), "dm/u_bob").firstNew).toBe("u_bob:r3");
		expect(state().directs[0]?.name).toBe("Bobby");
	});
});

describe("changes that were told", () => {
	it("reach messages that come later with a page", () => {
		chatActions.changed([
			{ id: 9, at: 9, channel: "everyone", actorId: "u_ada", messageId: 2, kind: "deleted", text: "", emoji: "" },
		]);
		chatActions.paged("everyone", null, { messages: [message(1), message(2)], more: false }, true);
		expect(placeIn(state(), "everyone").messages.map(({ deleted }) => deleted)).toEqual([false, true]);
		expect(placeIn(state(), "everyone").ranges).toEqual([{ low: 0, high: Number.POSITIVE_INFINITY }]);
	});
});

describe("a message that is to be shown", () => {
	it("is another one each time, in the next space too", () => {
		const counts = ["s", "t"].map((space) => {
			chatActions.reset(space, null);
			chatActions.target("everyone", 7);
			return state().target?.count;
		});
		expect(counts[0]).not.toBe(counts[1]);
	});
});
