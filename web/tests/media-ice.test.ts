// Relay credentials and machines that sleep: timers stand still meanwhile, the wall clock goes on.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type IceAnswer, type IceChange, IceServers } from "../src/media/connect/ice";
import { tally } from "../src/media/tally";

const HOUR_MS = 3_600_000;

function asked(fast = 0) {
	const changes: IceChange[] = [];
	const questions: { answer(): void; fail(): void }[] = [];
	const ice = new IceServers(
		...(["space", false, false] as const),
		(change) => changes.push(change),
		() =>
			new Promise<IceAnswer>((resolve, reject) => {
				questions.push({
					answer: () =>
						resolve({
							ice_servers: [{ urls: "turn:relay.example" }],
							relay_only: false,
							expires_at: Date.now() - fast + HOUR_MS,
						}),
					fail: () => reject(new Error("offline")),
				});
			}),
	);
	const answer = async (n: number) => {
		questions[n]?.answer();
		await vi.advanceTimersByTimeAsync(0);
	};
	const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);
	return { ice, changes, questions, answer, sleep };
}

describe("relay credentials", () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	it("that ran out in a sleep are renewed on waking up, once, and help whoever looks for a way", async () => {
		const { ice, changes, questions, answer, sleep } = asked();
		await answer(0);
		ice.hint();
		expect([changes, questions.length]).toEqual([["help"], 1]);
		sleep(2 * HOUR_MS);
		ice.hint();
		ice.hint();
		expect(questions).toHaveLength(2);
		await answer(1);
		expect(changes).toEqual(["help", "help"]);
		ice.hint();
		expect(questions).toHaveLength(2);
		ice.close();
	});

	it("that are about to run out are renewed on waking up, and nobody begins anew for that", async () => {
		const { ice, changes, questions, answer, sleep } = asked();
		await answer(0);
		sleep(HOUR_MS - 60_000);
		ice.hint();
		await answer(1);
		expect([changes, questions.length]).toEqual([["help", "renewed"], 2]);
		ice.close();
	});

	it("are asked for again where the question was lost in the sleep", async () => {
		const before = tally.timers;
		const { ice, questions, answer, sleep } = asked();
		await answer(0);
		sleep(2 * HOUR_MS);
		ice.hint();
		sleep(60_000);
		ice.hint();
		expect(questions).toHaveLength(3);
		await answer(2);
		// The lost one is no failure any more.
		questions[1]?.fail();
		await vi.advanceTimersByTimeAsync(0);
		ice.hint();
		expect(questions).toHaveLength(3);
		ice.close();
		expect(tally.timers).toBe(before);
	});

	it("do not seem to run out all the time to a clock that is hours fast", async () => {
		const { ice, changes, questions, answer } = asked(5 * HOUR_MS);
		await answer(0);
		for (let n = 0; n < 10; n += 1) ice.hint();
		expect(questions).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(20_000);
		await answer(1);
		expect(changes).toEqual(["help", "renewed"]);
		ice.close();
	});
});
