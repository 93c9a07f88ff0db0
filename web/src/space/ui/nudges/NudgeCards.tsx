// Somebody asks: who, what, and what one may answer.

import { Button } from "react-aria-components";
import { useMedia } from "../../../state/media";
import { type Asked, type Ring, useNudges } from "../../../state/nudges";
import { useSpace } from "../../../state/space";
import "../../../styles/nudges.css";
import { Icon } from "../../../ui/Icon";
import { Portrait } from "../../../ui/Portrait";
import { follow } from "../../../ui/router";
import { nudgeText as text } from "../../nudgeText";
import { useFocusBack } from "../focusBack";

export function NudgeCards() {
	const asked = useNudges((state) => state.asked);
	const rings = useNudges((state) => state.rings);
	if (asked.length + rings.length === 0) return null;
	return (
		<section className="nudges" aria-label={text.cards}>
			{asked.map((each) => (
				<AskedCard key={each.key} asked={each} />
			))}
			{rings.map((each) => (
				<RingCard key={each.key} ring={each} />
			))}
		</section>
	);
}

function AskedCard({ asked }: { asked: Asked }) {
	const person = useSpace((state) => state.people.get(asked.from));
	const door = useNudges((state) => state.door);
	const locked = useMedia((state) => state.locked);
	const card = useFocusBack();
	if (!person) return null;
	const yes =
		asked.kind === "come_here" ? text.come : locked ? text.openAndLetIn : asked.knock ? text.letInButton : text.welcome;
	return (
		<article ref={card} className="nudge glass" aria-label={text.asks(asked, person.name)}>
			<Portrait look={person.look} size={44} />
			<p className="nudge-words">{text.asks(asked, person.name)}</p>
			<div className="nudge-answers">
				<Button className="btn btn-small btn-primary" onPress={() => door?.answer(asked, true)}>
					{yes}
				</Button>
				<Button className="btn btn-small" onPress={() => door?.answer(asked, false)}>
					{text.notNow}
				</Button>
			</div>
		</article>
	);
}

function RingCard({ ring }: { ring: Ring }) {
	const door = useNudges((state) => state.door);
	const card = useFocusBack();
	return (
		<article ref={card} className="nudge glass" aria-label={text.rings(ring.fromName, ring.spaceName)}>
			<span className="nudge-bell">
				<Icon name="bell" size={24} />
			</span>
			<p className="nudge-words">{text.rings(ring.fromName, ring.spaceName)}</p>
			<div className="nudge-answers">
				<a className="btn btn-small btn-primary" href={`/s/${encodeURIComponent(ring.spaceId)}`} onClick={follow}>
					{text.go(ring.spaceName)}
				</a>
				<Button className="btn btn-small" onPress={() => door?.dismiss(ring.key)}>
					{text.notNow}
				</Button>
			</div>
		</article>
	);
}
