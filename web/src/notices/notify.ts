// A note of the system, for who looks elsewhere: only where it is wished for, allowed, and not in the quiet hours.

import { openSearch } from "../chat/arrival";
import { useNotices } from "../state/notices";
import { useSettings } from "../state/settings";
import { permission, registration } from "./push";
import { isQuiet, minuteOf } from "./quiet";

export interface Notice {
	kind: "mention" | "direct" | "knock" | "nudge";
	title: string;
	body: string;
	/** A path of our own. */
	url: string;
	/** A later one with the same tag takes its place. */
	tag: string;
}

const WISH = { mention: "mentions", direct: "directs", knock: "knocks", nudge: "nudges" } as const;

export function wished(kind: Notice["kind"], now = new Date()): boolean {
	const { wishes } = useNotices.getState();
	return useSettings.getState().notices && wishes[WISH[kind]] && !isQuiet(wishes.quiet, minuteOf(now));
}

export async function notify({ kind, title, body, url, tag }: Notice): Promise<void> {
	if (!document.hidden || permission() !== "granted" || !wished(kind)) return;
	const options = { body, tag, icon: "/icon.svg", data: { url } };
	const worker = await registration();
	if (worker?.active) {
		await worker.showNotification(title, options);
		return;
	}
	const note = new Notification(title, options);
	note.onclick = () => {
		window.focus();
		note.close();
		const { pathname, search } = new URL(url, location.href);
		// To come in again for a place that one is in would only take time.
		if (pathname === location.pathname) openSearch(search);
		else location.assign(url);
	};
}
