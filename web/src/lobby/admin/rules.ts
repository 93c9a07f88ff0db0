// What is typed into the forms of a space's rules, read. Pure.

export const WORDS_MAX = 200;
export const WORD_LETTERS_MAX = 40;

/** A whole number from 0 on; null where it is none, or too large. An empty field is 0. */
export function parseAmount(typed: string, max: number): number | null {
	const value = typed.trim() === "" ? 0 : Number(typed);
	return Number.isInteger(value) && value >= 0 && value <= max ? value : null;
}

/** One a line, or parted by commas; each once. Null where they are too many or too long. */
export function parseWords(typed: string): string[] | null {
	const words = [...new Set(typed.split(/[\n,]/).map((word) => word.trim().toLowerCase()))].filter(Boolean);
	return words.length <= WORDS_MAX && words.every((word) => [...word].length <= WORD_LETTERS_MAX) ? words : null;
}
