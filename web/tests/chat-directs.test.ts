// Direct messages on a slow line: what was not said is not lost, whenever one leaves.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const sayDirect = vi.fn();
vi.mock("../src/chat/api", () => ({ sayDirect, listDirects: async () => [], readDirect: async () => {} }));
vi.stubGlobal("window", globalThis);

const { ApiError } = await import("../src/api/http");
const { Directs, mergeDirects } = await import("../src/chat/directs");
const { unspoken } = await import("../src/chat/outbox");
const { directWith } = await import("../src/chat/place");
const { chatActions, useChat } = await import("../src/chat/store");

const line = (text: string) => ({
	...{ channel: directWith("u_2"), text, at: 0, reason: null, replyTo: 0, thought: false },
	...{ reference: text, state: "waiting" as const, handed: false },
});
const states = () => useChat.getState().outgoing.map(({ text, state }) => `${text} ${state}`);

/** Her direct messages, and what went back into its field. */
function ofAda() {
	const unsaid: string[] = [];
	const directs = new Directs(
		() => "u_1",
		() => {},
		(one) => unsaid.push(one.text),
	);
	return { directs, unsaid };
}

beforeEach(() => {
	sayDirect.mockReset();
});
afterEach(() => chatActions.outgoing([]));

describe("direct messages", () => {
	it("wait for the one before them, and go back into the field when one leaves", async () => {
		let answer = (_error: unknown) => {};
		sayDirect.mockImplementation(() => new Promise((_, reject) => (answer = reject)));
		const { directs, unsaid } = ofAda();
		chatActions.outgoing(["one", "two", "three"].map(line));
		directs.say();
		expect(states()).toEqual(["one sending", "two waiting", "three waiting"]);
		expect(unspoken(useChat.getState().outgoing, true).map(({ text }) => text)).toEqual(["two", "three"]);
		directs.leave();
		answer(new ApiError(429, "too_many", "slowly"));
		await vi.waitFor(() => expect(unsaid).toEqual(["one"]));
		expect(sayDirect).toHaveBeenCalledTimes(1);
	});

	it("that may have been written are said again under the same reference, after one has left", async () => {
		vi.useFakeTimers();
		try {
			sayDirect.mockRejectedValueOnce(new ApiError(0, "unreachable", "gone")).mockResolvedValueOnce({});
			const { directs, unsaid } = ofAda();
			chatActions.outgoing([line("one")]);
			directs.say();
			directs.leave();
			await vi.advanceTimersByTimeAsync(60_000);
			expect(sayDirect.mock.calls.map(([, reference]) => reference)).toEqual(["one", "one"]);
			expect(unsaid).toEqual([]);
		} finally {
			vi.useRealTimers();
		}
	});

	it("whose answer was lost are known to be that while they wait, and said again after one has left", async () => {
		vi.useFakeTimers();
		try {
			sayDirect.mockRejectedValueOnce(new ApiError(0, "unreachable", "gone")).mockResolvedValueOnce({});
			const { directs, unsaid } = ofAda();
			chatActions.outgoing(["one", "two"].map(line));
			directs.say();
			await vi.advanceTimersByTimeAsync(0);
			expect(useChat.getState().outgoing.map(({ text, state, handed }) => [text, state, handed])).toEqual([
				["one", "waiting", true],
				["two", "waiting", false],
			]);
			directs.leave();
			await vi.advanceTimersByTimeAsync(60_000);
			expect(sayDirect.mock.calls.map(([, reference]) => reference)).toEqual(["one", "one"]);
			expect(unsaid).toEqual([]);
		} finally {
			vi.useRealTimers();
		}
	});

	it("do not wait for an answer on a line that was lost: the next connection says them again", async () => {
		vi.useFakeTimers();
		try {
			sayDirect.mockImplementationOnce((_peer, _reference, _text, _replyTo, giveUp: AbortSignal) => {
				return new Promise((_, reject) => giveUp.addEventListener("abort", () => reject(new ApiError(0, "", ""))));
			});
			sayDirect.mockImplementation(async (_peer, reference, text) => ({ id: 1, reference, text, reactions: [] }));
			const directs = new Directs(
				() => "u_1",
				() => {},
				() => {},
			);
			chatActions.outgoing(["one", "two"].map(line));
			directs.say();
			await vi.advanceTimersByTimeAsync(1_000);
			directs.welcome();
			expect(sayDirect, "it may be on its way yet").toHaveBeenCalledTimes(1);
			await vi.advanceTimersByTimeAsync(3_000);
			directs.welcome();
			await vi.advanceTimersByTimeAsync(0);
			expect(sayDirect.mock.calls.map(([, reference]) => reference)).toEqual(["one", "one", "two"]);
			expect(states()).toEqual([]);
			await vi.advanceTimersByTimeAsync(60_000);
			expect(sayDirect).toHaveBeenCalledTimes(3);
		} finally {
			vi.useRealTimers();
		}
	});
});

describe("the list of conversations", () => {
	const entry = (peerId: string, last: number | null, unread: number, readTo: number) => ({
		...{ peerId, name: peerId, look: null, unread, readTo },
		last: last === null ? null : ({ id: last } as never),
	});

	it("keeps what was told and read while the server answered", () => {
		const listed = [entry("a", 10, 0, 10), entry("b", 9, 2, 5), entry("c", 8, 1, 7), entry("d", 4, 3, 1)];
		const here = [
			// Something came.
			entry("d", 12, 4, 1),
			// All was read.
			entry("b", 9, 0, 9),
			// Missed while away.
			entry("c", 6, 0, 6),
			// The first thing that was ever written came, and one was opened.
			entry("e", 11, 1, 0),
			entry("f", null, 0, 0),
			// Long gone.
			entry("g", 3, 1, 0),
		];
		const merged = mergeDirects(here, listed).map(({ peerId, last, unread, readTo }) => [
			...[peerId, last?.id ?? null, unread, readTo],
		]);
		expect(merged).toEqual([
			["f", null, 0, 0],
			["d", 12, 4, 1],
			["e", 11, 1, 0],
			["a", 10, 0, 10],
			["b", 9, 0, 9],
			["c", 8, 1, 7],
		]);
	});
});
