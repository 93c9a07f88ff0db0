// Marks around what is selected in the field: put there, or taken away where they are there already. Pure.

export interface Field {
	text: string;
	from: number;
	to: number;
}

export function toggleMark({ text, from, to }: Field, mark: string): Field {
	const inside = text.slice(from, to);
	const n = mark.length;
	if (text.slice(from - n, from) === mark && text.slice(to, to + n) === mark && from >= n) {
		return { text: text.slice(0, from - n) + inside + text.slice(to + n), from: from - n, to: to - n };
	}
	return { text: text.slice(0, from) + mark + inside + mark + text.slice(to), from: from + n, to: to + n };
}

/** `/think words`: the words, or null where it is no such thing. */
export function thoughtIn(text: string): string | null {
	const found = /^\/think\s+(?=\S)/.exec(text);
	return found ? text.slice(found[0].length) : null;
}
