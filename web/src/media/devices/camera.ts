// The own picture. The background is blurred by the platform where the camera's driver can; there it costs the page
// nothing. Elsewhere it is not offered.

import type { DeviceStatus } from "../../state/media";
import { useMediaPreferences } from "../preferences";
import { Capture } from "./capture";

export class Camera {
	blurSupported = false;
	stream: MediaStream | null = null;
	readonly #capture: Capture;

	constructor(private readonly changed: () => void) {
		this.#capture = new Capture("camera", constraints, () => this.#onCapture());
	}

	get status(): DeviceStatus {
		return this.#capture.status;
	}

	get problem(): string | null {
		return this.#capture.problem;
	}

	get track(): MediaStreamTrack | null {
		return this.#capture.track;
	}

	get open(): boolean {
		return this.#capture.open;
	}

	want(): void {
		this.#capture.want();
	}

	release(): void {
		this.#capture.release();
	}

	reopen(): void {
		this.#capture.reopen();
	}

	devicesChanged(): void {
		this.#capture.devicesChanged();
	}

	/** The wish to blur changed: no new question to the user is needed for that. */
	applyBlur(): void {
		const { track } = this;
		if (!track || !this.blurSupported) return;
		const { blur } = useMediaPreferences.getState();
		void track
			.applyConstraints({ ...constraints(false), backgroundBlur: blur } as MediaTrackConstraints)
			.catch(() => {});
	}

	#onCapture(): void {
		const { track } = this;
		if (track !== (this.stream?.getVideoTracks()[0] ?? null)) {
			this.stream = track ? new MediaStream([track]) : null;
			if (track) {
				// Faces move: rather a coarse picture than a jerky one.
				track.contentHint = "motion";
				this.blurSupported = canBlur(track);
				if (useMediaPreferences.getState().blur) this.applyBlur();
			}
		}
		this.changed();
	}
}

/** A driver that always blurs, or never, offers one value only. */
function canBlur(track: MediaStreamTrack): boolean {
	const capabilities = (track.getCapabilities?.() ?? {}) as { backgroundBlur?: boolean[] };
	return (capabilities.backgroundBlur?.length ?? 0) > 1;
}

export const isSmallDevice = (): boolean =>
	matchMedia("(pointer: coarse)").matches && Math.min(screen.width, screen.height) < 700;

function constraints(withId: boolean): MediaTrackConstraints {
	const { cameraId, lowData } = useMediaPreferences.getState();
	// What is captured is what is scaled for each person: twice the size costs each of them twice the reading.
	const height = lowData ? 360 : isSmallDevice() ? 540 : 720;
	return {
		...(withId && cameraId !== null ? { deviceId: { exact: cameraId } } : { facingMode: "user" }),
		width: { ideal: Math.round((height * 16) / 9) },
		height: { ideal: height },
		frameRate: { ideal: lowData ? 15 : 30, max: 30 },
	};
}
