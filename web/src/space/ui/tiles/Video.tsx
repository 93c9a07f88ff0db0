// A stream on screen. Never with sound: that is the engine's, apart from any picture.

import { type RefObject, useEffect, useRef } from "react";
import { useShown } from "./shown";

interface Props {
	stream: MediaStream;
	className?: string;
	label: string;
	/** Whose picture it is; absent for the own one, which nobody sends. */
	of?: { id: number; kind: "camera" | "screen" };
	element?: RefObject<HTMLVideoElement | null>;
}

export function Video({ stream, className, label, of, element }: Props) {
	const own = useRef<HTMLVideoElement>(null);
	const video = element ?? own;
	useEffect(() => {
		const target = video.current;
		if (!target) return;
		target.srcObject = stream;
		// Muted pictures may always play; where one does not, its first frame is still shown.
		target.play().catch(() => {});
		return () => {
			target.srcObject = null;
		};
	}, [stream, video]);
	useShown(video, of?.id ?? 0, of?.kind ?? "camera", of !== undefined);
	return (
		<video
			ref={video}
			className={className}
			aria-label={label}
			autoPlay
			playsInline
			muted
			disablePictureInPicture={!of}
		/>
	);
}
