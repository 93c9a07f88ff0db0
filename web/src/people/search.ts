// Finding people by name: every word typed must begin a word of the name, without regard to case or accents.

export interface Named {
	name: string;
	handRaisedAt?: number;
}

export const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function matches(name: string, query: string): boolean {
	const words = plain(name).split(/[\s\-_.]+/);
	return plain(query)
		.split(/\s+/)
		.filter(Boolean)
		.every((part) => words.some((word) => word.startsWith(part)) || (part.length > 2 && plain(name).includes(part)));
}

/** Oneself first, then raised hands in their order, then by name as the reader's language sorts. */
export function listPeople<P extends Named & { self: boolean }>(people: Iterable<P>, query: string): P[] {
	const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
	return [...people]
		.filter((person) => matches(person.name, query))
		.sort((a, b) => Number(b.self) - Number(a.self) || waiting(a) - waiting(b) || collator.compare(a.name, b.name));
}

/** Two equal ones are told apart by their names. */
const waiting = ({ handRaisedAt }: Named): number => (handRaisedAt ? handRaisedAt : Number.MAX_SAFE_INTEGER);
