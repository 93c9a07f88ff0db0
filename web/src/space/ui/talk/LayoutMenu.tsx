// How the tiles are laid out, and the window they may have of their own.

import { Button, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import { changeMediaPreferences, useMediaPreferences } from "../../../media/preferences";
import { Icon } from "../../../ui/Icon";
import type { Layout } from "../tiles/geometry";
import { closeTileWindow, openTileWindow, tileWindowSupported } from "../tiles/window";
import { useTalk } from "./panels";
import { talkText } from "./text";

const text = talkText.layout;
export const LAYOUTS: readonly Layout[] = ["strip", "grid", "spotlight"];

export function LayoutMenu() {
	const layout = useMediaPreferences((state) => state.tiles);
	return (
		<MenuTrigger>
			<Button className="tool talk-layout" aria-label={`${text.label}: ${text[layout]}`}>
				<Icon name={layout} />
			</Button>
			<Popover className="popover" placement="top" offset={12}>
				<Menu className="menu" aria-label={text.label}>
					{layoutItems(layout)}
					{tileWindowSupported && <Separator className="menu-rule" />}
					{tileWindowSupported && windowItem(useTalk.getState().window !== null)}
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}

/** Functions, as a menu wants its items as its own children. */
export function layoutItems(chosen: Layout) {
	return (
		<MenuSection
			key="layouts"
			aria-label={text.label}
			selectionMode="single"
			disallowEmptySelection
			selectedKeys={[chosen]}
			onSelectionChange={(keys) => {
				const [key] = [...(keys as Set<string>)];
				if (key !== undefined) changeMediaPreferences({ tiles: key as Layout });
			}}
		>
			{LAYOUTS.map((each) => (
				<MenuItem key={each} id={each} className="menu-item" textValue={text[each]}>
					<Icon name={each} />
					<span className="menu-words">{text[each]}</span>
					{each === chosen && <Icon name="check" size={16} />}
				</MenuItem>
			))}
		</MenuSection>
	);
}

export function windowItem(open: boolean) {
	return (
		<MenuItem key="window" className="menu-item" onAction={() => (open ? closeTileWindow() : void openTileWindow())}>
			<Icon name="pip" />
			{open ? text.windowBack : text.window}
		</MenuItem>
	);
}
