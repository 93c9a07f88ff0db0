// A channel's messages. It stays at the newest while one is there, and where one reads when older ones come in above.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import type { Channel } from "../../space/client";
import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { itemsOf } from "../grouping";
import { chatActions, useChat } from "../store";
import { chatText as text } from "../text";
import { Group } from "./Group";
import { Missing } from "./Missing";

/** So near to the end still counts as there. */
const END_PX = 24;

export function Messages({ channel }: { channel: Channel }) {
	const items = useItems(channel);
	const { box, atEnd, toEnd } = useScroll(items);
	useReading(channel, atEnd);
	const unread = useChat((state) => state[channel].unread);
	const empty = !items.some((item) => item.kind === "group" || item.kind === "missing");
	return (
		<div className="chat-list">
			<div
				ref={box}
				className="chat-scroll"
				role="log"
				// New messages are told by a region of their own, shorter.
				aria-live="off"
				aria-label={text.messages(channel)}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
				tabIndex={0}
			>
				{empty && <Empty channel={channel} />}
				<ol className="chat-items">
					{items.map((item) => {
						switch (item.kind) {
							case "missing":
								return <Missing key={item.key} before={item.before} />;
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

function Empty({ channel }: { channel: Channel }) {
	const everyone = channel === "everyone";
	return (
		<div className="chat-empty">
			<Icon name="chat" size={28} />
			<p className="field-label">{everyone ? text.empty.everyone : text.empty.nearby}</p>
			<p className="note">{everyone ? text.empty.everyoneHelp : text.empty.nearbyHelp}</p>
		</div>
	);
}

function useItems(channel: Channel) {
	const { messages, firstNew } = useChat((state) => state[channel]);
	const ranges = useChat((state) => state.ranges);
	const outgoing = useChat((state) => state.outgoing);
	const self = useSpace((state) => (state.self === null ? undefined : state.people.get(state.self)));
	const { userId = "", name = "" } = self ?? {};
	return useMemo(
		() =>
			itemsOf({
				messages,
				ranges: channel === "everyone" ? ranges : null,
				outgoing: outgoing.filter((each) => each.channel === channel),
				self: { id: userId, name },
				firstNew,
			}),
		[messages, firstNew, ranges, outgoing, channel, userId, name],
	);
}

/** Whoever has the newest before their eyes has read it. */
function useReading(channel: Channel, atEnd: boolean): void {
	useEffect(() => {
		const look = () => chatActions.reading(atEnd && !document.hidden ? channel : null);
		look();
		document.addEventListener("visibilitychange", look);
		return () => document.removeEventListener("visibilitychange", look);
	}, [channel, atEnd]);
	useEffect(() => () => chatActions.left(channel), [channel]);
}

/** The first message in view, and how far it is from the upper edge: what must not jump when others come in above it. */
interface Hold {
	key: string;
	top: number;
}

const linesIn = (box: HTMLElement) => box.querySelectorAll<HTMLElement>("[data-key]");

function holdOf(box: HTMLElement): Hold | null {
	const edge = box.getBoundingClientRect().top;
	const lines = linesIn(box);
	// They stand one below the other, and may be thousands: halving finds the first that reaches below the edge.
	let low = 0;
	let high = lines.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((lines[middle]?.getBoundingClientRect().bottom ?? 0) > edge) high = middle;
		else low = middle + 1;
	}
	const line = lines[low];
	return line ? { key: line.dataset["key"] ?? "", top: line.getBoundingClientRect().top - edge } : null;
}

function useScroll(items: unknown) {
	const box = useRef<HTMLDivElement>(null);
	const hold = useRef<Hold | null>(null);
	const [atEnd, setAtEnd] = useState(true);
	/** For what is measured outside of React's turns. */
	const end = useRef(true);

	const toEnd = () => {
		const it = box.current;
		if (!it) return;
		it.scrollTop = it.scrollHeight;
		it.focus({ preventScroll: true });
	};

	// biome-ignore lint/correctness/useExhaustiveDependencies: other items are what moves everything.
	useLayoutEffect(() => {
		const it = box.current;
		if (!it) return;
		const held = hold.current;
		if (end.current) it.scrollTop = it.scrollHeight;
		else if (held) {
			const line = [...linesIn(it)].find((each) => each.dataset["key"] === held.key);
			const top = line && line.getBoundingClientRect().top - it.getBoundingClientRect().top;
			if (top !== undefined) it.scrollTop += top - held.top;
		}
		hold.current = holdOf(it);
	}, [items]);

	useEffect(() => {
		const it = box.current;
		if (!it) return;
		const scrolled = () => {
			end.current = it.scrollHeight - it.scrollTop - it.clientHeight < END_PX;
			setAtEnd(end.current);
			hold.current = holdOf(it);
		};
		// The field below grows, a phone turns: who was at the end stays there.
		const resized = new ResizeObserver(() => {
			if (end.current) it.scrollTop = it.scrollHeight;
		});
		it.addEventListener("scroll", scrolled, { passive: true });
		resized.observe(it);
		return () => {
			it.removeEventListener("scroll", scrolled);
			resized.disconnect();
		};
	}, []);

	return { box, atEnd, toEnd };
}
