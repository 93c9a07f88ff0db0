// Names while one writes, user ids on the wire: `@Ada` in the field is `<@u_...>` in what is sent. Pure.

/** Somebody who was chosen from the list: this name in the text means them. */
export interface Pick {
	name: string;
	id: string;
}

const MENTION = /<@([a-z0-9_-]{1,40})>/g;
const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * The text as it is sent. Two of one name are taken in the order in which they were chosen; the last of them for all that
 * follow.
 */
export function encode(text: string, picks: readonly Pick[]): string {
	// The longest first, for one name may begin another.
	const names = [...new Set(picks.map(({ name }) => name))].sort((a, b) => b.length - a.length);
	if (names.length === 0) return text;
	const left = new Map(names.map((name) => [name, picks.filter((each) => each.name === name)]));
	const anyName = new RegExp(`(?<![\\p{L}\\p{N}_])@(${names.map(escaped).join("|")})(?![\\p{L}\\p{N}_])`, "gu");
	return text.replace(anyName, (whole, name: string) => {
		const these = left.get(name) ?? [];
		const pick = these.length > 1 ? these.shift() : these[0];
		return pick ? `<@${pick.id}>` : whole;
	});
}

/** The text as it is edited, and whom its names mean. */
export function decode(text: string, nameOf: (id: string) => string | null): { text: string; picks: Pick[] } {
	const picks: Pick[] = [];
	const named = text.replace(MENTION, (whole, id: string) => {
		const name = nameOf(id);
		if (name === null) return whole;
		picks.push({ name, id });
		return `@${name}`;
	});
	return { text: named, picks };
}

export const mentionsOf = (text: string): string[] => [...text.matchAll(MENTION)].map(([, id]) => id ?? "");

/** A word that is being typed before the caret, behind a sign that stands at the beginning of one. */
export interface Typing {
	/** Where the sign is. */
	from: number;
	query: string;
}

const before = (text: string, caret: number, shape: RegExp): Typing | null => {
	const found = shape.exec(text.slice(0, caret));
	return found ? { from: caret - (found[1] ?? "").length - 1, query: found[1] ?? "" } : null;
};

/** `@ad`: names have spaces, so up to two words count. */
export const typedMention = (text: string, caret: number): Typing | null =>
	before(text, caret, /(?<![\p{L}\p{N}_@])@([\p{L}\p{N}_.'’-]{0,40}(?: [\p{L}\p{N}_.'’-]{1,40})?)$/u);

/** `:smi`: two letters at least, for a colon alone is often just that. */
export const typedEmoji = (text: string, caret: number): Typing | null =>
	before(text, caret, /(?<![\p{L}\p{N}_:/]):([a-z0-9_+-]{2,30})$/iu);

export interface Candidate {
	id: string;
	name: string;
	/** Here now; they come first. */
	here: boolean;
}

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Who is meant, best first: by the beginning of the name, then of any word in it, then anywhere. */
export function complete(query: string, everybody: readonly Candidate[], most: number): Candidate[] {
	const sought = folded(query);
	const rank = ({ name }: Candidate): number => {
		const whole = folded(name);
		if (whole.startsWith(sought)) return 0;
		if (whole.split(/\s+/).some((word) => word.startsWith(sought))) return 1;
		return whole.includes(sought) ? 2 : 3;
	};
	return everybody
		.map((each) => ({ each, rank: rank(each) }))
		.filter(({ rank }) => rank < 3)
		.sort(
			(a, b) => a.rank - b.rank || Number(b.each.here) - Number(a.each.here) || a.each.name.localeCompare(b.each.name),
		)
		.slice(0, most)
		.map(({ each }) => each);
}
