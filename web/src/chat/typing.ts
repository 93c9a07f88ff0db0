// Who types where: for some seconds after a hint, or until what was typed is said.

import type { Channel } from "../space/words";
import { useSpace } from "../state/space";
import type { Message, Place } from "./place";
import { useChat } from "./store";

/** A hint comes every 3 s while somebody types. */
const LASTS_MS = 5_000;

export class TypingHints {
	#timer = 0;

	heard(session: number, place: Channel): void {
		const person = useSpace.getState().people.get(session);
		if (!person || person.self) return;
		const hint = { place, userId: person.userId, name: person.name, until: Date.now() + LASTS_MS };
		const others = useChat.getState().typing.filter((each) => each.userId !== person.userId);
		useChat.setState({ typing: [...others, hint] });
		this.#tidy();
	}

	said(place: Place, messages: readonly Message[]): void {
		const { typing } = useChat.getState();
		const left = typing.filter(
			(each) => each.place !== place || !messages.some(({ authorId }) => authorId === each.userId),
		);
		if (left.length < typing.length) useChat.setState({ typing: left });
	}

	stop(): void {
		window.clearTimeout(this.#timer);
	}

	#tidy(): void {
		window.clearTimeout(this.#timer);
		const { typing } = useChat.getState();
		if (typing.length === 0) return;
		const first = Math.min(...typing.map(({ until }) => until));
		this.#timer = window.setTimeout(
			() => {
				useChat.setState({ typing: useChat.getState().typing.filter(({ until }) => until > Date.now()) });
				this.#tidy();
			},
			first - Date.now() + 10,
		);
	}
}
