// The bar at the bottom: oneself, talking, people, chat, map, zoom, link, more. Nothing comes or goes in it
// while one is there: no button moves away under a pointer.

import { useLayoutEffect, useRef } from "react";
import { ChatButton } from "../../chat/ui/ChatButton";
import { spaceActions, useSpace } from "../../state/space";
import { useLow, useMapFolded, useNarrow } from "../../ui/narrow";
import { Tip } from "../../ui/Tip";
import { hintSeen } from "../hints";
import { shareLink } from "../share";
import { spaceText as text } from "../text";
import { EmoteButton } from "./emotes/EmoteButton";
import { useMapOpen } from "./Minimap";
import { MoreMenu } from "./MoreMenu";
import { StatusMenu } from "./StatusMenu";
import { SheetTools, TalkTools } from "./talk/TalkTools";

export function BottomBar() {
	const count = useSpace((state) => state.people.size);
	const panel = useSpace((state) => state.panel);
	const [mapOpen, mapFolded] = [useMapOpen(), useMapFolded(panel !== "none")];
	const zoom = useSpace((state) => state.zoom);
	const view = useSpace((state) => state.visit?.view ?? null);
	const [narrow, low] = [useNarrow(), useLow()];
	const covered = narrow && panel !== "none";
	const bar = useRef<HTMLElement>(null);
	// Nothing in the bar can have the focus then: whoever opened the sheet goes on in it.
	useLayoutEffect(() => {
		const at = document.activeElement;
		if (!covered || (at !== document.body && !bar.current?.contains(at))) return;
		document.querySelector<HTMLElement>(".side-panel")?.focus({ preventScroll: true });
	}, [covered]);
	const togglePeople = () => {
		hintSeen("people");
		spaceActions.togglePanel("people");
	};
	return (
		<>
			<section ref={bar} className="bottom-bar glass" aria-label={text.bar.label} inert={covered}>
				<StatusMenu />
				<span className="rule" />
				<TalkTools />
				<span className="rule" />
				<EmoteButton />
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
				<ChatButton />
				{!narrow && (
					<>
						{!low && (
							<Tip
								label={text.bar.minimap}
								keys="M"
								icon="map"
								aria-pressed={mapOpen}
								isDisabled={mapFolded}
								onPress={spaceActions.toggleMinimap}
							/>
						)}
						<span className="zoom-tools">
							<Tip
								label={text.bar.zoomOut}
								keys="-"
								icon="minus"
								isDisabled={!zoom.canOut}
								onPress={() => view?.zoomBy(-1)}
							/>
							<Tip
								label={text.bar.zoomIn}
								keys="+"
								icon="plus"
								isDisabled={!zoom.canIn}
								onPress={() => view?.zoomBy(1)}
							/>
						</span>
						<span className="rule" />
						<Tip label={text.bar.share} keys="L" icon="link" onPress={() => void shareLink()} />
					</>
				)}
				<MoreMenu />
			</section>
			{covered && <SheetTools />}
		</>
	);
}
