// Says new messages to those who hear the page: briefly, and several at once as one sentence, so that talk is not talked over.

import { plainOf } from "./markup";
import { nameOf } from "./names";
import { isDirect, type Message } from "./place";
import { chatActions } from "./store";
import { chatText as text } from "./text";

const BATCH_MS = 600;
/** Letters that are read of one message; who wants all goes to the panel. */
const LETTERS_MAX = 160;

const short = (said: string): string => {
	const letters = [...said];
	return letters.length > LETTERS_MAX ? `${letters.slice(0, LETTERS_MAX - 1).join("")}…` : said;
};

export class Herald {
	#waiting: Message[] = [];
	#timer = 0;

	tell(messages: readonly Message[]): void {
		this.#waiting.push(...messages);
		if (this.#timer === 0 && this.#waiting.length > 0) this.#timer = window.setTimeout(() => this.#cry(), BATCH_MS);
	}

	stop(): void {
		window.clearTimeout(this.#timer);
	}

	#cry(): void {
		this.#timer = 0;
		const said = this.#waiting.splice(0);
		const lines = said.map(({ authorName, text: words, channel }) => {
			const plain = short(plainOf(words, (id) => nameOf(id) ?? text.someone));
			return isDirect(channel) ? text.spokenToYou(authorName, plain) : text.spoken(authorName, plain);
		});
		chatActions.announce(said.length > 3 ? text.spokenMany(said.length) : lines.join(". "));
	}
}
