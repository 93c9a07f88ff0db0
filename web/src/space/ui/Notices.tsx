// What one should know right now: the connection, whom one follows, that one looks elsewhere, and passing notes.

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { spaceText as text } from "../text";
import { TalkNotices } from "./talk/TalkNotices";

export function Notices() {
	return (
		<>
			<ConnectionBanner />
			<div className="notices">
				<Toasts />
				<Following />
				<Looking />
				<TalkNotices />
			</div>
		</>
	);
}

function ConnectionBanner() {
	const state = useSpace((s) => s.connection?.state ?? "connecting");
	const online = useOnline();
	if (state === "online" || state === "ended") return null;
	const lost = state === "reconnecting";
	return (
		<div className="banner glass">
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

function Following() {
	const id = useSpace((state) => state.following);
	const name = useSpace((state) => (id === null ? undefined : state.people.get(id)?.name));
	const view = useSpace((state) => state.visit?.view ?? null);
	if (id === null) return null;
	return (
		<div className="pill glass">
			<Icon name="steps" size={18} />
			{text.following(name ?? "…")}
			<Button className="btn btn-small" onPress={() => view?.follow(null)}>
				{text.stopFollowing}
			</Button>
		</div>
	);
}

function Looking() {
	const looking = useSpace((state) => state.looking);
	const view = useSpace((state) => state.visit?.view ?? null);
	if (!looking) return null;
	return (
		<div className="pill glass">
			<Icon name="target" size={18} />
			{text.looking}
			<Button className="btn btn-small" onPress={() => view?.backToSelf()}>
				{text.bar.self}
			</Button>
		</div>
	);
}

function Toasts() {
	const toasts = useSpace((state) => state.toasts);
	return toasts.map((toast) => (
		<div key={toast.id} className="toast">
			{toast.text}
		</div>
	));
}
