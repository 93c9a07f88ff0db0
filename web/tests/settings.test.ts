// What the system wishes is asked of one list, however often a frame asks.

import { expect, it, vi } from "vitest";
import { contrastHigh, loadSettings, motionReduced } from "../src/settings/settings";

it("a wish of the system is followed as it changes, by one list", () => {
	const lists = new Map<string, { matches: boolean }>();
	const made = vi.fn((query: string) => {
		const list = { matches: false };
		lists.set(query, list);
		return list;
	});
	vi.stubGlobal("matchMedia", made);
	const settings = loadSettings();
	for (let frame = 0; frame < 3; frame++)
		expect([motionReduced(settings), contrastHigh(settings)]).toEqual([false, false]);
	for (const list of lists.values()) list.matches = true;
	expect([motionReduced(settings), contrastHigh(settings)]).toEqual([true, true]);
	expect(made).toHaveBeenCalledTimes(2);
	vi.unstubAllGlobals();
});
