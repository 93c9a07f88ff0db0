// What one does with one's body: by key, from the wheel, by the button in the bar. What is seen of it comes back from the space.

import { EMOTES } from "../render/acts";
import { spaceActions, useSpace } from "../state/space";
import type { Emote, Person } from "./client";
import { emoteText as text } from "./emoteText";
import { spaceText } from "./text";

const me = (): Person | undefined => {
	const { people, self } = useSpace.getState();
	return self === null ? undefined : people.get(self);
};

/** Dance, sit and a raised hand last: asked for again, they end. */
export function lasts(emote: Emote, person: Person | undefined): boolean {
	if (emote === "raise_hand") return (person?.handRaisedAt ?? 0) > 0;
	return emote === person?.pose;
}

export function doEmote(emote: Emote): void {
	const client = useSpace.getState().visit?.client;
	if (!client) return;
	const on = !lasts(emote, me());
	if (!client.emote(emote, on)) spaceActions.toast(spaceText.notConnected);
	else if (emote === "raise_hand") spaceActions.say(on ? text.handUp : text.handDown);
}

export const emoteByNumber = (number: number): void => {
	const emote = EMOTES[number - 1];
	if (emote) doEmote(emote);
};

/** Whose hands are up, in the order in which they went up. */
export const raisedHands = (people: ReadonlyMap<number, Person>): Person[] =>
	[...people.values()]
		.filter((person) => person.handRaisedAt > 0)
		.sort((a, b) => a.handRaisedAt - b.handRaisedAt || a.id - b.id);
