// Listens to the keyboard for the place: walking by position, commands by letter. Widgets that use keys themselves keep them.

import type { Direction } from "../space/client";
import { directionOf, isWalkKey, letterOf } from "./keys";

export type Command =
	| "people"
	| "chat"
	| "minimap"
	| "zoomIn"
	| "zoomOut"
	| "help"
	| "escape"
	| "share"
	| "microphone"
	| "camera"
	| "screen"
	| "deafen"
	| "lock"
	| "emotes"
	| `emote${number}`;

export interface KeyboardTarget {
	steer(direction: Direction | null, run: boolean): void;
	command(command: Command): boolean;
	letterKeys(): boolean;
}

const LETTERS: Record<string, Command> = {
	p: "people",
	t: "chat",
	m: "minimap",
	l: "share",
	"+": "zoomIn",
	"=": "zoomIn",
	"-": "zoomOut",
	"?": "help",
	v: "microphone",
	c: "camera",
	b: "screen",
	h: "deafen",
	k: "lock",
	e: "emotes",
};

/** By position, so that the row of digits is one on every layout. */
const emoteOf = (code: string): Command | undefined => {
	const digit = /^Digit([1-8])$/.exec(code)?.[1];
	return digit === undefined ? undefined : `emote${Number(digit)}`;
};

/** Text fields, menus, lists, dialogs and what scrolls need the keys themselves. */
const ownsKeys = (target: EventTarget | null): boolean =>
	target instanceof Element &&
	target.closest(
		"input, textarea, select, [contenteditable], [role=menu], [role=listbox], [role=grid], [role=dialog], [role=radiogroup], [role=slider], [role=tablist], [role=log]",
	) !== null;

/** A shared screen in full view is looked at while one talks: these go on there, and no others. */
const WHILE_VIEWING: ReadonlySet<Command> = new Set(["microphone", "camera", "deafen"]);

const isViewing = (target: EventTarget | null): boolean =>
	target instanceof Element && target.closest(".viewer") !== null;

export function listenToKeys(target: KeyboardTarget): () => void {
	const pressed = new Set<string>();
	let run = false;

	const tell = () => target.steer(directionOf(pressed), run);
	const release = () => {
		if (pressed.size === 0) return;
		pressed.clear();
		tell();
	};
	const act = (command: Command, event: KeyboardEvent) => {
		if (!event.repeat && target.letterKeys() && target.command(command)) event.preventDefault();
	};
	const down = (event: KeyboardEvent) => {
		if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
		// Safari ends a composition before the key that ends it goes down; the number still says that it was for the composition.
		if (event.isComposing || event.keyCode === 229) return;
		if (event.key === "Escape") {
			target.command("escape");
			return;
		}
		const letter = LETTERS[letterOf(event)];
		if (ownsKeys(event.target)) {
			if (letter && WHILE_VIEWING.has(letter) && isViewing(event.target)) act(letter, event);
			return;
		}
		if (isWalkKey(event.code) && (target.letterKeys() || event.code.startsWith("Arrow"))) {
			event.preventDefault();
			const known = pressed.has(event.code) && run === event.shiftKey;
			pressed.add(event.code);
			run = event.shiftKey;
			if (!known) tell();
			return;
		}
		if (event.key === "Shift" && pressed.size > 0 && !run) {
			run = true;
			tell();
			return;
		}
		const command = letter ?? (event.shiftKey ? undefined : emoteOf(event.code));
		if (command) act(command, event);
	};
	const up = (event: KeyboardEvent) => {
		if (event.key === "Shift" && run) {
			run = false;
			if (pressed.size > 0) tell();
		}
		// While Cmd is down a Mac tells of no other key that is let go.
		if (event.key === "Meta") release();
		if (pressed.delete(event.code)) tell();
	};

	// A key let go in another window is never told to us: leaving ours counts as letting go.
	const hidden = () => document.hidden && release();
	window.addEventListener("keydown", down);
	window.addEventListener("keyup", up);
	window.addEventListener("blur", release);
	document.addEventListener("visibilitychange", hidden);
	return () => {
		release();
		window.removeEventListener("keydown", down);
		window.removeEventListener("keyup", up);
		window.removeEventListener("blur", release);
		document.removeEventListener("visibilitychange", hidden);
	};
}
