// The sign at the top left: which space this is, which part of it one stands in, and whether one is connected: pictures of
// people go on while that comes back, and nothing is laid over them.

import { useEffect, useState } from "react";
import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { follow } from "../../ui/router";
import { spaceText as text } from "../text";
import { RoomNotes } from "./talk/RoomNotes";

export function Sign() {
	const name = useSpace((state) => state.space?.name ?? "");
	const area = useSpace((state) => state.area);
	return (
		<div className="sign glass">
			<a className="tool" href="/spaces" onClick={follow} aria-label={text.back} title={text.back}>
				<Icon name="back" />
			</a>
			<div className="sign-words">
				<span className="sign-name">{name}</span>
				{area && (
					<span key={area} className="sign-area">
						{area}
					</span>
				)}
				<ConnectionBanner />
				<RoomNotes />
			</div>
		</div>
	);
}

function ConnectionBanner() {
	const state = useSpace((s) => s.connection?.state ?? "connecting");
	const online = useOnline();
	if (state === "online" || state === "ended") return null;
	const lost = state === "reconnecting";
	return (
		<div className="banner">
			<span className="pulse" />
			<span>
				<strong>{lost ? text.reconnectTitle : text.connectingTitle}</strong>{" "}
				{lost && <span className="note">{online ? text.reconnectHelp : text.reconnectOffline}</span>}
			</span>
		</div>
	);
}

function useOnline(): boolean {
	const [online, setOnline] = useState(navigator.onLine);
	useEffect(() => {
		const look = () => setOnline(navigator.onLine);
		window.addEventListener("online", look);
		window.addEventListener("offline", look);
		return () => {
			window.removeEventListener("online", look);
			window.removeEventListener("offline", look);
		};
	}, []);
	return online;
}
