// Somebody one hears: their picture, or their avatar on the colour they wear; what is wrong, and what to do about it.

import { memo, useEffect, useId, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { mediaActions, type PeerMedia, useMedia } from "../../../state/media";
import { useSpace } from "../../../state/space";
import { Bust } from "../../../ui/Bust";
import { Icon } from "../../../ui/Icon";
import type { Person } from "../../client";
import { emoteText } from "../../emoteText";
import { talkText } from "../talk/text";
import { TileMenu } from "./TileMenu";
import { Video } from "./Video";

const text = talkText.tile;
const SECOND_MS = 1_000;
export type TileSize = "small" | "medium" | "large";

/** The last thing known of someone: a tile outlives its person by the time it takes to fade. */
function useLast<T>(now: T | undefined): T | undefined {
	const last = useRef(now);
	if (now !== undefined) last.current = now;
	return last.current;
}

export const PersonTile = memo(function PersonTile({
	id,
	size,
	height,
}: {
	id: number;
	size: TileSize;
	height: number;
}) {
	const peer = useLast(useMedia((state) => state.peers.get(id)));
	const person = useLast(useSpace((state) => state.people.get(id)));
	const video = useRef<HTMLVideoElement>(null);
	const nameId = useId();
	if (!peer || !person) return null;
	const { name, look } = person;
	return (
		<article
			className="tile"
			data-peer={id}
			data-size={size}
			data-state={peer.state}
			data-speaking={peer.speaking}
			aria-label={name}
		>
			{/* Below the picture, too: it is seen until the first frame has come. */}
			<Bust look={look} height={height} />
			{peer.camera && (
				<Video
					stream={peer.camera}
					label={text.pictureOf(name)}
					className="tile-picture"
					of={{ id, kind: "camera" }}
					element={video}
				/>
			)}
			{peer.audioOnly && peer.reason && size !== "small" && (
				<p className="tile-quiet" title={peer.reason}>
					{text.soundOnly}
				</p>
			)}
			<Trouble peer={peer} person={person} size={size} />
			<footer className="tile-name">
				{!person.microphone && <Icon name="micOff" size={14} />}
				{!person.microphone && <span className="sr-only">{text.muted}</span>}
				{person.handRaisedAt > 0 && <Icon name="hand" size={14} />}
				{person.handRaisedAt > 0 && <span className="sr-only">{emoteText.handIsUp}</span>}
				{peer.volume === 0 && <Icon name="volumeOff" size={14} />}
				{peer.audioOnly && <Icon name="cameraOff" size={14} />}
				{peer.audioOnly && <span className="sr-only">{peer.reason ?? text.noPicture}</span>}
				<span className="tile-words" id={nameId}>
					{name}
				</span>
			</footer>
			<TileMenu peer={peer} name={name} describedBy={nameId} video={video} />
		</article>
	);
});

function Trouble({ peer, person, size }: { peer: PeerMedia; person: Person; size: TileSize }) {
	const words = wordsFor(peer, person);
	const failed = peer.state === "failed";
	const seconds = useCountdown(failed ? peer.retryInMs : null);
	if (!words) return null;
	return (
		<div className="tile-trouble" data-heavy={failed} title={words}>
			{!failed && <span className="pulse" />}
			{/* A small tile has room for the button alone; its words are in the menu, and read aloud here. */}
			<span className={failed && size === "small" ? "sr-only" : "tile-why"}>{words}</span>
			{failed && (
				<Button className="btn btn-small tile-retry" onPress={() => mediaActions.retry(peer.id)}>
					{seconds === null || size === "small" ? text.retry : text.retryIn(seconds)}
				</Button>
			)}
		</div>
	);
}

/** Whole seconds until the next try by itself; counts only while there is one. */
function useCountdown(inMs: number | null): number | null {
	const [left_ms, setLeft] = useState(inMs);
	useEffect(() => {
		setLeft(inMs);
		if (inMs === null) return;
		const due = performance.now() + inMs;
		const timer = window.setInterval(() => {
			const left = due - performance.now();
			setLeft(left);
			if (left <= 0) window.clearInterval(timer);
		}, SECOND_MS);
		return () => window.clearInterval(timer);
	}, [inMs]);
	return left_ms === null || left_ms <= 0 ? null : Math.ceil(left_ms / SECOND_MS);
}

export function wordsFor(peer: PeerMedia, person: Pick<Person, "name" | "connected">): string | null {
	if (!person.connected) return text.away(person.name);
	switch (peer.state) {
		case "connected":
			return null;
		case "connecting":
			return peer.reason ?? text.connecting;
		case "interrupted":
			return peer.reason ?? text.reconnecting(person.name);
		case "failed":
			return peer.reason ?? text.failed;
	}
}
