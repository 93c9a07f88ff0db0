// The space: the map is everything, and panels lie over it.

import { lazy, useEffect, useRef, useState } from "react";
import { ChatPanel } from "../../chat/ui/ChatPanel";
import type { Art } from "../../render/art";
import type { MapModel } from "../../render/map";
import { closeDeed, useDeeds } from "../../state/deeds";
import { spaceActions, useSpace } from "../../state/space";
import "../../styles/space.css";
import "../../styles/talk.css";
import "../../styles/viewer.css";
import { LaterDialog } from "../../ui/Later";
import { appText } from "../../ui/text";
import { type Visit, visitSpace } from "../session";
import { spaceText as text } from "../text";
import { BottomBar } from "./BottomBar";
import { DeviceCheck } from "./check/DeviceCheck";
import { EmoteWheel } from "./emotes/EmoteWheel";
import { closeWheel } from "./emotes/wheel";
import { Failed } from "./Failed";
import { Hints } from "./Hints";
import { Loading } from "./Loading";
import { Minimap } from "./Minimap";
import { Notices } from "./Notices";
import { PeoplePanel } from "./PeoplePanel";
import { Sign } from "./Sign";
import { openTalk, resetTalk, useTalk } from "./talk/panels";
import { Tiles } from "./tiles/Tiles";
import { Viewer } from "./viewer/Viewer";

const AvatarDialog = lazy(() => import("./AvatarDialog"));
const DeedDialog = lazy(() => import("./people/DeedDialog"));
const HelpDialog = lazy(() => import("./HelpDialog"));
const Moderation = lazy(() => import("../../lobby/admin/Moderation"));
const SettingsDialog = lazy(() => import("../../settings/SettingsDialog"));
const SpaceChat = lazy(() => import("../../lobby/admin/SpaceChat"));
const StatsDialog = lazy(() => import("./StatsDialog"));

export function SpaceScreen({ id }: { id: string }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const [attempt, setAttempt] = useState(0);
	const [shape, setShape] = useState<{ map: MapModel; art: Art | null } | null>(null);
	const phase = useSpace((state) => state.phase);
	const name = useSpace((state) => state.space?.name ?? "");

	// biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a new visit.
	useEffect(() => {
		if (!canvas.current) return;
		spaceActions.reset();
		const visit: Visit = visitSpace(id, canvas.current);
		visit.onShape = (map, art) => setShape({ map, art });
		return () => {
			visit.leave();
			spaceActions.reset();
			resetTalk();
			closeWheel();
			closeDeed();
		};
	}, [id, attempt]);

	return (
		<main className="space">
			<h1 className="sr-only">{name || appText.brand}</h1>
			{/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes walking keys itself, which is what an application is. */}
			<canvas ref={canvas} className="place" tabIndex={0} role="application" aria-label={text.map(name)} />
			<div className="vignette" />
			{phase.kind === "inside" && (
				<>
					<Sign />
					<Minimap />
					<Tiles />
					<Notices />
					<Hints />
					<BottomBar />
					<PeoplePanel />
					<ChatPanel />
					<EmoteWheel />
					<Viewer />
					<Dialogs />
				</>
			)}
			{phase.kind === "loading" && <Loading phase={phase} shape={shape} />}
			{phase.kind !== "failed" && <DeviceCheck />}
			{phase.kind === "failed" && <Failed phase={phase} onRetry={() => setAttempt(attempt + 1)} />}
			<Spoken />
		</main>
	);
}

function Dialogs() {
	const dialog = useSpace((state) => state.dialog);
	const stats = useTalk((state) => state.stats !== null);
	const deed = useDeeds((state) => state.deed !== null);
	const space = useSpace((state) => state.space);
	const close = () => spaceActions.openDialog("none");
	if (deed) {
		return (
			<LaterDialog key="deed" onClose={closeDeed}>
				<DeedDialog />
			</LaterDialog>
		);
	}
	if (stats) {
		return (
			<LaterDialog key="stats" onClose={() => openTalk({ stats: null })}>
				<StatsDialog />
			</LaterDialog>
		);
	}
	if (space && dialog === "spaceChat") {
		return (
			<LaterDialog key="spacechat" onClose={close}>
				<SpaceChat id={space.id} name={space.name} onClose={close} />
			</LaterDialog>
		);
	}
	if (space && dialog === "moderation") {
		return (
			<LaterDialog key="moderation" onClose={close}>
				<Moderation id={space.id} name={space.name} onClose={close} />
			</LaterDialog>
		);
	}
	if (dialog === "help") {
		return (
			<LaterDialog key="help" onClose={close}>
				<HelpDialog onClose={close} />
			</LaterDialog>
		);
	}
	if (dialog === "avatar") {
		return (
			<LaterDialog key="avatardialog" onClose={close}>
				<AvatarDialog onClose={close} />
			</LaterDialog>
		);
	}
	if (dialog === "settings") {
		const check = () => {
			close();
			openTalk({ check: true });
		};
		return (
			<LaterDialog key="settings" onClose={close}>
				<SettingsDialog onClose={close} onCheck={check} />
			</LaterDialog>
		);
	}
	return null;
}

function Spoken() {
	const { text: words, count } = useSpace((state) => state.spoken);
	const area = useSpace((state) => state.area);
	return (
		<>
			<div className="sr-only" role="status">
				{words !== "" && <p key={count}>{words}</p>}
			</div>
			<div className="sr-only" role="status">
				{area ? text.area(area) : ""}
			</div>
		</>
	);
}
