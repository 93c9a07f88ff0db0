// The two keys for talking that are more than a letter: Ctrl or Cmd with D mutes from anywhere, a text field included, and
// Space is held to talk where that is wished for.

export interface TalkKeys {
	toggleMicrophone(): void;
	/** Space talks as long as it is down. */
	holds(): boolean;
	talk(down: boolean): void;
}

/** Where Space writes or chooses. On a shared screen in full view it does neither, and one talks. */
const ownsSpace = (target: EventTarget | null): boolean =>
	target instanceof Element &&
	target.closest(
		"input:not([type=range]), textarea, select, [contenteditable], [role=menu], [role=dialog]:not(.viewer)",
	) !== null;

const isControl = (target: EventTarget | null): boolean =>
	target instanceof Element && target.matches("button, a, input, [role=switch], [role=radio]");

export function listenToTalkKeys(keys: TalkKeys): () => void {
	let down = false;
	/** Whoever moves the focus by keyboard presses with Space; whoever clicked a button is done with it and talks. */
	let tabs = false;
	const release = () => {
		if (!down) return;
		down = false;
		keys.talk(false);
	};
	const pressed = (event: KeyboardEvent) => {
		if (event.code === "KeyD" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
			// Else the browser makes a bookmark.
			event.preventDefault();
			if (!event.repeat) keys.toggleMicrophone();
			return;
		}
		if (event.key === "Tab") tabs = true;
		if (event.code !== "Space" || event.ctrlKey || event.metaKey || event.altKey) return;
		if (down) {
			event.preventDefault();
			event.stopPropagation();
			return;
		}
		if (event.repeat || !keys.holds() || ownsSpace(event.target) || (tabs && isControl(event.target))) return;
		// A button that was clicked keeps the focus; it must not be pressed again by talking.
		event.preventDefault();
		event.stopPropagation();
		down = true;
		keys.talk(true);
	};
	const lifted = (event: KeyboardEvent) => {
		if (event.key === "Tab") tabs = true;
		if (event.code !== "Space" || !down) return;
		event.preventDefault();
		event.stopPropagation();
		release();
	};
	const clicked = () => {
		tabs = false;
	};
	const hidden = () => document.hidden && release();
	const early = { capture: true };
	window.addEventListener("keydown", pressed, early);
	window.addEventListener("keyup", lifted, early);
	window.addEventListener("pointerdown", clicked, early);
	window.addEventListener("blur", release);
	document.addEventListener("visibilitychange", hidden);
	return () => {
		release();
		window.removeEventListener("keydown", pressed, early);
		window.removeEventListener("keyup", lifted, early);
		window.removeEventListener("pointerdown", clicked, early);
		window.removeEventListener("blur", release);
		document.removeEventListener("visibilitychange", hidden);
	};
}
