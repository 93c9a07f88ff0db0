// The line above an answer: what it answers. Pressed, it leads there.

import { useEffect } from "react";
import { plainOf, useReading } from "../markup";
import { nameOf } from "../names";
import { isDirect, isKept, type Message, type Place } from "../place";
import { originalKey, placeIn, useChat } from "../store";
import { chatText as text } from "../text";
import { Face } from "./Face";

export const quoteOf = (message: Message): string =>
	message.deleted ? text.deleted : plainOf(message.text, (id) => nameOf(id) ?? text.someone);

export function Quoted({ place, id }: { place: Place; id: number }) {
	const known = useChat((state) => placeIn(state, place).messages.find((each) => each.id === id));
	const fetched = useChat((state) => state.originals[originalKey(place, id)]);
	const message = known ?? fetched ?? null;
	useReading();
	useEffect(() => {
		if (!message) useChat.getState().door?.find(place, id);
	}, [message, place, id]);
	const jump = () => useChat.getState().door?.jump(place, id);
	if (!message && !(isDirect(place) && isKept(place))) {
		return (
			<p className="chat-quoted">
				<span className="chat-quoted-words">{text.gone}</span>
			</p>
		);
	}
	return (
		<button type="button" className="chat-quoted" onClick={jump}>
			<span className="sr-only">{text.answers}</span>
			{message ? (
				<>
					<Face userId={message.authorId} name={message.authorName} size={16} />
					<bdi className="chat-quoted-name">{message.authorName}</bdi>
					<span className="chat-quoted-words">{quoteOf(message)}</span>
				</>
			) : (
				<span className="chat-quoted-words">{text.earlier}</span>
			)}
		</button>
	);
}
