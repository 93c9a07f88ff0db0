// Where one is in a list of messages: at its end, or at a message that must not jump when others come in, or are drawn, above it.

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Place } from "../place";
import { useChat } from "../store";

/** So near to the end still counts as there. */
const END_PX = 24;
const FLASH_MS = 1_800;

/** The first message in view, and how far it is from the upper edge. */
interface Hold {
	key: string;
	top: number;
}

function holdOf(box: HTMLElement): Hold | null {
	const edge = box.getBoundingClientRect().top;
	const groups = box.querySelectorAll<HTMLElement>(".chat-group");
	// They stand one below the other, and may be thousands: halving finds the first that reaches below the edge. Lines are looked
	// at only within it: those of a group that is not laid out may reach far out of it.
	let low = 0;
	let high = groups.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((groups[middle]?.getBoundingClientRect().bottom ?? 0) > edge) high = middle;
		else low = middle + 1;
	}
	const lines = groups[low]?.querySelectorAll<HTMLElement>("[data-key]") ?? [];
	const line = [...lines].find((each) => each.getBoundingClientRect().bottom > edge) ?? [...lines].at(-1);
	return line ? { key: line.dataset["key"] ?? "", top: line.getBoundingClientRect().top - edge } : null;
}

/** The last message that was shown and flashed: each is once. */
let shown = 0;

export function useScroll(place: Place, items: unknown) {
	const box = useRef<HTMLDivElement>(null);
	const list = useRef<HTMLOListElement>(null);
	const hold = useRef<Hold | null>(null);
	const [atEnd, setAtEnd] = useState(true);
	/** For what is measured outside of React's turns. */
	const end = useRef(true);
	/** As it was left last: what differs since was either scrolled by somebody, or grew. */
	const left = useRef({ top: 0, height: 0 });
	const target = useChat((state) => state.target);

	const stay = () => {
		const it = box.current;
		if (!it) return;
		const held = hold.current;
		if (end.current) it.scrollTop = it.scrollHeight;
		else if (held) {
			const line = it.querySelector<HTMLElement>(`[data-key="${CSS.escape(held.key)}"]`);
			const top = line && line.getBoundingClientRect().top - it.getBoundingClientRect().top;
			if (top !== null && top !== held.top) it.scrollTop += top - held.top;
		}
		left.current = { top: it.scrollTop, height: it.scrollHeight };
	};

	const toEnd = () => {
		const it = box.current;
		if (!it) return;
		end.current = true;
		setAtEnd(true);
		it.scrollTop = it.scrollHeight;
		it.focus({ preventScroll: true });
	};

	// biome-ignore lint/correctness/useExhaustiveDependencies: other items are what moves everything.
	useLayoutEffect(() => {
		stay();
		// Only where somebody scrolls another message is held: what just came in is not laid out in full yet.
		if (box.current) hold.current ??= holdOf(box.current);
	}, [items]);

	// biome-ignore lint/correctness/useExhaustiveDependencies: the message may come with the next items only.
	useLayoutEffect(() => {
		const it = box.current;
		if (!it || !target || target.place !== place || target.count === shown) return;
		const line = it.querySelector<HTMLElement>(`[data-id="${target.id}"]`);
		if (!line) return;
		shown = target.count;
		end.current = false;
		line.scrollIntoView({ block: "center" });
		const top = line.getBoundingClientRect().top - it.getBoundingClientRect().top;
		hold.current = { key: line.dataset["key"] ?? "", top };
		left.current = { top: it.scrollTop, height: it.scrollHeight };
		line.focus({ preventScroll: true });
		line.classList.add("chat-flash");
		window.setTimeout(() => line.classList.remove("chat-flash"), FLASH_MS);
	}, [target, items, place]);

	// biome-ignore lint/correctness/useExhaustiveDependencies: what is done here reads what is current.
	useEffect(() => {
		const it = box.current;
		if (!it || !list.current) return;
		const scrolled = () => {
			const moved = it.scrollTop - left.current.top;
			// What came near was drawn in full before this was told: first that is made up for, then one has scrolled.
			if (it.scrollHeight !== left.current.height && (!end.current || moved >= 0)) {
				if (hold.current) hold.current = { ...hold.current, top: hold.current.top - moved };
				stay();
			}
			left.current = { top: it.scrollTop, height: it.scrollHeight };
			const now = it.scrollHeight - it.scrollTop - it.clientHeight < END_PX;
			end.current = now;
			setAtEnd(now);
			if (moved !== 0) hold.current = holdOf(it);
		};
		// The field below grows, a phone turns, what was far away is drawn in full: who was somewhere stays there.
		const resized = new ResizeObserver(stay);
		it.addEventListener("scroll", scrolled, { passive: true });
		resized.observe(it);
		resized.observe(list.current);
		return () => {
			it.removeEventListener("scroll", scrolled);
			resized.disconnect();
		};
	}, []);

	return { box, list, atEnd, toEnd };
}
