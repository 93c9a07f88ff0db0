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

/** The little map would cover the people in the middle: in a low window, and beside a panel. */
export const isMapFolded = (panel: boolean): boolean => low.matches || (tight.matches && panel);

export function useMapFolded(panel: boolean): boolean {
	useQuery(low);
	useQuery(tight);
	return isMapFolded(panel);
}
