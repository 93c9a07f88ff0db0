// What is written, without its marks: for bubbles and notes, where stars and ticks would only be in the way. Pure.

const MENTION = /<@([a-z0-9_-]{1,40})>/g;

/** Marks come in pairs around words; a lone star is a star. Code is kept as it is, without its ticks. */
export function plainText(text: string, nameOf: (userId: string) => string | undefined = () => undefined): string {
	const codes: string[] = [];
	const keep = (code: string) => `\u0000${codes.push(code) - 1}\u0000`;
	let plain = text
		.replaceAll("\u0000", "")
		.replace(/```[^\n`]*\n?([\s\S]*?)```/g, (_, code: string) => keep(code.trim()))
		.replace(/`([^`\n]+)`/g, (_, code: string) => keep(code))
		.replace(MENTION, (_, id: string) => keep(`@${nameOf(id) ?? "someone"}`))
		.replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, "$1")
		.replace(/^[ \t]*(?:>[ \t]?)+/gm, "")
		.replace(/^[ \t]*#{1,6}[ \t]+/gm, "")
		.replace(/^[ \t]*[-*+][ \t]+/gm, "• ");
	// Twice, for what is both strong and emphasised.
	for (let round = 0; round < 2; round++) {
		plain = plain
			.replace(/(\*\*|__|~~)(?=\S)([^\n]*?\S)\1/g, "$2")
			.replace(/(?<![\w*])\*(?=[^\s*])([^*\n]*?[^\s*])\*(?![\w*])/g, "$1")
			.replace(/(?<![\w_])_(?=[^\s_])([^_\n]*?[^\s_])_(?![\w_])/g, "$1");
	}
	// biome-ignore lint/suspicious/noControlCharactersInRegex: it stands for what was taken out above.
	return plain.replace(/\u0000(\d+)\u0000/g, (_, at: string) => codes[Number(at)] ?? "");
}
