// Emoji by name. The data lie beside us and come only when somebody asks for the first one.

import type { Emoji, NativeEmoji } from "emoji-picker-element/shared";
import dataUrl from "emoji-picker-element-data/en/emojibase/data.json?url";

/** As new as fonts on most devices are. Given, nothing is drawn to find out, and tests find the same everywhere. */
export const EMOJI_VERSION = 15.1;
export const emojiData = dataUrl;

export interface NamedEmoji {
	emoji: string;
	name: string;
}

/** Under a message at one press. */
export const QUICK = ["👍", "❤️", "😂"] as const;

const isNative = (emoji: Emoji): emoji is NativeEmoji => "unicode" in emoji;
let names: Promise<{ find(words: string): Promise<NamedEmoji[]> }> | null = null;

async function open() {
	const { default: Database } = await import("emoji-picker-element/database");
	const database = new Database({ dataSource: dataUrl });
	await database.ready();
	return {
		async find(words: string): Promise<NamedEmoji[]> {
			const found = (await database.getEmojiBySearchQuery(words)).filter(isNative);
			const code = (emoji: NativeEmoji) =>
				emoji.shortcodes?.find((each) => each.startsWith(words)) ?? emoji.shortcodes?.[0];
			return found
				.filter(({ version }) => version <= EMOJI_VERSION)
				.map((emoji) => ({ emoji: emoji.unicode, name: code(emoji) ?? emoji.annotation }))
				.sort((a, b) => Number(b.name.startsWith(words)) - Number(a.name.startsWith(words)));
		},
	};
}

/** Those with such a name, best first; none where their data cannot be had. */
export async function emojiNamed(words: string, most: number): Promise<NamedEmoji[]> {
	try {
		names ??= open();
		return (await (await names).find(words.toLowerCase())).slice(0, most);
	} catch {
		names = null;
		return [];
	}
}
