// Where messages are missing: fetches them as it comes into view, and says so; after a failure only when asked.

import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import { useChat } from "../store";
import { chatText as text } from "../text";

/** Fetched a little before one gets there. */
const AHEAD = "240px 0px";

export function Missing({ before }: { before: number | null }) {
	const row = useRef<HTMLLIElement>(null);
	const state = useChat(({ history }) => (history.before === before ? history.state : "idle"));
	const busy = useChat(({ history }) => history.state === "loading");
	const failed = state === "failed";
	useEffect(() => {
		const it = row.current;
		if (!it || failed || busy) return;
		const seen = new IntersectionObserver(
			(entries) => {
				if (entries.some((entry) => entry.isIntersecting)) useChat.getState().door?.load(before);
			},
			{ root: it.closest(".chat-scroll"), rootMargin: AHEAD },
		);
		seen.observe(it);
		return () => seen.disconnect();
	}, [before, failed, busy]);
	return (
		<li ref={row} className="chat-mark chat-missing">
			{failed ? (
				<>
					<p className="error" role="alert">
						{text.loadingFailed}
					</p>
					<Button className="btn btn-small" onPress={() => useChat.getState().door?.load(before)}>
						{text.retry}
					</Button>
				</>
			) : (
				<p className="note">
					<span className="pulse" aria-hidden="true" /> {text.loading}
				</p>
			)}
		</li>
	);
}
