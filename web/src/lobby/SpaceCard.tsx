// One space in the lobby: what it looks like, who is inside, and what one may do with it.

import { lazy, Suspense, useState } from "react";
import type { Space } from "../api/types";
import { copyLink } from "../space/share";
import { afterPaint } from "../ui/afterPaint";
import { Icon } from "../ui/Icon";
import { LaterDialog } from "../ui/Later";
import { follow } from "../ui/router";
import { TemplatePreview } from "./TemplatePreview";
import { lobbyText as text } from "./text";

const SpaceMenu = lazy(async () => {
	await afterPaint();
	return { default: (await import("./SpaceMenu")).SpaceMenu };
});
const RenameSpace = lazy(() => import("./ChangeSpace").then((m) => ({ default: m.RenameSpace })));
const SpacePrivacy = lazy(() => import("./ChangeSpace").then((m) => ({ default: m.SpacePrivacy })));
const SpaceChat = lazy(() => import("./admin/SpaceChat"));
const Moderation = lazy(() => import("./admin/Moderation"));
const DeleteSpace = lazy(() => import("./ChangeSpace").then((m) => ({ default: m.DeleteSpace })));

export function SpaceCard({ space, onChange }: { space: Space; onChange: () => void }) {
	const [dialog, setDialog] = useState<"none" | "rename" | "privacy" | "chat" | "moderation" | "delete">("none");
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
				<Suspense
					fallback={
						<button type="button" className="tool" aria-label={text.more(space.name)}>
							<Icon name="more" />
						</button>
					}
				>
					<SpaceMenu space={space} onCopy={copy} onChange={onChange} onAsk={setDialog} />
				</Suspense>
			</div>
			<span className="sr-only" role="status">
				{said}
			</span>
			<LaterDialog key={dialog} onClose={() => setDialog("none")}>
				{dialog === "rename" && <RenameSpace space={space} onClose={() => setDialog("none")} onDone={done} />}
				{dialog === "privacy" && <SpacePrivacy space={space} onClose={() => setDialog("none")} onDone={done} />}
				{dialog === "chat" && <SpaceChat id={space.id} name={space.name} onClose={() => setDialog("none")} />}
				{dialog === "moderation" && <Moderation id={space.id} name={space.name} onClose={() => setDialog("none")} />}
				{dialog === "delete" && <DeleteSpace space={space} onClose={() => setDialog("none")} onDone={done} />}
			</LaterDialog>
		</li>
	);
}
