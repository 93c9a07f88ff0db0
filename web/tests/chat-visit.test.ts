// What is said to somebody who comes in, is there, goes in and out of an area, and comes back after a lost connection.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DirectMessage, ToldMessage } from "../src/space/words";

const readPage = vi.fn();
vi.mock("../src/chat/api", () => ({
	readPage,
	listDirects: async () => [],
	readDirect: async () => {},
	sayDirect: async () => {},
}));
vi.stubGlobal("window", globalThis);
vi.stubGlobal("innerWidth", 1_000);

const { directWith, messageOfDirect } = await import("../src/chat/place");
const { chatActions, placeIn, useChat } = await import("../src/chat/store");
const { ChatVisit } = await import("../src/chat/visit");
const { useSpace } = await import("../src/state/space");

const message = (id: number, part: Partial<ToldMessage> = {}): ToldMessage => ({
	...{ id, at: id, channel: "everyone", authorId: "u_bob", authorName: "Bob", text: `number ${id}`, replyTo: 0 },
	...{ reference: `r${id}`, editedAt: 0, deleted: false, reactions: [], thought: false, live: false },
	...part,
});
const AREA = { channel: "area/7" as const, name: "Nook" };

/** A visit, the bubbles it shows, and what is said to those who hear the page. */
function come() {
	const bubbles: string[] = [];
	let sent = 0;
	const client = { say: () => `sent ${++sent}`, unsay: () => {} };
	const visit = new ChatVisit("s", client as never, ({ text }) => bubbles.push(text));
	const online = () => {
		visit.handle({ type: "welcome", self: 1, resumed: false });
		const connection = { type: "connection", state: "online", attempt: 0 } as const;
		useSpace.setState({ connection });
		visit.handle(connection);
	};
	const said = (...messages: ToldMessage[]) => visit.handle({ type: "said", messages });
	const walk = (area: typeof AREA | null) =>
		visit.handle({
			...{ type: "hearing", room: "open", peers: [], mediaRooms: [], roomPeers: [] },
			...{ audience: 0, beyond: 0, locked: false, lockedOut: 0, area },
		});
	const spoken = () => {
		vi.advanceTimersByTime(1_000);
		const { news } = useChat.getState();
		useChat.setState({ news: { ...news, text: "" } });
		return news.text;
	};
	return { visit, bubbles, online, said, walk, spoken };
}
const unread = (place: "everyone" | "area/7") => placeIn(useChat.getState(), place).unread;

beforeEach(() => {
	vi.useFakeTimers();
	readPage.mockReset();
	vi.stubGlobal("localStorage", undefined);
	useSpace.setState({ connection: null, panel: "none" });
});
afterEach(() => vi.useRealTimers());

describe("what is said now", () => {
	it("is heard and seen, also where several say something at once", () => {
		const { online, said, bubbles, spoken } = come();
		online();
		vi.advanceTimersByTime(1_000);
		said(message(1, { live: true }), message(2, { live: true, authorId: "u_cy", authorName: "Cy" }));
		expect(bubbles).toEqual(["number 1", "number 2"]);
		expect(spoken()).toMatch(/Bob.*number 1.*Cy.*number 2/);
		expect(unread("everyone")).toBe(2);
	});

	it("is not what was at hand when one came, however late it is told", () => {
		const { online, said, bubbles, spoken } = come();
		online();
		said(message(1), message(2));
		vi.advanceTimersByTime(1_000);
		said(message(3, { channel: "c/1" }));
		expect([bubbles, spoken(), unread("everyone")]).toEqual([[], "", 0]);
	});

	it("is not what was said since one was last here: that is counted, and nobody says it now", () => {
		vi.stubGlobal("localStorage", { getItem: () => JSON.stringify([["s", { everyone: 1 }]]), setItem: () => {} });
		const { online, said, bubbles, spoken } = come();
		online();
		said(message(1), message(2));
		expect([bubbles, spoken(), unread("everyone")]).toEqual([[], "", 1]);
	});

	it("is not what was missed during a reconnect, but that is worth a word", () => {
		const { online, said, bubbles, spoken } = come();
		online();
		said(message(1, { live: true }));
		spoken();
		online();
		said(message(1), message(2));
		expect(bubbles).toEqual(["number 1"]);
		expect(spoken()).toMatch(/number 2/);
		expect(unread("everyone")).toBe(2);
	});
});

describe("a private area", () => {
	it("has nothing new for who was never inside, even if one single thing was said there", () => {
		const { online, said, walk, bubbles, spoken } = come();
		online();
		vi.advanceTimersByTime(1_000);
		walk(AREA);
		said(message(1, { channel: "area/7" }));
		expect([bubbles, spoken(), unread("area/7")]).toEqual([[], "", 0]);
		said(message(2, { channel: "area/7", live: true }));
		expect([bubbles, unread("area/7")]).toEqual([["number 2"], 1]);
	});

	it("that one comes back to has only those things new that one has not read", () => {
		const { online, said, walk } = come();
		online();
		walk(AREA);
		const [old, heard] = [message(1, { channel: "area/7" }), message(2, { channel: "area/7", live: true })];
		said(old);
		chatActions.reading("area/7");
		said(heard);
		chatActions.left("area/7");
		walk(null);
		walk(AREA);
		said(old, { ...heard, live: false }, message(3, { channel: "area/7" }));
		expect(unread("area/7")).toBe(1);
		// Not read this time either.
		walk(null);
		walk(AREA);
		said(old, { ...heard, live: false }, message(3, { channel: "area/7" }));
		expect(unread("area/7")).toBe(1);
	});
});

describe("direct messages after a reconnect", () => {
	const direct = (id: number, part: Partial<DirectMessage> = {}) =>
		messageOfDirect("u_bob", {
			...{ id, author_id: "u_bob", author_name: "Bob", text: `number ${id}`, reply_to: null, reference: `r${id}` },
			...{ said_at: id, edited_at: null, deleted: false, reactions: [], ...part },
		});

	it("are as they are by now, in the open conversation and the latest", async () => {
		const { online } = come();
		online();
		const peers = ["u_bob", "u_1", "u_2", "u_3", "u_4"];
		for (const peer of [...peers].reverse()) {
			const channel = directWith(peer);
			const last = { ...direct(1), channel };
			chatActions.paged(channel, null, { messages: [last], more: false }, true);
			chatActions.directTold({ peerId: peer, name: peer }, { ...last, id: peers.length - peers.indexOf(peer) }, false);
		}
		chatActions.show(directWith("u_4"));
		readPage.mockImplementation(async (_space, place) => ({
			messages: [{ ...direct(1, { text: "edited", edited_at: 9 }), channel: place }],
			more: false,
		}));
		online();
		await vi.runAllTimersAsync();
		expect(readPage.mock.calls.map(([, place]) => place)).toEqual(["dm/u_4", "dm/u_bob", "dm/u_1"]);
		const { places } = useChat.getState();
		expect(places["dm/u_bob"]?.messages.map(({ text }) => text)).toEqual(["edited"]);
		expect(Object.keys(places).sort(), "the others are read when they are opened").toEqual([
			"dm/u_1",
			"dm/u_4",
			"dm/u_bob",
		]);
	});
});
