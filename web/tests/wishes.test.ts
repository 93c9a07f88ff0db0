// What one wishes to be told of: changed at any moment, nothing of it is lost, and nothing that was not known is overwritten.

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { NoticeWishes } from "../src/api/types";
import { changeWishes, loadWishes, useNotices, WISHES } from "../src/state/notices";

/** The server's side: what it keeps, and answers that come when the test lets them. */
const server = vi.hoisted(() => ({
	kept: null as NoticeWishes | null,
	puts: [] as NoticeWishes[],
	waiting: [] as (() => void)[],
	fails: false,
}));

vi.mock("../src/api/notices", () => {
	const answers = () => new Promise<void>((resolve) => server.waiting.push(resolve));
	return {
		getWishes: async () => {
			const kept = server.kept;
			await answers();
			if (server.fails) throw new Error("not now");
			return kept;
		},
		putWishes: async (wishes: NoticeWishes) => {
			await answers();
			server.puts.push(wishes);
			server.kept = wishes;
		},
	};
});

/** Lets everything be answered that is asked, and asked because of it. */
async function settle(): Promise<void> {
	for (let n = 0; n < 10; n++) {
		for (const answer of server.waiting.splice(0)) answer();
		await new Promise((resolve) => setTimeout(resolve));
	}
}

const shown = () => useNotices.getState().wishes;

describe("wishes", () => {
	beforeEach(() => {
		Object.assign(server, { kept: { ...WISHES, directs: false }, puts: [], fails: false });
		useNotices.setState({ wishes: WISHES, state: "unknown" });
	});

	it("that are changed while they are loaded stay changed, and keep the rest", async () => {
		const loading = loadWishes();
		const changing = changeWishes({ mentions: false });
		expect(shown().mentions).toBe(false);
		await settle();
		await Promise.all([loading, changing]);
		expect(shown()).toMatchObject({ mentions: false, directs: false, knocks: true });
		expect(server.kept).toMatchObject({ mentions: false, directs: false, knocks: true });
	});

	it("that are changed before they were loaded are asked for first", async () => {
		const changing = changeWishes({ knocks: false });
		await settle();
		await changing;
		expect(server.kept).toMatchObject({ directs: false, knocks: false });
	});

	it("are kept in the order in which they were changed", async () => {
		const changing = [
			changeWishes({ mentions: false }),
			changeWishes({ mentions: true }),
			changeWishes({ nudges: false }),
		];
		await settle();
		await Promise.all(changing);
		expect(server.puts.map(({ mentions, nudges }) => [mentions, nudges]).at(-1)).toEqual([true, false]);
		expect(shown()).toMatchObject({ mentions: true, nudges: false, directs: false });
	});

	it("that are not known are not overwritten", async () => {
		server.fails = true;
		const changing = changeWishes({ mentions: false });
		const refused = expect(changing).rejects.toThrow("not now");
		await settle();
		await refused;
		expect(server.puts).toEqual([]);
		expect(shown().mentions).toBe(true);
	});
});
