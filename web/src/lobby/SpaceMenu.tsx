// What one may do with a space in the lobby.

import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { leaveSpace } from "../api/spaces";
import type { Space } from "../api/types";
import { Icon } from "../ui/Icon";
import { adminText } from "./admin/text";
import { may } from "./may";
import { lobbyText as text } from "./text";

interface Props {
	space: Space;
	onCopy: () => Promise<void>;
	onChange: () => void;
	onAsk: (dialog: "rename" | "privacy" | "chat" | "moderation" | "delete") => void;
}

export function SpaceMenu({ space, onCopy, onChange, onAsk }: Props) {
	return (
		<MenuTrigger>
			<Button className="tool" aria-label={text.more(space.name)}>
				<Icon name="more" />
			</Button>
			<Popover className="popover" placement="bottom end">
				<Menu className="menu" aria-label={text.more(space.name)}>
					<MenuItem className="menu-item" onAction={() => void onCopy()}>
						<Icon name="link" />
						{text.copy}
					</MenuItem>
					{may(space, "rename") && (
						<MenuItem className="menu-item" onAction={() => onAsk("rename")}>
							<Icon name="pencil" />
							{text.rename}
						</MenuItem>
					)}
					{may(space, "rename") && (
						<MenuItem className="menu-item" onAction={() => onAsk("privacy")}>
							<Icon name="shield" />
							{text.privacy}
						</MenuItem>
					)}
					{may(space, "rename") && (
						<MenuItem className="menu-item" onAction={() => onAsk("chat")}>
							<Icon name="chat" />
							{adminText.chat}
						</MenuItem>
					)}
					{may(space, "moderate") && (
						<MenuItem className="menu-item" onAction={() => onAsk("moderation")}>
							<Icon name="flag" />
							{adminText.moderation}
						</MenuItem>
					)}
					{space.role && space.role !== "owner" && (
						<MenuItem className="menu-item" onAction={() => void leaveSpace(space.id).then(onChange, () => onChange())}>
							<Icon name="leave" />
							{text.leave}
						</MenuItem>
					)}
					{may(space, "delete") && (
						<MenuItem className="menu-item danger" onAction={() => onAsk("delete")}>
							<Icon name="trash" />
							{text.delete}
						</MenuItem>
					)}
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}
