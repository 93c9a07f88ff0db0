// The space: the map is everything, and panels lie over it.

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { ChatPanel } from "../../chat/ui/ChatPanel";
import type { Art } from "../../render/art";
import type { MapModel } from "../../render/map";
import { SettingsDialog } from "../../settings/SettingsDialog";
import { spaceActions, useSpace } from "../../state/space";
import "../../styles/space.css";
import "../../styles/talk.css";
import "../../styles/viewer.css";
import { appText } from "../../ui/text";
import { type Visit, visitSpace } from "../session";
import { spaceText as text } from "../text";
import { BottomBar } from "./BottomBar";
import { DeviceCheck } from "./check/DeviceCheck";
import { Failed } from "./Failed";
import { HelpDialog } from "./HelpDialog";
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
	const close = () => spaceActions.openDialog("none");
	if (stats) {
		return (
			<Suspense>
				<StatsDialog />
			</Suspense>
		);
	}
	if (dialog === "help") return <HelpDialog onClose={close} />;
	if (dialog === "avatar") {
		return (
			<Suspense>
				<AvatarDialog onClose={close} />
			</Suspense>
		);
	}
	if (dialog === "settings") {
		const check = () => {
			close();
			openTalk({ check: true });
		};
		return <SettingsDialog onClose={close} onCheck={check} />;
	}
	return null;
}

function Spoken() {
	const spoken = useSpace((state) => state.spoken);
	const area = useSpace((state) => state.area);
	return (
		<>
			<div className="sr-only" role="status">
				{spoken}
			</div>
			<div className="sr-only" role="status">
				{area ? text.area(area) : ""}
			</div>
		</>
	);
}
