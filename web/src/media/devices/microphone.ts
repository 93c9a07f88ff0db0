// The own voice: captured, cleaned of noise as far as wished, measured. Muting is not done here: what is muted is not put on
// any connection at all, and the microphone stays open for a while, so that unmuting is at once and talking in vain can be
// noticed.

import type { DeviceStatus } from "../../state/media";
import { useMediaPreferences } from "../preferences";
import { Meter } from "../sound/meter";
import type { Cleaned } from "../sound/noise";
import { mediaText } from "../text";
import { Capture } from "./capture";

export class Microphone {
	readonly #capture: Capture;
	#cleaned: Cleaned | null = null;
	#cleaning = 0;
	#noiseFailed = false;
	#meter: Meter | null = null;
	#raw: MediaStreamTrack | null = null;

	constructor(private readonly changed: () => void) {
		this.#capture = new Capture("microphone", constraints, () => this.#onCapture());
	}

	get status(): DeviceStatus {
		return this.#capture.status;
	}

	get problem(): string | null {
		return this.#capture.problem ?? (this.#noiseFailed && this.status === "on" ? mediaText.noiseFailed : null);
	}

	/** What may be sent. None while it is still being cleaned: half a second of a fan is not wanted either. */
	get track(): MediaStreamTrack | null {
		if (!this.#raw) return null;
		if (useMediaPreferences.getState().noise !== "strong" || this.#noiseFailed) return this.#raw;
		return this.#cleaned?.track ?? null;
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
		this.#noiseFailed = false;
		this.#capture.reopen();
	}

	devicesChanged(): void {
		this.#capture.devicesChanged();
	}

	/** 0 to 1; the first look starts the measuring, which goes on until `rest`. */
	level(): number {
		if (!this.#raw) return 0;
		this.#meter ??= new Meter(this.#raw);
		return this.#meter.level();
	}

	/** Nobody looks any more. */
	rest(): void {
		this.#meter?.close();
		this.#meter = null;
	}

	#onCapture(): void {
		const raw = this.#capture.track;
		if (raw !== this.#raw) {
			this.#raw = raw;
			this.rest();
			void this.#clean(raw);
		}
		this.changed();
	}

	async #clean(raw: MediaStreamTrack | null): Promise<void> {
		this.#cleaning += 1;
		const turn = this.#cleaning;
		this.#cleaned?.close();
		this.#cleaned = null;
		if (!raw || useMediaPreferences.getState().noise !== "strong") return;
		try {
			const { suppressNoise } = await import("../sound/noise");
			const cleaned = await suppressNoise(raw);
			if (turn === this.#cleaning) this.#cleaned = cleaned;
			else cleaned.close();
		} catch {
			if (turn !== this.#cleaning) return;
			this.#noiseFailed = true;
			// It was switched off for the strong one, and is what people are told they have now.
			void raw.applyConstraints({ ...constraints(false), noiseSuppression: true }).catch(() => {});
		}
		if (turn === this.#cleaning) this.changed();
	}
}

function constraints(withId: boolean): MediaTrackConstraints {
	const { microphoneId, echoCancellation, noise } = useMediaPreferences.getState();
	return {
		...(withId && microphoneId !== null && { deviceId: { exact: microphoneId } }),
		echoCancellation,
		// Two suppressors in a row make a voice sound drowned.
		noiseSuppression: noise === "browser",
		autoGainControl: true,
		channelCount: { ideal: 1 },
	};
}
