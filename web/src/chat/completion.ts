// What is offered while one types a name or an emoji.

import { useEffect, useMemo, useState } from "react";
import { useSpace } from "../state/space";
import { emojiNamed } from "./emoji";
import { type Candidate, complete, typedEmoji, typedMention } from "./mentions";
import type { Place } from "./place";
import { placeIn, useChat } from "./store";

/** A list that fits between the field and the messages. */
const OFFERED_MAX = 6;

export interface Offer {
	key: string;
	/** Put instead of what is typed. */
	insert: string;
	label: string;
	person: Candidate | null;
	emoji: string | null;
}

export interface Offers {
	/** Where what is typed begins. */
	from: number;
	list: readonly Offer[];
}

const NONE: Offers = { from: 0, list: [] };

export function useOffers(place: Place, text: string, caret: number): Offers {
	const mention = typedMention(text, caret);
	const emoji = typedEmoji(text, caret);
	const people = useCandidates(place, mention !== null);
	const query = mention?.query;
	const persons = useMemo(() => (query === undefined ? [] : complete(query, people, OFFERED_MAX)), [query, people]);
	const found = useEmoji(emoji?.query ?? null);
	if (mention && persons.length > 0) {
		const list = persons.map((person) => ({
			key: person.id,
			insert: `@${person.name} `,
			label: person.name,
			person,
			emoji: null,
		}));
		return { from: mention.from, list };
	}
	if (emoji && found.length > 0) {
		const list = found.map((each) => ({
			key: each.emoji,
			insert: `${each.emoji} `,
			label: `:${each.name}:`,
			person: null,
			emoji: each.emoji,
		}));
		return { from: emoji.from, list };
	}
	return NONE;
}

/** Those who are here, who belong here, and who wrote here; not oneself. Gathered only while somebody asks. */
function useCandidates(place: Place, wanted: boolean): readonly Candidate[] {
	const people = useSpace((state) => (wanted ? state.people : null));
	const names = useChat((state) => (wanted ? state.names : null));
	const messages = useChat((state) => (wanted ? placeIn(state, place).messages : null));
	return useMemo(() => {
		const all = new Map<string, Candidate>();
		for (const [id, name] of names ?? []) all.set(id, { id, name, here: false });
		for (const { authorId: id, authorName: name } of messages ?? []) all.set(id, { id, name, here: false });
		for (const { userId: id, name, self } of people?.values() ?? []) {
			if (self) all.delete(id);
			else all.set(id, { id, name, here: true });
		}
		for (const person of people?.values() ?? []) if (person.self) all.delete(person.userId);
		return [...all.values()];
	}, [people, names, messages]);
}

function useEmoji(query: string | null) {
	const [found, setFound] = useState<{ query: string; list: Awaited<ReturnType<typeof emojiNamed>> } | null>(null);
	useEffect(() => {
		if (query === null) return;
		let late = false;
		void emojiNamed(query, OFFERED_MAX).then((list) => {
			if (!late) setFound({ query, list });
		});
		return () => {
			late = true;
		};
	}, [query]);
	// While the next ones are looked up the last ones stay: nothing flickers.
	return query !== null && found && query.startsWith(found.query.slice(0, 2)) ? found.list : [];
}
