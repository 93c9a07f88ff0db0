// One hint at a time, in place, gone for good once done.

import { useEffect } from "react";
import { Button } from "react-aria-components";
import { useMedia } from "../../state/media";
import { useNudges } from "../../state/nudges";
import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { hideHints, hintSeen, nextHint, useHints } from "../hints";
import { spaceText } from "../text";

const text = spaceText.hints;

export function Hints() {
	const seen = useHints((state) => state.seen);
	const elsewhere = useSpace((state) => state.panel !== "none" || state.following !== null || state.looking);
	// Notices and passing notes stand where hints do, and matter more.
	const noted = useSpace((state) => state.toasts.length > 0);
	const told = useMedia((state) => state.deafened || state.soundBlocked || state.talkingWhileMuted || state.screen.on);
	const asked = useNudges((state) => state.asked.length + state.rings.length > 0);
	const busy = elsewhere || noted || told || asked;
	const touch = matchMedia("(pointer: coarse)").matches;
	const talking = useMedia((state) => state.peers.size > 0);
	const hint = nextHint(seen, touch);
	useEffect(() => {
		if (talking) hintSeen("talk");
	}, [talking]);
	if (!hint || busy) return null;
	return (
		<div className="hint glass" key={hint}>
			{hint === "walk" && !touch && (
				<>
					<span className="keys">
						{["W", "A", "S", "D"].map((key) => (
							<kbd key={key}>{key}</kbd>
						))}
					</span>
					{text.walk}
				</>
			)}
			{hint === "walk" && touch && text.walkTouch}
			{hint === "talk" && text.talk}
			{hint === "run" && (
				<>
					<kbd>{text.runKey}</kbd> {text.run}
				</>
			)}
			{hint === "people" && !touch && (
				<>
					<kbd>P</kbd> {text.people}
				</>
			)}
			{hint === "people" && touch && text.peopleTouch}
			<Button className="tool tool-small" aria-label={text.dismiss} onPress={hideHints}>
				<Icon name="close" size={14} />
			</Button>
		</div>
	);
}
