// Oneself, as in a mirror; only while one's camera is on.

import { useRef } from "react";
import { useMedia } from "../../../state/media";
import { Icon } from "../../../ui/Icon";
import { talkText } from "../talk/text";
import type { TileSize } from "./PersonTile";
import { Video } from "./Video";

const text = talkText.tile;

export function SelfTile({ size }: { size: TileSize }) {
	const now = useMedia((state) => state.camera.stream);
	const last = useRef(now);
	if (now) last.current = now;
	const muted = useMedia((state) => state.muted || state.deafened || state.microphone.status !== "on");
	const speaking = useMedia((state) => state.selfSpeaking);
	if (!last.current) return null;
	return (
		<article
			className="tile"
			data-peer="self"
			data-size={size}
			data-state="connected"
			data-speaking={speaking && !muted}
			aria-label={text.you}
		>
			<Video stream={last.current} label={text.pictureOfYou} className="tile-picture tile-mirror" />
			<footer className="tile-name">
				{muted && <Icon name="micOff" size={14} />}
				{muted && <span className="sr-only">{text.muted}</span>}
				<span className="tile-words">{text.you}</span>
			</footer>
		</article>
	);
}
