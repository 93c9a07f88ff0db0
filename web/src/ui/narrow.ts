// Whether this is a phone's width, or height: for what must not merely be hidden by CSS, like items of a menu.

import { useSyncExternalStore } from "react";

/** As in styles/space.css. */
const narrow = window.matchMedia("(max-width: 759px)");
const low = window.matchMedia("(max-height: 519px)");
/** A panel at the side leaves no corner free. */
const tight = window.matchMedia("(max-width: 1439px)");

function useQuery(query: MediaQueryList): boolean {
	return useSyncExternalStore(
		(listener) => {
			query.addEventListener("change", listener);
			return () => query.removeEventListener("change", listener);
		},
		() => query.matches,
	);
}

export const useNarrow = (): boolean => useQuery(narrow);
export const useLow = (): boolean => useQuery(low);
export const useTight = (): boolean => useQuery(tight);
