// What goes away with the focus in it gives it back to the place, and one walks on.

import { type RefObject, useLayoutEffect, useRef } from "react";

export function useFocusBack(): RefObject<HTMLElement | null> {
	const part = useRef<HTMLElement>(null);
	// A plain effect would end only after the element is out of the page, and the focus nowhere.
	useLayoutEffect(() => {
		const element = part.current;
		return () => {
			if (!element?.contains(document.activeElement)) return;
			document.querySelector<HTMLElement>("canvas.place")?.focus({ preventScroll: true });
		};
	}, []);
	return part;
}
