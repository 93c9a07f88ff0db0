import { describe, expect, it } from "vitest";
import { speechFor, wrap } from "../src/render/speech";

const measure = (line: string) => [...line].length;

describe("a speech bubble", () => {
	it("breaks by words, and long words between letters", () => {
		expect(wrap("one two three", 8, measure)).toEqual(["one two", "three"]);
		expect(wrap("abcdefghijkl", 5, measure)).toEqual(["abcde", "fghij", "kl"]);
	});

	it("has at most three lines, and says that it was cut", () => {
		expect(wrap("one two three four five six", 5, measure)).toEqual(["one", "two", "thre…"]);
		const long = wrap("word ".repeat(400), 40, measure);
		expect(long).toHaveLength(3);
		expect(long.every((line) => measure(line) <= 40) && long[2]?.endsWith("…")).toBe(true);
	});

	it("stays longer for more words, but never for long", () => {
		const lasts = (text: string) => speechFor(text, 100).until_ms - 100;
		expect(lasts("hi")).toBeLessThan(lasts("how are you"));
		expect(lasts("x".repeat(2_000))).toBe(9_000);
	});
});
