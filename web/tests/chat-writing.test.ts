import { describe, expect, it } from "vitest";
import { excerpt } from "../src/chat/excerpt";
import { thoughtIn, toggleMark } from "../src/chat/format";
import { hasMarks, isJumbo, isSafe, plainly, plainOf } from "../src/chat/markup";
import { complete, decode, encode, mentionsOf, typedEmoji, typedMention } from "../src/chat/mentions";

const ADA = { id: "u_1", name: "Ada" };
const ADA_L = { id: "u_2", name: "Ada Lovelace" };

describe("names in a text", () => {
	it("are ids on the wire, and names again", () => {
		const sent = encode("@Ada Lovelace, and @Ada: hello @Ada", [ADA, ADA_L]);
		expect(sent).toBe("<@u_2>, and <@u_1>: hello <@u_1>");
		const names = new Map([ADA, ADA_L].map(({ id, name }) => [id, name]));
		const back = decode(sent, (id) => names.get(id) ?? null);
		expect(back.text).toBe("@Ada Lovelace, and @Ada: hello @Ada");
		expect(encode(back.text, back.picks)).toBe(sent);
		expect(mentionsOf(sent)).toEqual(["u_2", "u_1", "u_1"]);
	});

	it("are those of the list only, and whole", () => {
		expect(encode("@Adam @Bob a@Ada.example", [ADA])).toBe("@Adam @Bob a@Ada.example");
		expect(encode("@Ada", [])).toBe("@Ada");
		expect(decode("<@u_9>", () => null)).toEqual({ text: "<@u_9>", picks: [] });
		expect(encode("@A.* (x) @Aaa", [{ id: "u_5", name: "A.* (x)" }])).toBe("<@u_5> @Aaa");
	});

	it("mean two people of one name in the order in which they were chosen", () => {
		const picks = [ADA, { id: "u_3", name: "Ada" }];
		expect(encode("@Ada and @Ada, and @Ada", picks)).toBe("<@u_1> and <@u_3>, and <@u_3>");
	});
});

describe("what is being typed", () => {
	it("is a name behind an @ at the beginning of a word", () => {
		expect(typedMention("hi @ad", 6)).toEqual({ from: 3, query: "ad" });
		expect(typedMention("@", 1)).toEqual({ from: 0, query: "" });
		expect(typedMention("@ada lov", 8)).toEqual({ from: 0, query: "ada lov" });
		expect(typedMention("@ad later", 3)).toEqual({ from: 0, query: "ad" });
		for (const text of ["ada@example", "no", "@ada lov el", "@ada\n"])
			expect(typedMention(text, text.length)).toBe(null);
	});

	it("is an emoji behind a colon, of two letters at least", () => {
		expect(typedEmoji("so :smi", 7)).toEqual({ from: 3, query: "smi" });
		for (const text of [":s", "12:30", "https://x", "a:bc", ": smi"]) expect(typedEmoji(text, text.length)).toBe(null);
	});
});

describe("who is offered", () => {
	const people = [
		{ id: "1", name: "Zoë", here: false },
		{ id: "2", name: "Ada Lovelace", here: false },
		{ id: "3", name: "Adam", here: true },
		{ id: "4", name: "Lovis", here: true },
		{ id: "5", name: "Clover", here: true },
	];
	it("begins with the name, then any word of it, those who are here first", () => {
		expect(complete("ad", people, 9).map(({ name }) => name)).toEqual(["Adam", "Ada Lovelace"]);
		expect(complete("lov", people, 9).map(({ name }) => name)).toEqual(["Lovis", "Ada Lovelace", "Clover"]);
		expect(complete("zoe", people, 9).map(({ name }) => name)).toEqual(["Zoë"]);
		expect(complete("", people, 2)).toHaveLength(2);
		expect(complete("nobody", people, 9)).toEqual([]);
	});
});

describe("marks by keys", () => {
	it("stand around what is selected, and go away again", () => {
		const bold = toggleMark({ text: "say it loud", from: 4, to: 6 }, "**");
		expect(bold).toEqual({ text: "say **it** loud", from: 6, to: 8 });
		expect(toggleMark(bold, "**")).toEqual({ text: "say it loud", from: 4, to: 6 });
		expect(toggleMark({ text: "", from: 0, to: 0 }, "*")).toEqual({ text: "**", from: 1, to: 1 });
	});

	it("a thought begins with its word", () => {
		expect(thoughtIn("/think what if")).toBe("what if");
		for (const text of ["/think", "/think ", "/thinking aloud", "I /think so"]) expect(thoughtIn(text)).toBe(null);
	});
});

describe("what is drawn", () => {
	it("leads only to the web", () => {
		for (const href of ["https://example.org/", "http://localhost:8787/a?b#c"]) expect(isSafe(href)).toBe(true);
		for (const href of [
			"javascript:alert(1)",
			"JavaScript:alert(1)",
			" javascript:alert(1)",
			"java\nscript:alert(1)",
			"data:text/html,x",
			"vbscript:x",
			"file:///etc/passwd",
			"blob:https://example.org/1",
			"//example.org",
			"/here",
			"https://a:b@example.org/",
			"https://bank.example@evil.example/",
			"https://",
			"",
		])
			expect(isSafe(href), href).toBe(false);
	});

	it("has names before its marks can be read", () => {
		expect(plainly("hi <@u_1>!")).toEqual([
			{
				t: "p",
				c: [
					{ t: "text", v: "hi " },
					{ t: "mention", id: "u_1" },
					{ t: "text", v: "!" },
				],
			},
		]);
		expect(plainOf("hi <@u_1>\n there", () => "Ada")).toBe("hi @Ada there");
		expect([hasMarks("plain words"), hasMarks("**bold**"), hasMarks("https://x")]).toEqual([false, true, true]);
	});

	it("is larger where it is an emoji or a few", () => {
		for (const text of ["🎉", "👍🏽 ❤️", "👩‍👩‍👧‍👦", "🇮🇸"]) expect(isJumbo(text), text).toBe(true);
		for (const text of ["", "1", "a🎉", "#", "🎉🎉🎉🎉🎉"]) expect(isJumbo(text), text).toBe(false);
	});

	it("shows the part around what was searched for", () => {
		const long = `${"before ".repeat(30)}the Lamp is lit ${"after ".repeat(60)}`;
		const parts = excerpt(long, "lamp");
		expect(parts.find(({ hit }) => hit)?.text).toBe("Lamp");
		const whole = parts.map(({ text }) => text).join("");
		expect(whole.startsWith("…") && whole.endsWith("…")).toBe(true);
		expect(whole.length).toBeLessThan(190);
		expect(excerpt("a.b", ".")).toEqual([
			{ text: "a", hit: false },
			{ text: ".", hit: true },
			{ text: "b", hit: false },
		]);
	});
});
