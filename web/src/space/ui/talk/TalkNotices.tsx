// What needs a hand right now: sound the browser holds back, talking while muted, hearing nobody, a share that runs on.

import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import { mediaActions, useMedia } from "../../../state/media";
import { spaceActions, useSpace } from "../../../state/space";
import { Icon, type IconName } from "../../../ui/Icon";
import { closeTileWindow } from "../tiles/window";
import { useTalk } from "./panels";
import { talkText } from "./text";

const text = talkText.notice;

export function TalkNotices() {
	const blocked = useMedia((state) => state.soundBlocked);
	const deafened = useMedia((state) => state.deafened);
	const talking = useMedia((state) => state.talkingWhileMuted && !state.deafened);
	const sharing = useMedia((state) => state.screen.on);
	const alone = useMedia((state) => state.peers.size === 0);
	const elsewhere = useTalk((state) => state.window !== null);
	useTold();
	return (
		<>
			{sharing && alone && (
				<Pill kind="live" icon="screen" words={text.sharing} act={text.stop} onAct={mediaActions.stopScreen} />
			)}
			{elsewhere && (
				<Pill
					kind="talk"
					icon="pip"
					words={talkText.layout.inWindow}
					act={talkText.layout.windowBack}
					onAct={closeTileWindow}
				/>
			)}
			{deafened && (
				<Pill
					kind="talk"
					icon="headphonesOff"
					words={text.deafened}
					act={text.hear}
					onAct={mediaActions.toggleDeafened}
				/>
			)}
			{blocked && (
				<Pill
					kind="talk"
					icon="volumeOff"
					words={text.blocked}
					act={text.allow}
					onAct={mediaActions.unblockSound}
					main
				/>
			)}
			{talking && (
				<Pill
					kind="live"
					icon="micOff"
					words={text.mutedTitle}
					act={text.unmute}
					onAct={() => mediaActions.setMuted(false)}
					keys="V"
				/>
			)}
		</>
	);
}

function Pill(props: {
	kind: "talk" | "live";
	icon: IconName;
	words: string;
	act: string;
	onAct: () => void;
	main?: boolean;
	keys?: string;
}) {
	return (
		<div className={`pill glass pill-${props.kind}`} role="status">
			<Icon name={props.icon} size={18} />
			{props.words}
			<Button className={props.main ? "btn btn-small btn-primary" : "btn btn-small"} onPress={() => props.onAct()}>
				{props.act}
				{props.keys && <kbd>{props.keys}</kbd>}
			</Button>
		</div>
	);
}

/** Passing news: why a device does not work, and what became of the conversation's lock. */
function useTold(): void {
	const microphone = useMedia((state) => state.microphone.problem);
	const camera = useMedia((state) => state.camera.problem);
	const screen = useMedia((state) => state.screen.problem);
	const cameraOn = useMedia((state) => state.camera.status === "on");
	const locked = useMedia((state) => state.locked);
	useNews(microphone, (problem) => problem);
	useNews(camera, (problem) => problem);
	useNews(screen, (problem) => problem);
	useNews(cameraOn, (on) => (on && useMedia.getState().peers.size === 0 ? talkText.camera.alone : null));
	useNews(locked, (now) => (now ? text.lockedBy : useMedia.getState().peers.size > 0 ? text.unlocked : null));
}

function useNews<T>(value: T, words: (now: T) => string | null): void {
	const before = useRef(value);
	useEffect(() => {
		if (before.current === value) return;
		before.current = value;
		const said = words(value);
		// While the device check is open, it tells about devices itself.
		const checking = document.querySelector(".check") !== null || useSpace.getState().phase.kind !== "inside";
		if (said && !checking) spaceActions.toast(said);
	});
}
