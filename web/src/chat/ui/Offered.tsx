// The list above the field: names, or emoji. The focus stays in the field; its keys choose.

import type { Offer } from "../completion";
import { chatText as text } from "../text";
import { Face } from "./Face";
import { Glyph } from "./Glyph";

export function Offered(props: {
	id: string;
	list: readonly Offer[];
	chosen: number;
	onChoose: (at: number) => void;
	onTake: (offer: Offer) => void;
}) {
	return (
		<div id={props.id} className="chat-offers" role="listbox" aria-label={text.suggestions}>
			{props.list.map((offer, i) => (
				// biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys.
				<div
					key={offer.key}
					id={`${props.id}-${i}`}
					className="chat-offer"
					role="option"
					tabIndex={-1}
					aria-selected={i === props.chosen}
					onPointerMove={() => props.onChoose(i)}
					onPointerDown={(event) => event.preventDefault()}
					onClick={() => props.onTake(offer)}
				>
					{offer.person ? (
						<Face userId={offer.person.id} name={offer.person.name} size={26} />
					) : offer.emoji ? (
						<span className="chat-offer-emoji">{offer.emoji}</span>
					) : (
						<Glyph name="at" />
					)}
					<bdi>{offer.label}</bdi>
					{offer.person && !offer.person.here && <span className="note">{text.notHere}</span>}
				</div>
			))}
		</div>
	);
}
