// Under the name of the place: who hears one here, where that is not simply whoever is near.

import { useMedia } from "../../../state/media";
import { useSpace } from "../../../state/space";
import { Icon } from "../../../ui/Icon";
import { heardBy, roomNotes } from "./notes";

export function RoomNotes() {
	const room = useMedia((state) => state.room);
	const beyond = useMedia((state) => state.beyond);
	const locked = useMedia((state) => state.locked);
	const lockedOut = useMedia((state) => state.lockedOut);
	const relay = useMedia((state) => state.relay);
	const heard = useMedia((state) => [...state.peers.values()].filter((peer) => peer.hears).length);
	const way = useMedia((state) => state.way);
	const audience = useMedia((state) => heardBy(state.peers, state.audience));
	const area = useSpace((state) => state.area);
	const status = useSpace((state) => (state.self === null ? undefined : state.people.get(state.self)?.status));
	const notes = roomNotes({
		room,
		beyond,
		locked,
		lockedOut,
		relay,
		way,
		heard,
		audience,
		area,
		status: status ?? "available",
	});
	// Always there, so that a screen reader hears what comes into it.
	return (
		<div className="sign-notes" aria-live="polite">
			{notes.map(({ icon, words }) => (
				<p key={words} className="sign-note">
					<Icon name={icon} size={16} />
					<span>{words}</span>
				</p>
			))}
		</div>
	);
}
