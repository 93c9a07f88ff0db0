// One space in the lobby: what it looks like, who is inside, and what one may do with it.

import { useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { leaveSpace } from "../api/spaces";
import type { Space } from "../api/types";
import { copyLink } from "../space/share";
import { Icon } from "../ui/Icon";
import { follow } from "../ui/router";
import { DeleteSpace, RenameSpace } from "./ChangeSpace";
import { may } from "./may";
import { TemplatePreview } from "./TemplatePreview";
import { lobbyText as text } from "./text";

export function SpaceCard({ space, onChange }: { space: Space; onChange: () => void }) {
	const [dialog, setDialog] = useState<"none" | "rename" | "delete">("none");
	const [said, setSaid] = useState("");
	const copy = async () => setSaid((await copyLink(space.id)) ? text.copied : text.copyFailed);
	const done = () => {
		setDialog("none");
		onChange();
	};
	return (
		<li className="space-card">
			<a className="space-link" href={`/s/${encodeURIComponent(space.id)}`} onClick={follow}>
				<TemplatePreview template={space.template} />
				<span className="space-words">
					<span className="space-name">{space.name}</span>
					{space.description && <span className="note space-about">{space.description}</span>}
				</span>
			</a>
			<div className="space-foot">
				<span className="space-facts">
					<span className={space.online > 0 ? "live" : "live live-none"} />
					{said || text.online(space.online)}
					{space.role && space.role !== "guest" && <span className="badge">{text.role[space.role]}</span>}
					{space.access === "members" && (
						<span className="badge badge-icon">
							<Icon name="lock" size={12} />
							{text.members}
						</span>
					)}
				</span>
				<MenuTrigger>
					<Button className="tool" aria-label={text.more(space.name)}>
						<Icon name="more" />
					</Button>
					<Popover className="popover" placement="bottom end">
						<Menu className="menu" aria-label={text.more(space.name)}>
							<MenuItem className="menu-item" onAction={() => void copy()}>
								<Icon name="link" />
								{text.copy}
							</MenuItem>
							{may(space, "rename") && (
								<MenuItem className="menu-item" onAction={() => setDialog("rename")}>
									<Icon name="pencil" />
									{text.rename}
								</MenuItem>
							)}
							{space.role && space.role !== "owner" && (
								<MenuItem
									className="menu-item"
									onAction={() => void leaveSpace(space.id).then(onChange, () => onChange())}
								>
									<Icon name="leave" />
									{text.leave}
								</MenuItem>
							)}
							{may(space, "delete") && (
								<MenuItem className="menu-item danger" onAction={() => setDialog("delete")}>
									<Icon name="trash" />
									{text.delete}
								</MenuItem>
							)}
						</Menu>
					</Popover>
				</MenuTrigger>
			</div>
			<span className="sr-only" role="status">
				{said}
			</span>
			{dialog === "rename" && <RenameSpace space={space} onClose={() => setDialog("none")} onDone={done} />}
			{dialog === "delete" && <DeleteSpace space={space} onClose={() => setDialog("none")} onDone={done} />}
		</li>
	);
}
