// Where messages are missing: fetches them as it comes into view, and says so; after a failure only when asked.

import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import type { Place } from "../place";
import type { Asked } from "../ranges";
import { placeIn, useChat } from "../store";
import { chatText as text } from "../text";

/** Fetched a little before one gets there. */
const AHEAD = "240px 0px";

/** Between what is known before it (up to `after`) and behind it (from `before`); null where nothing is. */
export function Missing({ place, before, after }: { place: Place; before: number | null; after: number | null }) {
	const row = useRef<HTMLLIElement>(null);
	const loading = useChat((state) => placeIn(state, place).loading);
	const mine = loading?.failed && isOf(loading.asked, before, after);
	const busy = loading !== null && !loading.failed;
	const back = (): Asked => (before === null ? (after === null ? null : { after }) : { before });
	// biome-ignore lint/correctness/useExhaustiveDependencies: `back` is made of these.
	useEffect(() => {
		const it = row.current;
		const root = it?.closest(".chat-scroll");
		if (!it || !root || mine || busy) return;
		const seen = new IntersectionObserver(
			(entries) => {
				const entry = entries.find((each) => each.isIntersecting);
				if (!entry) return;
				// One comes from above: what follows the older part is wanted first.
				const middle = root.getBoundingClientRect();
				const below = entry.boundingClientRect.top > middle.top + middle.height / 2;
				const asked = below && after !== null ? { after } : back();
				useChat.getState().door?.load(place, asked);
			},
			{ root, rootMargin: AHEAD },
		);
		seen.observe(it);
		return () => seen.disconnect();
	}, [place, before, after, mine, busy]);
	return (
		<li ref={row} className="chat-mark chat-missing">
			{mine ? (
				<>
					<p className="error" role="alert">
						{text.loadingFailed}
					</p>
					<Button className="btn btn-small" onPress={() => useChat.getState().door?.load(place, back())}>
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

const isOf = (asked: Asked, before: number | null, after: number | null): boolean =>
	asked === null
		? before === null && after === null
		: "before" in asked
			? asked.before === before
			: asked.after === after;
