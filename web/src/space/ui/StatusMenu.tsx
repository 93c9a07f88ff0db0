// Oneself: avatar, name, status; and the menu that changes them.

import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import type { Status } from "../../api/types";
import { spaceActions, useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { Portrait } from "../../ui/Portrait";
import { StatusMark } from "../../ui/StatusMark";
import { spaceText as text } from "../text";

const STATUSES: readonly Status[] = ["available", "busy", "dnd", "away"];

export function StatusMenu() {
	const me = useSpace((state) => (state.self === null ? null : (state.people.get(state.self) ?? null)));
	const client = useSpace((state) => state.visit?.client ?? null);
	if (!me) return null;
	const choose = (status: Status) => {
		if (client?.setStatus(status) === false) spaceActions.toast(text.statusLater);
	};
	return (
		<MenuTrigger>
			<Button className="tool me" aria-label={text.bar.me(me.name, text.status[me.status])}>
				<Portrait look={me.look} size={36} />
				<span className="me-words">
					<span className="me-name">{me.name}</span>{" "}
					<span className="me-status">
						<StatusMark status={me.status} />
						{text.status[me.status]}
					</span>
				</span>
			</Button>
			<Popover className="popover" placement="top start" offset={12}>
				<Menu
					className="menu"
					aria-label={text.statusMenu}
					onAction={(key) => (key === "avatar" ? spaceActions.openDialog("avatar") : choose(key as Status))}
				>
					<MenuSection selectionMode="single" disallowEmptySelection selectedKeys={[me.status]}>
						<Header className="menu-head">{text.statusMenu}</Header>
						{STATUSES.map((status) => (
							<MenuItem key={status} id={status} className="menu-item" textValue={text.status[status]}>
								<StatusMark status={status} />
								<span className="menu-words">
									{text.status[status]}
									<span className="note">{text.statusHelp[status]}</span>
								</span>
								{me.status === status && <Icon name="check" size={16} />}
							</MenuItem>
						))}
					</MenuSection>
					<Separator className="menu-rule" />
					<MenuItem id="avatar" className="menu-item">
						<Icon name="person" />
						{text.editAvatar}
					</MenuItem>
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}
