// A level as light: written straight to the element's style, some ten times a second, and only while there is something to
// measure and somebody to see it. CSS does the rest.

import { useEffect, useRef } from "react";

const EVERY_MS = 90;
const STEPS = 16;

/** Writes `--level`, 0 to 1, to the element as long as `active`. */
export function useLevel<E extends HTMLElement>(read: () => number, active: boolean): React.RefObject<E | null> {
	const element = useRef<E>(null);
	const ask = useRef(read);
	ask.current = read;
	useEffect(() => {
		if (!active) return;
		let timer = 0;
		let shown = -1;
		const write = (level: number) => {
			const step = Math.round(Math.min(1, Math.max(0, level)) * STEPS);
			if (step === shown) return;
			shown = step;
			element.current?.style.setProperty("--level", `${step / STEPS}`);
		};
		const run = () => {
			window.clearInterval(timer);
			timer = document.hidden ? 0 : window.setInterval(() => write(ask.current()), EVERY_MS);
		};
		document.addEventListener("visibilitychange", run);
		run();
		return () => {
			document.removeEventListener("visibilitychange", run);
			window.clearInterval(timer);
			write(0);
		};
	}, [active]);
	return element;
}

export function LevelRing({ read, active }: { read: () => number; active: boolean }) {
	const ring = useLevel<HTMLSpanElement>(read, active);
	return active ? <span ref={ring} className="level-ring" aria-hidden="true" /> : null;
}
