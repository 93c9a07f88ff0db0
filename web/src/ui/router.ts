// Four routes and no library: the path is the state.

import { type MouseEvent, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const tell = (): void => {
	for (const listener of listeners) listener();
};
window.addEventListener("popstate", tell);

export function navigate(path: string, replace = false): void {
	// The landing page is no part of the React app: a real load keeps each of them small.
	if (path === "/") {
		location.assign(path);
		return;
	}
	if (replace) history.replaceState(null, "", path);
	else history.pushState(null, "", path);
	window.scrollTo(0, 0);
	tell();
}

export const usePath = (): string =>
	useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => location.pathname,
	);

/** For anchors: a plain click stays in the page, anything else is the browser's. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
	if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
	event.preventDefault();
	navigate(event.currentTarget.pathname + event.currentTarget.search);
}

/** Where to go after signing in; only ever a path of our own. */
export function nextPath(): string {
	const next = new URLSearchParams(location.search).get("next") ?? "";
	return /^\/(?![/\\])/.test(next) ? next : "/spaces";
}
