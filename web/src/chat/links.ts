// Finds web addresses in plain text. Nothing else is interpreted, and nothing here makes HTML: what comes out are pieces of
// text, some of which may be drawn as links. Other schemes (javascript:, data:) are text like any other.

export interface Piece {
	text: string;
	/** Where it leads; null for text. */
	href: string | null;
}

const ADDRESS = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"“”«»]+/giu;
const CLOSERS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

const count = (text: string, letter: string): number => text.split(letter).length - 1;

/** A sentence's full stop, or the bracket around an address, is not part of it; a bracket that was opened in it is. */
function trimEnd(address: string): string {
	let end = address;
	for (;;) {
		const last = end.slice(-1);
		const opener = CLOSERS[last];
		const loose = opener ? count(end, last) > count(end, opener) : /[.,;:!?'’…*]/.test(last);
		if (!loose) return end;
		end = end.slice(0, -1);
	}
}

function hrefOf(address: string): string | null {
	if (!URL.canParse(address)) return null;
	const url = new URL(address);
	// `https://bank.example@elsewhere.example` leads elsewhere than it reads.
	const plain = url.username === "" && url.password === "";
	return plain && (url.protocol === "http:" || url.protocol === "https:") ? url.href : null;
}

export function pieces(text: string): Piece[] {
	const found: Piece[] = [];
	let done = 0;
	for (const match of text.matchAll(ADDRESS)) {
		const address = trimEnd(match[0]);
		const href = hrefOf(address);
		if (href === null) continue;
		if (match.index > done) found.push({ text: text.slice(done, match.index), href: null });
		found.push({ text: address, href });
		done = match.index + address.length;
	}
	if (done < text.length) found.push({ text: text.slice(done), href: null });
	return found;
}

/** The host as the network knows it, where it reads otherwise: letters that look like others come out as `xn--`. */
export function realHost({ text, href }: Piece): string | null {
	if (href === null) return null;
	const { host } = new URL(href);
	return text.toLowerCase().includes(host) ? null : host;
}
