// Below the field: how much is left, how long to wait, who types, who reads.

import { useEffect, useState } from "react";
import { isDirect, type Place } from "../place";
import { useChat } from "../store";
import { chatText as text } from "../text";
import { useMay } from "./places";

/** From here on it says how much is left. */
const NEAR_END_CHARS = 200;

export function Help({ id, place, left }: { id: string; place: Place; left: number }) {
	const near = useChat((state) => state.near);
	// As the space has it: who looks after it is not slowed, and neither is what is not kept.
	const exempt = useMay("moderate") || isDirect(place) || place === "nearby";
	const slowModeS = useChat((state) => (exempt ? 0 : state.slowModeS));
	const waits = useChat((state) => state.outgoing.some((each) => each.state === "waiting" && each.channel === place));
	const seconds = useCountdown(useChat((state) => (isDirect(place) ? 0 : state.waitUntil)));
	const typing = useChat((state) => state.typing);
	const names = typing.filter((each) => each.place === place).map(({ name }) => name);
	const words = () => {
		if (left < NEAR_END_CHARS) return text.left(left);
		if (seconds > 0 && slowModeS > 0) return text.slow(seconds);
		if (seconds > 0 && waits) return text.fast(seconds);
		if (names.length > 0) return text.typing(names);
		if (place === "nearby" && near === 0) return text.nobodyNear;
		return slowModeS > 0 ? text.slowMode(slowModeS) : "";
	};
	const said = words();
	return (
		<p id={id} className={`chat-help ${left < 0 ? "error" : "note"}`} aria-live={left < 0 ? "polite" : "off"}>
			{names.length > 0 && said === text.typing(names) && (
				<span className="chat-dots" aria-hidden="true">
					<i />
					<i />
					<i />
				</span>
			)}
			{said}
		</p>
	);
}

/** Seconds until then, ticking while there are any. */
function useCountdown(until: number): number {
	const [now, setNow] = useState(Date.now);
	useEffect(() => {
		setNow(Date.now());
		if (until <= Date.now()) return;
		const timer = window.setInterval(() => {
			setNow(Date.now());
			if (Date.now() >= until) window.clearInterval(timer);
		}, 250);
		return () => window.clearInterval(timer);
	}, [until]);
	return Math.max(0, Math.ceil((until - now) / 1_000));
}
