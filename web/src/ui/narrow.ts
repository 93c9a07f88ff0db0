// Whether this is a phone's width: for what must not merely be hidden by CSS, like items of a menu.

import { useSyncExternalStore } from "react";

/** As in styles/space.css. */
const query = window.matchMedia("(max-width: 759px)");

export const useNarrow = (): boolean =>
	useSyncExternalStore(
		(listener) => {
			query.addEventListener("change", listener);
			return () => query.removeEventListener("change", listener);
		},
		() => query.matches,
	);
