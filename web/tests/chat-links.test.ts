import { describe, expect, it } from "vitest";
import { pieces, realHost } from "../src/chat/links";

const links = (text: string) => pieces(text).flatMap(({ text: shown, href }) => (href === null ? [] : [shown]));

describe("web addresses in a text", () => {
	it("are links, and all else stays as it was written", () => {
		const text = "See https://example.org/a?b=c#d, and\nhttp://localhost:8787 (https://example.org/x_(y)).";
		expect(links(text)).toEqual(["https://example.org/a?b=c#d", "http://localhost:8787", "https://example.org/x_(y)"]);
		expect(
			pieces(text)
				.map((piece) => piece.text)
				.join(""),
		).toBe(text);
		expect(pieces("plain")).toEqual([{ text: "plain", href: null }]);
		expect(pieces("")).toEqual([]);
	});

	it("are only those of the web", () => {
		for (const text of [
			"javascript:alert(1)",
			"JavaScript://%0aalert(1)",
			"data:text/html,<script>alert(1)</script>",
			"file:///etc/passwd",
			"ftp://example.org",
			"xhttps://example.org",
			"https://",
			"https://[",
			"www.example.org",
		])
			expect(links(text), text).toEqual([]);
	});

	it("do not hide where they lead", () => {
		expect(links("https://bank.example@elsewhere.example/")).toEqual([]);
		const [cyrillic, plain] = [pieces("https://аpple.com/")[0], pieces("https://Apple.com/")[0]];
		expect(cyrillic && realHost(cyrillic)).toBe("xn--pple-43d.com");
		expect(plain && realHost(plain)).toBe(null);
	});

	it("end where markup begins", () => {
		expect(links('<a href="https://example.org/">x</a><img src=x onerror=alert(1)>')).toEqual(["https://example.org/"]);
	});

	it("are found in a page of brackets in no time", () => {
		const before = performance.now();
		pieces(`https://example.org/${")".repeat(2_000)}`.repeat(1));
		pieces("https://".repeat(250));
		expect(performance.now() - before).toBeLessThan(500);
	});
});
