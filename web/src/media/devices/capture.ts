// A microphone or a camera, open while somebody wants it: the conversation, or the device check. Browsers answer late, or
// never; wishes change meanwhile; devices are unplugged. Whatever happens, what is open is what is wanted now, and what
// nobody wants any more is let go at once, light and all.

import type { DeviceStatus } from "../../state/media";
import { tally } from "../tally";
import { mediaText } from "../text";
import { isBusy, isMissing, troubleOf } from "./problems";

/** A device that ends twice within this does not come back by trying. */
const FALL_BACK_MS_MIN = 3_000;

export class Capture {
	status: DeviceStatus = "off";
	problem: string | null = null;
	track: MediaStreamTrack | null = null;
	/** Answers to older questions are thrown away. */
	#question = 0;
	#fellBackAt = Number.NEGATIVE_INFINITY;

	constructor(
		readonly device: "microphone" | "camera",
		/** Without the id, any device will do. */
		private readonly constraints: (withId: boolean) => MediaTrackConstraints,
		private readonly changed: () => void,
	) {}

	get open(): boolean {
		return this.status === "on" || this.status === "starting";
	}

	/** Opens it where it is not open. A problem of before is forgotten. */
	want(): void {
		if (!this.open) void this.#open(true, null);
	}

	/** Nobody wants it any more. What was wrong with it stays to be read. */
	release(): void {
		if (!this.open) return;
		this.#question += 1;
		this.#drop();
		this.#set("off", null);
	}

	/** Another device, or other constraints. */
	reopen(): void {
		if (this.open) void this.#open(true, null);
	}

	/** What was missed may be there now. It is not opened by itself: nobody may be looking. */
	devicesChanged(): void {
		if (this.status === "missing") this.#set("off", null);
	}

	async #open(withId: boolean, note: string | null): Promise<void> {
		this.#question += 1;
		const question = this.#question;
		this.#set("starting", null);
		try {
			const track = await this.#askTwice(withId, question);
			if (question !== this.#question) {
				track.stop();
				return;
			}
			this.#drop();
			this.track = track;
			tally.tracks += 1;
			track.addEventListener("ended", this.#lost);
			this.#set("on", note);
		} catch (error) {
			if (question !== this.#question) return;
			const { status, problem } = navigator.mediaDevices
				? troubleOf(error, this.device)
				: { status: "failed" as const, problem: mediaText.insecure };
			this.#drop();
			this.#set(status, problem);
		}
	}

	/**
	 * The present one is held until the next is there, so that nothing is missing meanwhile. Many phones have only one open at
	 * a time, and call the next one busy: then it is let go first.
	 */
	async #askTwice(withId: boolean, question: number): Promise<MediaStreamTrack> {
		try {
			return await this.#ask(withId);
		} catch (error) {
			if (!this.track || !isBusy(error) || question !== this.#question) throw error;
			this.#drop();
			this.#set("starting", null);
			return this.#ask(withId);
		}
	}

	async #ask(withId: boolean): Promise<MediaStreamTrack> {
		const kind = this.device === "microphone" ? "audio" : "video";
		const get = async (id: boolean) => {
			const stream = await navigator.mediaDevices.getUserMedia({ [kind]: this.constraints(id) });
			const [track] = stream.getTracks();
			if (!track) throw new DOMException("no track", "NotFoundError");
			return track;
		};
		try {
			return await get(withId);
		} catch (error) {
			if (!withId || !isMissing(error)) throw error;
			return get(false);
		}
	}

	/** Unplugged, or taken away by the system. */
	readonly #lost = (): void => {
		const now = performance.now();
		const again = now - this.#fellBackAt > FALL_BACK_MS_MIN;
		this.#fellBackAt = now;
		this.#drop();
		if (again) void this.#open(false, mediaText[this.device].lost);
		else this.#set("missing", mediaText[this.device].missing);
	};

	#drop(): void {
		const { track } = this;
		if (!track) return;
		this.track = null;
		track.removeEventListener("ended", this.#lost);
		track.stop();
		tally.tracks -= 1;
	}

	#set(status: DeviceStatus, problem: string | null): void {
		this.status = status;
		this.problem = problem;
		this.changed();
	}
}
