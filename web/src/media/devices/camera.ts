// The own picture. The background is blurred by the platform where the camera's driver can, which costs the page nothing,
// and elsewhere by the page. Who wants it blurred is never shown sharp: not while it begins, and not where it fails.

import type { DeviceStatus } from "../../state/media";
import type { Blurred } from "../picture/blur";
import { useMediaPreferences } from "../preferences";
import { mediaText } from "../text";
import { Capture } from "./capture";

export class Camera {
	blurSupported = canPageBlur();
	stream: MediaStream | null = null;
	readonly #capture: Capture;
	#raw: MediaStreamTrack | null = null;
	#blurred: Blurred | null = null;
	#blurring = 0;
	#blurFailed = false;

	constructor(private readonly changed: () => void) {
		this.#capture = new Capture("camera", constraints, () => this.#onCapture());
	}

	get status(): DeviceStatus {
		return this.#capture.status;
	}

	get problem(): string | null {
		return this.#capture.problem ?? (this.#blurFailed && this.status === "on" ? mediaText.camera.notBlurred : null);
	}

	/** What may be sent and shown. */
	get track(): MediaStreamTrack | null {
		if (!this.#raw || !this.#isPageToBlur()) return this.#raw;
		return this.#blurred?.track ?? null;
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
		const raw = this.#raw;
		if (raw && canDriverBlur(raw)) {
			const { blur } = useMediaPreferences.getState();
			void raw
				.applyConstraints({ ...constraints(false), backgroundBlur: blur } as MediaTrackConstraints)
				.catch(() => {});
		}
		void this.#blur(raw);
		this.#show();
	}

	#isPageToBlur(): boolean {
		return useMediaPreferences.getState().blur && !(this.#raw && canDriverBlur(this.#raw));
	}

	#onCapture(): void {
		const raw = this.#capture.track;
		if (raw !== this.#raw) {
			this.#raw = raw;
			if (raw) this.blurSupported = canDriverBlur(raw) || canPageBlur();
			this.applyBlur();
		} else this.changed();
	}

	async #blur(raw: MediaStreamTrack | null): Promise<void> {
		this.#blurring += 1;
		const turn = this.#blurring;
		this.#blurred?.close();
		this.#blurred = null;
		this.#blurFailed = false;
		if (!raw || !this.#isPageToBlur()) return;
		try {
			const { blurBackground } = await import("../picture/blur");
			// A change of mind meanwhile: the six megabytes are there, and nothing runs.
			if (turn !== this.#blurring) return;
			const blurred = await blurBackground(raw);
			if (turn === this.#blurring) this.#blurred = blurred;
			else blurred.close();
		} catch {
			if (turn === this.#blurring) this.#blurFailed = true;
		}
		if (turn === this.#blurring) this.#show();
	}

	#show(): void {
		const { track } = this;
		if (track !== (this.stream?.getVideoTracks()[0] ?? null)) {
			// Faces move: rather a coarse picture than a jerky one.
			if (track) track.contentHint = "motion";
			this.stream = track ? new MediaStream([track]) : null;
		}
		this.changed();
	}
}

/** A driver that always blurs, or never, offers one value only. */
function canDriverBlur(track: MediaStreamTrack): boolean {
	const capabilities = (track.getCapabilities?.() ?? {}) as { backgroundBlur?: boolean[] };
	return (capabilities.backgroundBlur?.length ?? 0) > 1;
}

/** It needs a graphics context that networks run on, and a way to take pictures out of a track. Phones get too warm of it. */
function canPageBlur(): boolean {
	const pictures = "MediaStreamTrackProcessor" in window || "requestVideoFrameCallback" in HTMLVideoElement.prototype;
	return pictures && typeof WebGL2RenderingContext !== "undefined" && !isSmallDevice();
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
