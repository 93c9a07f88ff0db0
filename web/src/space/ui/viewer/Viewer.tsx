// What somebody shares, over the whole window: to read the small print.

import { useEffect, useRef } from "react";
import { Button, Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useMedia } from "../../../state/media";
import { spaceActions, useSpace } from "../../../state/space";
import { Icon } from "../../../ui/Icon";
import { Tip } from "../../../ui/Tip";
import { openTalk, useTalk } from "../talk/panels";
import { talkText } from "../talk/text";
import { Video } from "../tiles/Video";
import { useZoom } from "./useZoom";

const text = talkText.viewer;
const STEP = 1.4;
const close = () => openTalk({ viewing: null });

export function Viewer() {
	const id = useTalk((state) => state.viewing);
	return id === null ? null : <OpenViewer key={id} id={id} />;
}

function OpenViewer({ id }: { id: number }) {
	const stream = useMedia((state) => state.peers.get(id)?.screen ?? null);
	const known = useSpace((state) => state.people.get(id)?.name);
	const name = useRef(known ?? "");
	if (known) name.current = known;
	useEffect(() => {
		if (stream) return;
		spaceActions.toast(text.gone(name.current));
		close();
	}, [stream]);
	if (!stream) return null;
	return (
		<ModalOverlay isOpen onOpenChange={(open) => !open && close()} className="viewer-overlay">
			<Modal className="viewer-modal">
				<Dialog className="viewer" aria-label={text.title(name.current)}>
					<Picture id={id} name={name.current} stream={stream} />
				</Dialog>
			</Modal>
		</ModalOverlay>
	);
}

function Picture({ id, name, stream }: { id: number; name: string; stream: MediaStream }) {
	const frame = useRef<HTMLDivElement>(null);
	const video = useRef<HTMLVideoElement>(null);
	const { look, by, whole, keys } = useZoom(frame, video);
	const all = () => {
		const page = frame.current?.closest(".viewer");
		// A browser that refuses leaves all as it is.
		if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
		else page?.requestFullscreen().catch(() => {});
	};
	return (
		<>
			<div
				ref={frame}
				className="viewer-frame"
				role="application"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved and zoomed with keys, and says which.
				tabIndex={0}
				aria-label={text.canvas}
				onKeyDown={keys}
			>
				<div
					className="viewer-picture"
					style={{ transform: `translate(${look.x}px, ${look.y}px) scale(${look.scale})` }}
				>
					<Video stream={stream} label={text.title(name)} of={{ id, kind: "screen" }} element={video} />
				</div>
			</div>
			<div className="viewer-title">
				<Icon name="screen" size={16} />
				{talkText.share.by(name)}
			</div>
			<div className="viewer-tools">
				<Tip label={text.zoomOut} keys="-" icon="minus" isDisabled={look.scale <= 1} onPress={() => by(1 / STEP)} />
				<Button
					className="tool viewer-scale"
					aria-label={`${text.percent(Math.round(look.scale * 100))}, ${text.fit}`}
					onPress={whole}
				>
					{text.percent(Math.round(look.scale * 100))}
				</Button>
				<Tip label={text.zoomIn} keys="+" icon="plus" onPress={() => by(STEP)} />
				{document.fullscreenEnabled && <Tip label={text.whole} icon="expand" onPress={all} />}
				<Tip label={text.close} keys="Escape" icon="close" onPress={close} />
			</div>
		</>
	);
}
