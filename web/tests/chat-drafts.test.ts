// What was typed and not said, beyond the end of the page: for who typed it, and for nobody else.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outgoing } from "../src/chat/outbox";
import type { Place } from "../src/chat/place";
import type { ToldMessage } from "../src/space/words";

const readPage = vi.fn();
vi.mock("../src/chat/api", () => ({ readPage, listDirects: async () => [], sayDirect: () => new Promise(() => {}) }));

const heard = new Map<string, () => void>();
const listen = (name: string, what: () => void) => heard.set(name, what);
const page = { hidden: false, addEventListener: listen, querySelector: () => null };
let stored = new Map<string, string>();

beforeEach(() => {
	vi.useFakeTimers();
	stored = new Map();
	vi.stubGlobal("window", globalThis);
	vi.stubGlobal("innerWidth", 1_000);
	vi.stubGlobal("addEventListener", listen);
	vi.stubGlobal("document", page);
	vi.stubGlobal("sessionStorage", {
		getItem: (key: string) => stored.get(key) ?? null,
		setItem: (key: string, value: string) => stored.set(key, value),
		removeItem: (key: string) => stored.delete(key),
	});
	page.hidden = false;
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

/** A page as it begins: nothing of the one before is in its memory. */
async function open(user: string) {
	vi.resetModules();
	heard.clear();
	const drafts = await import("../src/chat/drafts");
	const { useChat } = await import("../src/chat/store");
	const { ChatVisit } = await import("../src/chat/visit");
	const { signedOut, useSession } = await import("../src/state/session");
	const { useSpace } = await import("../src/state/space");
	useSession.setState({ session: { kind: "known", me: { user: { id: user } } as never } });
	let sent = 0;
	const client = { say: () => `${user} ${++sent}`, unsay: () => {} };
	const comeTo = (space: string) => {
		const visit = new ChatVisit(space, client as never, () => {});
		const connect = (state: "online" | "reconnecting") => {
			const connection = { type: "connection", state, attempt: 0 } as const;
			useSpace.setState({ connection });
			if (state === "online") visit.handle({ type: "welcome", self: 1, resumed: false });
			visit.handle(connection);
		};
		const told = (reference: string) =>
			visit.handle({
				type: "said",
				messages: [{ channel: "everyone", authorId: user, reference, reactions: [] } as unknown as ToldMessage],
			});
		return { visit, connect, told, say: (text: string, place: Place = "everyone") => visit.say(place, text, 0, false) };
	};
	const typed = (space: string, place: Place = "everyone") => drafts.draftOf(space, place).text;
	const unsure = () => useChat.getState().outgoing.map(({ text, state, reason }: Outgoing) => [text, state, reason]);
	/** As a browser does it: told, then gone. */
	const end = () => heard.get("pagehide")?.();
	return { drafts, useSpace, signedOut, comeTo, typed, unsure, end };
}

describe("what is typed", () => {
	it("is there again when the page comes back, for the same user", async () => {
		const first = await open("u_ada");
		first.comeTo("s");
		first.drafts.keepDraft("s", "everyone", "half a sent");
		first.drafts.keepDraft("s", "dm/u_bob", "psst", [{ name: "Cy", id: "u_cy" }]);
		first.end();
		const second = await open("u_ada");
		second.comeTo("s");
		expect([second.typed("s"), second.typed("t"), second.typed("t", "dm/u_bob")]).toEqual(["half a sent", "", "psst"]);
		expect(second.drafts.draftOf("s", "dm/u_bob").picks).toEqual([{ name: "Cy", id: "u_cy" }]);
	});

	it("is written down at once where nobody looks, and soon where somebody does", async () => {
		const { drafts, comeTo } = await open("u_ada");
		comeTo("s");
		const kept = () => [...stored.values()].join();
		drafts.keepDraft("s", "everyone", "seen");
		expect(kept()).not.toMatch("seen");
		vi.advanceTimersByTime(1_000);
		expect(kept()).toMatch("seen");
		page.hidden = true;
		drafts.keepDraft("s", "everyone", "unseen");
		expect(kept()).toMatch("unseen");
	});

	it("is nobody else's, and nobody's once its user signs out", async () => {
		const first = await open("u_ada");
		first.comeTo("s");
		first.drafts.keepDraft("s", "everyone", "secret");
		first.end();
		const other = await open("u_bob");
		other.comeTo("s");
		expect([other.typed("s"), [...stored.values()].join().includes("secret")]).toEqual(["", false]);
		other.drafts.keepDraft("s", "everyone", "another");
		other.signedOut();
		other.end();
		expect([other.typed("s"), stored.size]).toEqual(["", 0]);
	});

	it("is bounded: what was typed last is kept", async () => {
		const first = await open("u_ada");
		first.comeTo("s");
		first.drafts.keepDraft("s", "everyone", "x".repeat(60_000));
		first.drafts.keepDraft("s", "c/1", "y".repeat(60_000));
		first.drafts.keepDraft("s", "c/2", "z");
		first.end();
		expect([...stored.values()].join().length).toBeLessThan(110_000);
		const second = await open("u_ada");
		second.comeTo("s");
		expect((["everyone", "c/1", "c/2"] as const).map((place) => second.typed("s", place).length)).toEqual([
			0, 60_000, 1,
		]);
	});
});

describe("what was not said when the page ended", () => {
	it("is in its field again, if it surely did not go out", async () => {
		const first = await open("u_ada");
		const { connect, say } = first.comeTo("s");
		connect("online");
		connect("reconnecting");
		vi.advanceTimersByTime(1_000);
		say("one");
		say("two");
		first.drafts.keepDraft("s", "everyone", "three");
		first.end();
		const second = await open("u_ada");
		second.comeTo("s");
		expect([second.typed("s"), second.unsure()]).toEqual(["one\ntwo\nthree", []]);
	});

	it("is asked about if it may have been said, until the space tells it", async () => {
		const first = await open("u_ada");
		const { connect, say } = first.comeTo("s");
		connect("online");
		say("one");
		say("two");
		vi.advanceTimersByTime(1_000);
		connect("reconnecting");
		first.end();
		const second = await open("u_ada");
		const again = second.comeTo("s");
		expect(second.unsure()).toEqual([
			["one", "failed", "unsure"],
			["two", "failed", "unsure"],
		]);
		second.useSpace.setState({ self: 1, people: new Map([[1, { userId: "u_ada" } as never]]) });
		again.connect("online");
		again.told("u_ada 1");
		expect([second.typed("s"), second.unsure()]).toEqual(["", [["two", "failed", "unsure"]]]);
		// The record knows it, too.
		readPage.mockResolvedValue({ messages: [{ channel: "everyone", id: 1, reference: "u_ada 2" }], more: false });
		again.visit.load("everyone", null);
		await vi.runAllTimersAsync();
		expect(second.unsure()).toEqual([]);
		second.end();
		const third = await open("u_ada");
		third.comeTo("s");
		expect([third.typed("s"), third.unsure()]).toEqual(["", []]);
	});

	it("is in its field where nobody can tell: in another space", async () => {
		const first = await open("u_ada");
		const { connect, say } = first.comeTo("s");
		connect("online");
		say("one");
		first.end();
		const second = await open("u_ada");
		second.comeTo("t");
		expect([second.typed("s"), second.unsure()]).toEqual(["one", []]);
	});
});
