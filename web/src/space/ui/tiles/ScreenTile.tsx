// What somebody shares, large enough to follow; a click shows it whole. And one's own share, with the button that ends it.

import { useRef } from "react";
import { Button } from "react-aria-components";
import { mediaActions, useMedia } from "../../../state/media";
import { useSpace } from "../../../state/space";
import { Icon } from "../../../ui/Icon";
import { openTalk, useTalk } from "../talk/panels";
import { talkText } from "../talk/text";
import type { TileSize } from "./PersonTile";
import { Video } from "./Video";

const text = talkText.share;

export function ScreenTile({ id, size }: { id: number; size: TileSize }) {
	const now = useMedia((state) => state.peers.get(id)?.screen ?? null);
	const last = useRef(now);
	if (now) last.current = now;
	const name = useSpace((state) => state.people.get(id)?.name ?? "");
	const elsewhere = useTalk((state) => state.window !== null);
	if (!last.current) return null;
	return (
		<article className="tile tile-screen" data-peer={id} data-size={size} aria-label={text.by(name)}>
			<Video stream={last.current} label={text.by(name)} className="tile-share" of={{ id, kind: "screen" }} />
			{!elsewhere && (
				<Button className="tile-open" aria-label={text.openOf(name)} onPress={() => openTalk({ viewing: id })}>
					<span className="tile-open-words">
						<Icon name="expand" size={16} />
						{text.open}
					</span>
				</Button>
			)}
			<footer className="tile-name">
				<Icon name="screen" size={14} />
				<span className="tile-words">{text.by(name)}</span>
			</footer>
		</article>
	);
}

export function OwnScreenTile({ size }: { size: TileSize }) {
	const now = useMedia((state) => state.screen.stream);
	const last = useRef(now);
	if (now) last.current = now;
	return (
		<article className="tile tile-screen" data-peer="self" data-size={size} aria-label={text.own}>
			{last.current && <Video stream={last.current} label={text.own} className="tile-share tile-own" />}
			<footer className="tile-name">
				<span className="live-dot" />
				<span className="tile-words">{text.own}</span>
			</footer>
			<Button className="btn btn-small tile-stop" onPress={() => mediaActions.stopScreen()}>
				{text.stop}
			</Button>
		</article>
	);
}
