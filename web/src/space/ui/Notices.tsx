// What one should know right now: whom one follows, that one looks elsewhere, and passing notes.

import { Button } from "react-aria-components";
import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { spaceText as text } from "../text";
import { NudgeCards } from "./nudges/NudgeCards";
import { TalkNotices } from "./talk/TalkNotices";

export function Notices() {
	return (
		<div className="notices">
			<NudgeCards />
			<Toasts />
			<Following />
			<Looking />
			<TalkNotices />
		</div>
	);
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
