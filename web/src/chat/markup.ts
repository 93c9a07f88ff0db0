// What somebody wrote, as crates/markup reads it: a tree, never HTML. Read once for each text.

import { create } from "zustand";

export type Markup =
	| { t: "text" | "code" | "pre"; v: string }
	| { t: "br" }
	| { t: "mention"; id: string }
	| { t: "link"; href: string; host?: string; c: Markup[] }
	| { t: "p" | "strong" | "em" | "del" | "quote" | "ul" | "li"; c: Markup[] }
	| { t: "ol"; start: number; c: Markup[] };

type Parser = (text: string) => Markup[];

/** More than a screen shows, and few enough to forget. */
const READ_MAX = 1_500;
const MENTION = /<@([a-z0-9_-]{1,40})>/g;

/** Until the reader is there, text is text, but for names: an id is nothing to read. */
export const plainly: Parser = (text) => {
	const c: Markup[] = [];
	let done = 0;
	for (const match of text.matchAll(MENTION)) {
		if (match.index > done) c.push({ t: "text", v: text.slice(done, match.index) });
		c.push({ t: "mention", id: match[1] ?? "" });
		done = match.index + match[0].length;
	}
	if (done < text.length) c.push({ t: "text", v: text.slice(done) });
	return [{ t: "p", c }];
};

let parser: Parser = plainly;
let loading: Promise<void> | null = null;
const read = new Map<string, Markup[]>();
/** Whoever draws markup draws it anew when it can be read. */
const useReader = create(() => ({ there: false }));

/** Fetches the reader, once; it comes with the panel. */
export function loadMarkup(): Promise<void> {
	loading ??= import("./reader")
		.then(async ({ openReader }) => {
			parser = await openReader();
			read.clear();
			useReader.setState({ there: true });
		})
		.catch(() => {
			loading = null;
		});
	return loading;
}

export function treeOf(text: string): Markup[] {
	const known = read.get(text);
	if (known) return known;
	const tree = parser(text);
	if (read.size >= READ_MAX) read.clear();
	read.set(text, tree);
	return tree;
}

/** Whoever shows what is read is drawn anew when the reader is there. */
export const useReading = (): boolean => useReader(({ there }) => there);

export function useTree(text: string): Markup[] {
	useReading();
	return treeOf(text);
}

/** Whether there may be more in a text than words. */
export const hasMarks = (text: string): boolean => /[*_~`>#[\]\\-]|:\/\//.test(text);

/** The words without their marks, for where there is room for a line: names for mentions, spaces between blocks. */
export function plainOf(text: string, nameOf: (id: string) => string): string {
	return wordsOf(treeOf(text), nameOf).replace(/\s+/g, " ").trim();
}

/** The same with its lines, for a speech bubble. */
export function linesOf(text: string, nameOf: (id: string) => string): string {
	return wordsOf(treeOf(text), nameOf)
		.replace(/[ \t]+/g, " ")
		.replace(/\n{2,}/g, "\n")
		.trim();
}

function wordsOf(nodes: readonly Markup[], nameOf: (id: string) => string): string {
	return nodes
		.map((node) => {
			switch (node.t) {
				case "text":
				case "code":
				case "pre":
					return node.t === "pre" ? `\n${node.v}\n` : node.v;
				case "br":
					return "\n";
				case "mention":
					return `@${nameOf(node.id)}`;
				case "p":
				case "li":
				case "quote":
					return `${wordsOf(node.c, nameOf)}\n`;
				default:
					return wordsOf(node.c, nameOf);
			}
		})
		.join("");
}

/** Only what the browser, too, reads as an address of the web is ever a link. */
export function isSafe(href: string): boolean {
	if (!URL.canParse(href)) return false;
	const { protocol, username, password } = new URL(href);
	return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}

/** An emoji or a few and nothing else: drawn larger. */
export const isJumbo = (text: string): boolean =>
	/^(?:\s*(?:\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*)){1,4}\s*$/u.test(
		text,
	);
