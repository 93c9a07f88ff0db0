// What is rarely needed; and on a phone, whatever the bar has no room for.

import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { useMediaPreferences } from "../../media/preferences";
import { mediaActions, useMedia } from "../../state/media";
import { spaceActions, useSpace } from "../../state/space";
import { Icon, type IconName } from "../../ui/Icon";
import { useMapFolded, useNarrow } from "../../ui/narrow";
import { navigate } from "../../ui/router";
import { shareLink } from "../share";
import { spaceText as text } from "../text";
import { layoutItems } from "./talk/LayoutMenu";
import { openTalk } from "./talk/panels";
import { talkText } from "./talk/text";

export function MoreMenu() {
	const narrow = useNarrow();
	const touch = matchMedia("(pointer: coarse)").matches;
	const minimap = useSpace((state) => state.minimap);
	const mapFolded = useMapFolded(useSpace((state) => state.panel !== "none"));
	const { on: sharing } = useMedia((state) => state.screen);
	const canShare = useMedia((state) => state.screenSupported);
	const deafened = useMedia((state) => state.deafened);
	const talking = useMedia((state) => state.peers.size > 0);
	const layout = useMediaPreferences((state) => state.tiles);
	const mayChange = useSpace((state) => state.space?.may.includes("edit_space") ?? false);
	const moderates = useSpace((state) => state.space?.may.includes("moderate") ?? false);
	const reports = useSpace((state) => state.reports);
	return (
		<MenuTrigger>
			<Button className="tool more-tool" aria-label={reports > 0 ? text.bar.moreReports(reports) : text.bar.more}>
				<Icon name="more" />
				{reports > 0 && <span className="problem-dot" />}
			</Button>
			<Popover className="popover" placement="top end" offset={12}>
				<Menu className="menu" aria-label={text.bar.more}>
					{narrow && talking && layoutItems(layout)}
					{narrow && talking && <Separator className="menu-rule" />}
					{narrow &&
						canShare &&
						item("screen", sharing ? talkText.screen.stop : talkText.screen.start, () =>
							sharing ? mediaActions.stopScreen() : mediaActions.startScreen(),
						)}
					{narrow &&
						item(
							deafened ? "headphones" : "headphonesOff",
							deafened ? talkText.deafen.off : talkText.deafen.on,
							mediaActions.toggleDeafened,
						)}
					{narrow &&
						!mapFolded &&
						item("map", minimap ? text.minimap.close : text.bar.minimap, spaceActions.toggleMinimap)}
					{narrow && item("link", text.bar.share, () => void shareLink())}
					{narrow && item("mic", talkText.devices.check, () => openTalk({ check: true }))}
					{narrow && <Separator className="menu-rule" />}
					{item("settings", text.more.settings, () => spaceActions.openDialog("settings"))}
					{mayChange && item("chat", text.more.spaceChat, () => spaceActions.openDialog("spaceChat"))}
					{moderates && item("flag", text.more.moderation(reports), openModeration)}
					{item("pulse", talkText.stats.title, () => openTalk({ stats: "all" }))}
					{!touch && item("keyboard", text.more.help, () => spaceActions.openDialog("help"), "?")}
					{item("person", text.more.profile, () => navigate("/profile"))}
					<Separator className="menu-rule" />
					{item("leave", text.more.leave, () => navigate("/spaces"))}
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}

function openModeration(): void {
	useSpace.setState({ reports: 0 });
	spaceActions.openDialog("moderation");
}

function item(icon: IconName, label: string, act: () => void, key?: string) {
	return (
		<MenuItem key={label} className="menu-item" onAction={act}>
			<Icon name={icon} />
			{label}
			{key && <kbd>{key}</kbd>}
		</MenuItem>
	);
}
