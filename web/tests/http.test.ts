// Asking the API on a line that is gone without a word.

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError, call } from "../src/api/http";

/** Never answers by itself. */
const silence = (_path: string, { signal }: RequestInit) =>
	new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal("navigator", { onLine: true });
	vi.stubGlobal("fetch", vi.fn(silence));
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

it("who does not answer for fifteen seconds is not reached", async () => {
	const asked = call("GET", "/api/notices").catch((error: unknown) => error);
	let answer: unknown = null;
	void asked.then((error) => (answer = error));
	await vi.advanceTimersByTimeAsync(14_000);
	expect(answer).toBeNull();
	await vi.advanceTimersByTimeAsync(1_000);
	expect(answer).toBeInstanceOf(ApiError);
	expect(answer).toMatchObject({ status: 0, code: "unreachable" });
});

it("a question can be given up sooner", async () => {
	const giveUp = new AbortController();
	const asked = call("POST", "/api/directs/u_1", {}, giveUp.signal).catch((error: unknown) => error);
	giveUp.abort();
	expect(await asked).toMatchObject({ status: 0 });
});

it("an answer that has begun may take its time", async () => {
	vi.stubGlobal("fetch", async (_path: string, { signal }: RequestInit) => ({
		...{ ok: true, status: 200 },
		json: () => new Promise((resolve) => setTimeout(() => resolve(signal?.aborted), 60_000)),
	}));
	const asked = call("GET", "/api/notices");
	await vi.advanceTimersByTimeAsync(60_000);
	expect(await asked).toBe(false);
});
