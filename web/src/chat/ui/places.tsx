// What a place is called, and its sign.

import { useSpace } from "../../state/space";
import { isArea, isDirect, isNamed, type Place, peerOf } from "../place";
import { useChat } from "../store";
import { chatText as text } from "../text";
import { Face } from "./Face";
import { Glyph } from "./Glyph";

export function usePlaceName(place: Place): string {
	const named = useChat(({ channels }) => channels.find(({ channel }) => channel === place)?.name);
	const area = useChat(({ area }) => (area?.channel === place ? area.name : undefined));
	const peer = useChat(({ directs, names }) =>
		isDirect(place)
			? directs.find(({ peerId }) => peerId === peerOf(place))?.name || names.get(peerOf(place))
			: undefined,
	);
	const here = useSpace(({ people }) => {
		if (!isDirect(place)) return undefined;
		for (const person of people.values()) if (person.userId === peerOf(place)) return person.name;
		return undefined;
	});
	if (place === "everyone") return text.everyone;
	if (place === "nearby") return text.nearby;
	return here ?? named ?? area ?? peer ?? text.someone;
}

export function PlaceSign({ place, name, size = 36 }: { place: Place; name: string; size?: number }) {
	const announcements = useChat(({ channels }) =>
		channels.some((each) => each.channel === place && each.announcements),
	);
	if (isDirect(place)) return <Face userId={peerOf(place)} name={name} size={size} />;
	const glyph =
		place === "nearby"
			? "ear"
			: isArea(place)
				? "door"
				: isNamed(place)
					? announcements
						? "megaphone"
						: "hash"
					: "at";
	return (
		<span
			className="chat-sign"
			data-kind={place === "everyone" ? "everyone" : glyph}
			style={{ width: size, height: size }}
		>
			{place === "everyone" ? <EveryoneSign /> : <Glyph name={glyph} size={20} />}
		</span>
	);
}

const EveryoneSign = () => (
	<svg className="icon" width={20} height={20} viewBox="0 0 24 24" aria-hidden="true">
		<path d="M4 5.5h16v10.5h-8.5L7 19.8V16H4V5.5ZM8 9.2h8M8 12.4h5" />
	</svg>
);

/** Whether this person looks after the space. */
export const useMay = (what: string): boolean => useSpace(({ space }) => space?.may.includes(what) ?? false);
export const useSelfId = (): string =>
	useSpace(({ people, self }) => (self === null ? "" : (people.get(self)?.userId ?? "")));
