// Mouse, finger and keys on a list of messages: which one has its tools, and its menu.

import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from "react";
import { activate, openMenu, useActive } from "../active";

/** A finger that stays so long asks for the menu. */
const LONG_PRESS_MS = 450;
const MOVED_PX = 10;

const lineOf = (target: EventTarget | null): HTMLElement | null =>
	target instanceof Element ? target.closest<HTMLElement>(".chat-line[data-state=said]") : null;

export function useHands(box: RefObject<HTMLDivElement | null>) {
	const press = useRef<{ timer: number; x: number; y: number } | null>(null);
	const letGo = () => {
		window.clearTimeout(press.current?.timer);
		press.current = null;
	};

	/** Up and down from message to message; from the whole list to the last one in view. */
	const keys = (event: KeyboardEvent<HTMLDivElement>) => {
		const it = box.current;
		if (!it || event.ctrlKey || event.metaKey || event.altKey) return;
		const line = lineOf(event.target);
		// Its buttons keep their keys.
		const onLine = line !== null && event.target === line;
		if (event.key === "Escape" && line) {
			event.preventDefault();
			event.stopPropagation();
			activate(null);
			it.focus();
			return;
		}
		if (!onLine && event.target !== it) return;
		if (onLine && (event.key === "Enter" || event.key === "ContextMenu")) {
			event.preventDefault();
			openMenu(line.dataset["key"] ?? "");
			return;
		}
		const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
		if (step === 0) return;
		const lines = [...it.querySelectorAll<HTMLElement>(".chat-line[data-state=said]")];
		const edge = it.getBoundingClientRect().bottom;
		const at = line
			? lines.indexOf(line) + step
			: lines.findLastIndex((each) => each.getBoundingClientRect().top < edge);
		const next = lines[at];
		event.preventDefault();
		if (next) {
			next.focus({ preventScroll: true });
			next.scrollIntoView({ block: "nearest" });
		} else if (step > 0) document.querySelector<HTMLElement>(".chat-field")?.focus();
	};

	return {
		onKeyDown: keys,
		onPointerOver: (event: PointerEvent) => {
			if (event.pointerType !== "mouse") return;
			const line = lineOf(event.target);
			if (line) activate(line.dataset["key"] ?? null);
		},
		onPointerLeave: (event: PointerEvent) => {
			// Who came by keyboard stays.
			const kept = box.current?.querySelector(".chat-line:focus-visible, .chat-line :focus-visible");
			if (event.pointerType !== "mouse" || kept || useActive.getState().held) return;
			// The tools go, and the focus with them: the list keeps it.
			if (box.current?.contains(document.activeElement)) box.current.focus({ preventScroll: true });
			activate(null);
		},
		onPointerDown: (event: PointerEvent) => {
			const line = lineOf(event.target);
			if (event.pointerType === "mouse" || !line) return;
			if (!useActive.getState().held) activate(null);
			letGo();
			const timer = window.setTimeout(() => openMenu(line.dataset["key"] ?? ""), LONG_PRESS_MS);
			press.current = { timer, x: event.clientX, y: event.clientY };
		},
		onPointerMove: (event: PointerEvent) => {
			const began = press.current;
			if (began && Math.hypot(event.clientX - began.x, event.clientY - began.y) > MOVED_PX) letGo();
		},
		onPointerUp: letGo,
		onPointerCancel: letGo,
		onContextMenu: (event: { pointerType?: string; preventDefault(): void }) => {
			// A long press is ours; a right click keeps the browser's own menu.
			if (press.current) event.preventDefault();
		},
	};
}
