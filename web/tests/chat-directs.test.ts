// Direct messages on a slow line: what was not said is not lost, whenever one leaves.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const sayDirect = vi.fn();
vi.mock("../src/chat/api", () => ({ sayDirect, listDirects: async () => [], readDirect: async () => {} }));
vi.stubGlobal("window", globalThis);

const { ApiError } = await import("../src/api/http");
const { Directs } = await import("../src/chat/directs");
const { unspoken } = await import("../src/chat/outbox");
const { directWith } = await import("../src/chat/place");
const { chatActions, useChat } = await import("../src/chat/store");

const line = (text: string) => ({
	...{ channel: directWith("u_2"), text, at: 0, reason: null, replyTo: 0, thought: false },
	...{ reference: text, state: "waiting" as const, handed: false },
});
const states = () => useChat.getState().outgoing.map(({ text, state }) => `${text} ${state}`);

beforeEach(() => {
	sayDirect.mockReset();
});
afterEach(() => chatActions.outgoing([]));

describe("direct messages", () => {
	it("wait for the one before them, and go back into the field when one leaves", async () => {
		let answer = (_error: unknown) => {};
		sayDirect.mockImplementation(() => new Promise((_, reject) => (answer = reject)));
		const unsaid: string[] = [];
		const directs = new Directs(
			() => "u_1",
			() => {},
			(one) => unsaid.push(one.text),
		);
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
			const unsaid: string[] = [];
			const directs = new Directs(
				() => "u_1",
				() => {},
				(one) => unsaid.push(one.text),
			);
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
});
