// What goes away with the focus in it gives it back to the place, and one walks on.

import { type RefObject, useLayoutEffect, useRef } from "react";

export function useFocusBack(): RefObject<HTMLElement | null> {
	const part = useRef<HTMLElement>(null);
	// A plain effect would end only after the element is out of the page, and the focus nowhere.
	useLayoutEffect(() => {
		const element = part.current;
		return () => {
			const at = document.activeElement;
			const nowhere = at === null || at === document.body;
			// These go away with the sheet they are above.
			const above = element?.matches(".side-panel") && at?.closest(".sheet-tools");
			if (!nowhere && !above && !element?.contains(at)) return;
			document.querySelector<HTMLElement>("canvas.place")?.focus({ preventScroll: true });
		};
	}, []);
	return part;
}
