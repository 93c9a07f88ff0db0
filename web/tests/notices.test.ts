// Quiet hours, the tab's title, the wheel's places, and what is typed into forms of rules.

import { describe, expect, it } from "vitest";
import { parseAmount, parseWords } from "../src/lobby/admin/rules";
import { clock, isQuiet, minutes } from "../src/notices/quiet";
import { placeOf, pointed } from "../src/space/ui/emotes/wheel";
import { deedsAbout } from "../src/space/ui/people/deedItems";

describe("quiet hours", () => {
	it("may go over midnight", () => {
		const night = { from_min: 22 * 60, to_min: 8 * 60 };
		expect([21 * 60, 22 * 60, 0, 8 * 60 - 1, 8 * 60].map((at) => isQuiet(night, at))).toEqual([
			false,
			true,
			true,
			true,
			false,
		]);
		expect(isQuiet({ from_min: 60, to_min: 120 }, 90)).toBe(true);
		expect(isQuiet({ from_min: 60, to_min: 60 }, 60)).toBe(false);
		expect(isQuiet(null, 60)).toBe(false);
	});

	it("are written as a clock has them", () => {
		expect(clock(22 * 60 + 5)).toBe("22:05");
		expect(minutes("22:05")).toBe(22 * 60 + 5);
		expect(minutes("")).toBeNull();
		expect(minutes("25:00")).toBeNull();
	});
});

describe("the wheel", () => {
	it("has its places clockwise from the top, and finds each where one points", () => {
		for (let index = 0; index < 8; index++) {
			const { x, y } = placeOf(index, 8);
			expect(pointed(x * 100, y * 100, 8, 44)).toBe(index);
		}
		expect(pointed(10, 10, 8, 44)).toBeNull();
		expect(placeOf(0, 8).y).toBe(-1);
	});
});

describe("rules of a space", () => {
	it("are whole numbers within their limits", () => {
		expect(parseAmount("", 10)).toBe(0);
		expect(parseAmount(" 7 ", 10)).toBe(7);
		for (const wrong of ["-1", "1.5", "11", "seven"]) expect(parseAmount(wrong, 10)).toBeNull();
	});

	it("have words one a line, each once", () => {
		expect(parseWords("Bad\nbad, worse\n\n")).toEqual(["bad", "worse"]);
		expect(parseWords("x".repeat(41))).toBeNull();
		expect(parseWords(Array.from({ length: 201 }, (_, i) => `w${i}`).join("\n"))).toBeNull();
	});
});

describe("what one may do about somebody", () => {
	const kinds = (role: "member" | "admin" | "guest", blocked: boolean, moderates: boolean) =>
		deedsAbout({ role }, blocked, moderates).map(({ kind }) => kind);
	it("is more for those who look after the space, and less about their equals", () => {
		expect(kinds("guest", false, false)).toEqual(["report", "block"]);
		expect(kinds("guest", true, true)).toEqual(["report", "unblock", "sendOut", "ban"]);
		expect(kinds("admin", false, true)).toEqual(["report", "block"]);
	});
});
