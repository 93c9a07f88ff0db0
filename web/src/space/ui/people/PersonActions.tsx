// All one may do about somebody in the list: go there, ask, write, and what is behind "more".

import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { chatActions } from "../../../chat/store";
import { useBlocks } from "../../../state/blocks";
import { askDeed } from "../../../state/deeds";
import { useNudges } from "../../../state/nudges";
import { spaceActions, useSpace } from "../../../state/space";
import { Icon, type IconName } from "../../../ui/Icon";
import type { Person } from "../../client";
import { nudgeText } from "../../nudgeText";
import { socialText } from "../../socialText";
import { spaceText } from "../../text";
import { deedsAbout } from "./deedItems";

const text = spaceText.people;

/** On a phone the sheet covers the map; it makes way for what was asked for. */
export const makeWay = (): void => {
	if (window.innerWidth < 760) spaceActions.closePanel();
};

export function PersonActions({ person }: { person: Person }) {
	const { id, name, userId } = person;
	const visit = useSpace((state) => state.visit);
	const following = useSpace((state) => state.following === id);
	const door = useNudges((state) => state.door);
	const view = visit?.view;
	const goTo = () => {
		if (!visit?.client?.locate(id)) return spaceActions.toast(text.nowhere(name));
		spaceActions.toast(view?.goTo(id) ? text.walking(name) : text.noWay(name));
		makeWay();
	};
	const locate = () => {
		spaceActions.toast(view?.locate(id) ? text.located(name) : text.nowhere(name));
		makeWay();
	};
	const follow = () => {
		view?.follow(following ? null : id);
		makeWay();
	};
	return (
		<fieldset className="person-actions">
			<legend className="sr-only">{text.actionsFor(name)}</legend>
			{action("walk", text.goTo, text.goToName(name), goTo)}
			{action("pin", text.locate, text.locateName(name), locate)}
			{action(
				"steps",
				following ? spaceText.stopFollowing : text.follow,
				following ? text.stop : text.followName(name),
				follow,
			)}
			<div className="person-asks">
				{action("chat", socialText.message, socialText.messageTo(name), () => chatActions.openDirect(userId))}
				<DeedMenu person={person} />
				{action("come", nudgeText.comeHere, nudgeText.comeHereTo(name), () => door?.ask(id, "come_here"))}
				{action("join", nudgeText.join, nudgeText.joinTo(name), () => door?.ask(id, "may_i_join"))}
			</div>
		</fieldset>
	);
}

function action(icon: IconName, label: string, spoken: string, act: () => void) {
	return (
		<Button className="btn" aria-label={spoken} onPress={act}>
			<Icon name={icon} size={18} />
			{label}
		</Button>
	);
}

function DeedMenu({ person }: { person: Person }) {
	const blocked = useBlocks((state) => state.blocked?.some(({ user_id }) => user_id === person.userId) ?? false);
	const moderates = useSpace((state) => state.space?.may.includes("moderate") ?? false);
	return (
		<MenuTrigger>
			<Button className="btn" aria-label={socialText.more(person.name)}>
				<Icon name="more" size={18} />
				{spaceText.bar.more}
			</Button>
			<Popover className="popover" placement="bottom end">
				<Menu className="menu" aria-label={socialText.more(person.name)}>
					{deedsAbout(person, blocked, moderates).map(({ kind, icon, words, danger }) => (
						<MenuItem
							key={kind}
							className={danger ? "menu-item danger" : "menu-item"}
							onAction={() => askDeed(kind, { userId: person.userId, name: person.name })}
						>
							<Icon name={icon} />
							{words}
						</MenuItem>
					))}
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}
