// Opens what an address asks for: see asked.ts.

import { type Asked, askedBy } from "./asked";
import { isDirect, peerOf } from "./place";
import { chatActions, useChat } from "./store";

function open({ place, message }: Asked): void {
	if (isDirect(place)) chatActions.openDirect(peerOf(place));
	else chatActions.openChannel(place);
	if (message > 0) useChat.getState().door?.jump(place, message);
}

/** Opens what the page's address asks for, once: a reload does not ask again. */
export function openAsked(): void {
	const asked = askedBy(location.search);
	if (asked === null) return;
	const url = new URL(location.href);
	for (const name of ["direct", "channel", "message"]) url.searchParams.delete(name);
	history.replaceState(history.state, "", url);
	open(asked);
}

/** The same for what a note asks for, while this page is there already. */
export function openSearch(search: string): void {
	const asked = askedBy(search);
	if (asked !== null) open(asked);
}

/** Listens for notes that were pressed; gives back how to stop. */
export function listenForAsked(): () => void {
	const worker = navigator.serviceWorker as ServiceWorkerContainer | undefined;
	const told = (event: MessageEvent<{ kind?: string; search?: string }>) => {
		if (event.data?.kind === "open") openSearch(String(event.data.search ?? ""));
	};
	worker?.addEventListener("message", told);
	return () => worker?.removeEventListener("message", told);
}
