// The part of a text around what was searched for. Pure.

/** Letters before the first hit; the rest follows as far as there is room. */
const BEFORE_CHARS = 40;
const ALL_CHARS = 180;

export interface Part {
	text: string;
	hit: boolean;
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export function excerpt(text: string, sought: string): Part[] {
	const words = sought.split(/\s+/).filter((word) => word !== "");
	if (words.length === 0) return [{ text: text.slice(0, ALL_CHARS), hit: false }];
	const hits = new RegExp(words.map(escaped).join("|"), "giu");
	const first = text.search(hits);
	const from = first > BEFORE_CHARS ? first - BEFORE_CHARS : 0;
	const shown = text.slice(from, from + ALL_CHARS);
	const cut = `${from > 0 ? "…" : ""}${shown}${from + ALL_CHARS < text.length ? "…" : ""}`;
	const parts: Part[] = [];
	let done = 0;
	for (const match of cut.matchAll(hits)) {
		if (match.index > done) parts.push({ text: cut.slice(done, match.index), hit: false });
		parts.push({ text: match[0], hit: true });
		done = match.index + match[0].length;
	}
	if (done < cut.length) parts.push({ text: cut.slice(done), hit: false });
	return parts;
}
