// The messages of a place. It stays at the newest while one is there, and where one reads when older ones come in above.

import { useEffect, useMemo } from "react";
import { Button } from "react-aria-components";
import { isBlocked, useBlocks } from "../../state/blocks";
import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { itemsOf } from "../grouping";
import { isDirect, isKept, type Place } from "../place";
import { chatActions, placeIn, useChat } from "../store";
import { chatText as text } from "../text";
import { Group } from "./Group";
import { useHands } from "./hands";
import { Missing } from "./Missing";
import { PlaceSign, usePlaceName } from "./places";
import { useScroll } from "./scroll";

export function Messages({ place }: { place: Place }) {
	const items = useItems(place);
	const { box, list, atEnd, toEnd } = useScroll(place, items);
	// After the last that is known there may be more: then nobody has seen the newest.
	useReading(place, atEnd && items.at(-1)?.kind !== "missing");
	const hands = useHands(box);
	const name = usePlaceName(place);
	const unread = useChat((state) => placeIn(state, place).unread);
	const empty = !items.some((item) => item.kind === "group" || item.kind === "missing");
	return (
		<div className="chat-list">
			<div
				ref={box}
				className="chat-scroll"
				role="log"
				// New messages are told by a region of their own, shorter.
				aria-live="off"
				aria-label={text.messages(name)}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
				tabIndex={0}
				{...hands}
			>
				{empty && <Empty place={place} name={name} />}
				<ol ref={list} className="chat-items">
					{items.map((item) => {
						switch (item.kind) {
							case "missing":
								return <Missing key={item.key} place={place} before={item.before} after={item.after} />;
							case "begin":
								return empty ? null : (
									<li key={item.key} className="chat-mark note">
										{text.begin}
									</li>
								);
							case "day":
								return (
									<li key={item.key} className="chat-mark chat-day">
										{text.day(item.at)}
									</li>
								);
							case "new":
								return (
									<li key={item.key} className="chat-new">
										{text.newSince}
									</li>
								);
							default:
								return <Group key={item.key} item={item} />;
						}
					})}
				</ol>
			</div>
			{!atEnd && (
				<Button className="btn chat-jump" aria-label={`${text.jumpSpoken}, ${text.jump(unread)}`} onPress={toEnd}>
					<Icon name="chevron" size={16} />
					{text.jump(unread)}
				</Button>
			)}
		</div>
	);
}

function Empty({ place, name }: { place: Place; name: string }) {
	const [title, help] = text.empty(place, name);
	return (
		<div className="chat-empty">
			<PlaceSign place={place} name={name} size={isDirect(place) ? 64 : 52} />
			<p className="field-label">{title}</p>
			<p className="note">{help}</p>
		</div>
	);
}

function useItems(place: Place) {
	const { messages, ranges, firstNew } = useChat((state) => placeIn(state, place));
	const outgoing = useChat((state) => state.outgoing);
	const blocked = useBlocks((state) => state.blocked);
	const self = useSpace((state) => (state.self === null ? undefined : state.people.get(state.self)));
	const { userId = "", name = "" } = self ?? {};
	return useMemo(
		() =>
			itemsOf({
				// The record leaves out whom one blocks; what was there before goes here.
				messages: blocked?.length ? messages.filter(({ authorId }) => !isBlocked(authorId)) : messages,
				ranges: isKept(place) ? ranges : null,
				outgoing: outgoing.filter((each) => each.channel === place),
				self: { id: userId, name },
				firstNew,
			}),
		[messages, firstNew, ranges, outgoing, place, userId, name, blocked],
	);
}

/** Whoever has the newest before their eyes has read it. */
function useReading(place: Place, atEnd: boolean): void {
	useEffect(() => {
		const look = () => chatActions.reading(atEnd && !document.hidden ? place : null);
		look();
		document.addEventListener("visibilitychange", look);
		return () => document.removeEventListener("visibilitychange", look);
	}, [place, atEnd]);
	useEffect(() => () => chatActions.left(place), [place]);
}
