// Sharing a screen, a window or a tab: shown sharp enough to read, with the pointer, and with its sound where the browser
// gives it.

import { tally } from "../tally";
import { screenProblemOf } from "./problems";

export class Screen {
	stream: MediaStream | null = null;
	problem: string | null = null;
	/** Whoever stops it ends a turn: what is chosen after that is for nobody. */
	#turn = 0;
	/** The turn in which somebody is choosing. */
	#asking: number | null = null;

	constructor(private readonly changed: () => void) {}

	get video(): MediaStreamTrack | null {
		return this.stream?.getVideoTracks()[0] ?? null;
	}

	get sound(): MediaStreamTrack | null {
		return this.stream?.getAudioTracks()[0] ?? null;
	}

	/** Must be called within a click. */
	async start(): Promise<void> {
		const turn = this.#turn;
		if (this.stream || this.#asking === turn) return;
		this.#asking = turn;
		this.problem = null;
		try {
			const stream = await navigator.mediaDevices.getDisplayMedia(WISHES);
			if (turn === this.#turn) this.#take(stream);
			else for (const track of stream.getTracks()) track.stop();
		} catch (error) {
			if (turn === this.#turn) this.problem = screenProblemOf(error);
		} finally {
			if (this.#asking === turn) this.#asking = null;
			if (turn === this.#turn) this.changed();
		}
	}

	/** Also while somebody is still choosing what to show. */
	stop(): void {
		this.#turn += 1;
		const { stream } = this;
		if (!stream) return;
		this.stream = null;
		for (const track of stream.getTracks()) {
			track.removeEventListener("ended", this.#ended);
			track.stop();
			tally.tracks -= 1;
		}
		this.changed();
	}

	#take(stream: MediaStream): void {
		this.stream = stream;
		for (const track of stream.getTracks()) {
			tally.tracks += 1;
			// Letters: rather fewer pictures a second than blurred ones.
			track.contentHint = track.kind === "video" ? "detail" : "music";
			// The browser has a button of its own to end it.
			track.addEventListener("ended", this.#ended);
		}
	}

	readonly #ended = (event: Event): void => {
		// A tab that falls silent is shown on.
		if ((event.target as MediaStreamTrack).kind === "video") this.stop();
	};
}

/** More of it than the type knows; browsers ignore what they do not. */
const WISHES = {
	video: { frameRate: { ideal: 15, max: 30 }, cursor: "always" },
	audio: {
		echoCancellation: false,
		noiseSuppression: false,
		autoGainControl: false,
		suppressLocalAudioPlayback: false,
	},
	systemAudio: "include",
	surfaceSwitching: "include",
	// Showing this very page would be a hall of mirrors.
	selfBrowserSurface: "exclude",
} as DisplayMediaStreamOptions;
