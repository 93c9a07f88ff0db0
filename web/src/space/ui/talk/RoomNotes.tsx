// Under the name of the place: who hears one here, where that is not simply whoever is near.

import { useMedia } from "../../../state/media";
import { useSpace } from "../../../state/space";
import { Icon } from "../../../ui/Icon";
import { roomNotes } from "./notes";

const counted = (peers: ReadonlyMap<number, { hears: boolean; heard: boolean }>, hears: boolean): number =>
	[...peers.values()].filter((peer) => (hears ? peer.hears : peer.heard && !peer.hears)).length;

export function RoomNotes() {
	const room = useMedia((state) => state.room);
	const beyond = useMedia((state) => state.beyond);
	const locked = useMedia((state) => state.locked);
	const lockedOut = useMedia((state) => state.lockedOut);
	const relay = useMedia((state) => state.relay);
	const heard = useMedia((state) => counted(state.peers, true));
	const audience = useMedia((state) => counted(state.peers, false));
	const area = useSpace((state) => state.area);
	const status = useSpace((state) => (state.self === null ? undefined : state.people.get(state.self)?.status));
	const notes = roomNotes({
		room,
		beyond,
		locked,
		lockedOut,
		relay,
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
