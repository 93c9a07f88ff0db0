// What is written, without its marks.

import { describe, expect, it } from "vitest";
import { plainText } from "../src/render/plain";

describe("a text without its marks", () => {
	it.each([
		["**bold** and *soft* and ~~gone~~", "bold and soft and gone"],
		["__bold__ and _soft_", "bold and soft"],
		["***both***", "both"],
		["`code` stays", "code stays"],
		["```js\nlet a = 1;\n```", "let a = 1;"],
		["2 * 3 * 4 = 24", "2 * 3 * 4 = 24"],
		["snake_case_name", "snake_case_name"],
		["`**not bold**`", "**not bold**"],
		["[a page](https://example.org/x)", "a page"],
		["> quoted", "quoted"],
		["# Title", "Title"],
		["- one\n- two", "• one\n• two"],
		["<b>text</b>", "<b>text</b>"],
		["*", "*"],
		["**", "**"],
		["", ""],
	])("%j reads %j", (text, plain) => expect(plainText(text)).toBe(plain));

	it("names who is mentioned", () => {
		const nameOf = (id: string) => (id === "u_a1b2" ? "Ada *the* First" : undefined);
		expect(plainText("hello <@u_a1b2>, and <@u_ffff>", nameOf)).toBe("hello @Ada *the* First, and @someone");
	});

	it("is done soon with whatever is thrown at it", () => {
		for (const text of [
			"*".repeat(2_000),
			"_a".repeat(1_000),
			"**a".repeat(600),
			"`".repeat(2_000),
			"> ".repeat(1_000),
		]) {
			const began = performance.now();
			plainText(text);
			expect(performance.now() - began).toBeLessThan(100);
		}
	});
});
