// The wheel of emotes around oneself, or a sheet under a finger: a menu of eight, by mouse, thumb, arrows, digits, or by holding its key.

import { useEffect, useRef, useState } from "react";
import { letterOf } from "../../../input/keys";
import { EMOTES } from "../../../render/acts";
import { useSpace } from "../../../state/space";
import "../../../styles/emotes.css";
import type { Emote } from "../../client";
import { doEmote, lasts } from "../../emotes";
import { emoteText as text } from "../../emoteText";
import { EmotePicture } from "./EmotePicture";
import { closeWheel, placeOf, pointed, useWheel } from "./wheel";

/** A key that is let go sooner was pressed, not held. */
const HOLD_MS = 320;
const DEAD_PX = 44;

export default function OpenWheel() {
	const me = useSpace((state) => (state.self === null ? undefined : state.people.get(state.self)));
	const [at, setAt] = useState(0);
	const ring = useRef<HTMLDivElement>(null);
	const chosen = useRef<{ at: number; moved: boolean }>({ at: 0, moved: false });
	const before = useRef<Element | null>(null);

	const point = (index: number) => {
		chosen.current = { at: index, moved: true };
		setAt(index);
		ring.current?.querySelectorAll<HTMLElement>("[role=menuitem]")[index]?.focus();
	};
	const act = (emote: Emote) => {
		closeWheel();
		doEmote(emote);
	};

	useEffect(() => {
		before.current = document.activeElement;
		ring.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
		return () => {
			const back = before.current;
			if (!(back instanceof HTMLElement) || !back.isConnected) return;
			// One goes on walking: no ring around the whole picture.
			if (back.matches("canvas.place")) back.dataset["byHand"] = "";
			back.focus({ preventScroll: true });
		};
	}, []);

	// Held: where the pointer or the arrows are when the key is let go is what one does.
	useEffect(() => {
		const opened_ms = performance.now();
		const lifted = (event: KeyboardEvent) => {
			if (letterOf(event) !== "e" || !useWheel.getState().held) return;
			const emote = EMOTES[chosen.current.at];
			if (performance.now() - opened_ms < HOLD_MS) useWheel.setState({ held: false });
			else if (chosen.current.moved && emote) {
				closeWheel();
				doEmote(emote);
			} else closeWheel();
		};
		const moved = (event: PointerEvent) => {
			// There it is a grid, as in styles/emotes.css: no direction means anything.
			if (matchMedia("(pointer: coarse)").matches) return;
			const box = ring.current?.getBoundingClientRect();
			if (!box || event.pointerType === "touch") return;
			const [dx, dy] = [event.clientX - (box.left + box.width / 2), event.clientY - (box.top + box.height / 2)];
			const index = pointed(dx, dy, EMOTES.length, DEAD_PX);
			if (index === null || index === chosen.current.at) return;
			chosen.current = { at: index, moved: true };
			setAt(index);
			ring.current?.querySelectorAll<HTMLElement>("[role=menuitem]")[index]?.focus();
		};
		window.addEventListener("keyup", lifted);
		window.addEventListener("pointermove", moved);
		return () => {
			window.removeEventListener("keyup", lifted);
			window.removeEventListener("pointermove", moved);
		};
	}, []);

	const keys = (event: React.KeyboardEvent) => {
		const count = EMOTES.length;
		const digit = /^Digit([1-8])$/.exec(event.code)?.[1];
		const emote = digit === undefined ? undefined : EMOTES[Number(digit) - 1];
		if (emote) act(emote);
		else if (event.key === "ArrowRight" || event.key === "ArrowDown") point((at + 1) % count);
		else if (event.key === "ArrowLeft" || event.key === "ArrowUp") point((at + count - 1) % count);
		else if (event.key === "Home") point(0);
		else if (event.key === "End") point(count - 1);
		else if (event.key === "Escape" || event.key === "Tab") closeWheel();
		else return;
		event.preventDefault();
		event.stopPropagation();
	};
	const current = EMOTES[at] ?? "wave";
	const label = (emote: Emote) => (lasts(emote, me) ? text.ends[emote] : undefined) ?? text.names[emote];
	return (
		<div
			className="emote-cover"
			onPointerDown={(event) => {
				if (event.target === event.currentTarget) closeWheel();
			}}
		>
			<div ref={ring} className="emote-wheel" role="menu" aria-label={text.title} tabIndex={-1} onKeyDown={keys}>
				<div className="emote-middle" aria-hidden="true">
					<span className="emote-name">{label(current)}</span>
					<kbd>{at + 1}</kbd>
				</div>
				{EMOTES.map((emote, index) => {
					const { x, y } = placeOf(index, EMOTES.length);
					return (
						<button
							key={emote}
							type="button"
							role="menuitem"
							className="emote"
							tabIndex={index === at ? 0 : -1}
							aria-label={label(emote)}
							aria-keyshortcuts={`${index + 1}`}
							data-key={index + 1}
							data-on={lasts(emote, me)}
							style={{ "--x": x, "--y": y } as React.CSSProperties}
							onFocus={() => setAt(index)}
							onClick={() => act(emote)}
						>
							<span className="emote-round">{me && <EmotePicture emote={emote} look={me.look} />}</span>
							<span className="emote-label" aria-hidden="true">
								{label(emote)}
							</span>
						</button>
					);
				})}
			</div>
		</div>
	);
}
