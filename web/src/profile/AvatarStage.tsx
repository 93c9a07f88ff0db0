// A live avatar on its little stage.

import { type ReactNode, useEffect, useRef } from "react";
import type { Look } from "../avatar/look";
import { Preview } from "../avatar/preview";
import { loadSheet } from "../render/art";
import { motionReduced } from "../settings/settings";
import { useSettings } from "../state/settings";
import { profileText as text } from "./text";

export function AvatarStage(props: {
	look: Look;
	walking?: boolean;
	onReady?: (preview: Preview) => void;
	children?: ReactNode;
}) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const preview = useRef<Preview | null>(null);
	const look = useRef(props.look);
	const still = useSettings(motionReduced);
	const { walking = false, onReady } = props;
	look.current = props.look;

	useEffect(() => {
		let gone = false;
		loadSheet().then(
			(sheet) => {
				if (gone || !canvas.current) return;
				preview.current = new Preview(canvas.current, sheet, look.current, { walking, still });
				onReady?.(preview.current);
			},
			() => {
				// The rest of the form works without a picture.
			},
		);
		return () => {
			gone = true;
			preview.current?.stop();
			preview.current = null;
		};
	}, [walking, still, onReady]);

	useEffect(() => {
		if (preview.current) preview.current.look = props.look;
	}, [props.look]);

	return (
		<div className="stage">
			<canvas ref={canvas} className="pixels stage-avatar" role="img" aria-label={text.avatar} width={32} height={60} />
			{props.children && <div className="stage-tools">{props.children}</div>}
		</div>
	);
}
