// The bar at the bottom: oneself, people, map, zoom, link, more. Only what there is.

import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { spaceActions, useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { navigate } from "../../ui/router";
import { Tip } from "../../ui/Tip";
import { hintSeen } from "../hints";
import { shareLink } from "../share";
import { spaceText as text } from "../text";
import { StatusMenu } from "./StatusMenu";

export function BottomBar() {
	const count = useSpace((state) => state.people.size);
	const panel = useSpace((state) => state.panel);
	const minimap = useSpace((state) => state.minimap);
	const zoom = useSpace((state) => state.zoom);
	const view = useSpace((state) => state.visit?.view ?? null);
	const togglePeople = () => {
		hintSeen("people");
		spaceActions.togglePanel("people");
	};
	return (
		<section className="bottom-bar glass" aria-label={text.bar.label}>
			<StatusMenu />
			<span className="rule" />
			<Tip
				label={text.bar.people}
				spoken={text.bar.peopleCount(count)}
				keys="P"
				icon="people"
				aria-pressed={panel === "people"}
				onPress={togglePeople}
			>
				<span className="count">{count}</span>
			</Tip>
			<Tip label={text.bar.minimap} keys="M" icon="map" aria-pressed={minimap} onPress={spaceActions.toggleMinimap} />
			<span className="zoom-tools">
				<Tip
					label={text.bar.zoomOut}
					keys="-"
					icon="minus"
					isDisabled={!zoom.canOut}
					onPress={() => view?.zoomBy(-1)}
				/>
				<Tip label={text.bar.zoomIn} keys="+" icon="plus" isDisabled={!zoom.canIn} onPress={() => view?.zoomBy(1)} />
			</span>
			<span className="rule" />
			<Tip label={text.bar.share} keys="L" icon="link" onPress={() => void shareLink()} />
			<More />
		</section>
	);
}

function More() {
	const leave = () => navigate("/spaces");
	return (
		<MenuTrigger>
			<Button className="tool" aria-label={text.bar.more}>
				<Icon name="more" />
			</Button>
			<Popover className="popover" placement="top end" offset={12}>
				<Menu className="menu" aria-label={text.bar.more}>
					<MenuItem className="menu-item" onAction={() => spaceActions.openDialog("settings")}>
						<Icon name="settings" />
						{text.more.settings}
					</MenuItem>
					<MenuItem className="menu-item" onAction={() => spaceActions.openDialog("help")}>
						<Icon name="keyboard" />
						{text.more.help}
						<kbd>?</kbd>
					</MenuItem>
					<MenuItem className="menu-item" onAction={() => navigate("/profile")}>
						<Icon name="person" />
						{text.more.profile}
					</MenuItem>
					<Separator className="menu-rule" />
					<MenuItem className="menu-item" onAction={leave}>
						<Icon name="leave" />
						{text.more.leave}
					</MenuItem>
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}
