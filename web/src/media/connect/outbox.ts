// Signals on their way out. Each costs a credit at the space, and a newcomer among eight makes dozens of candidates within
// a moment: candidates wait a little for each other, and all of it keeps below a rate.

import { Timer } from "../timer";
import { type Description, SIGNAL_BYTES_MAX, type Signal, splitCandidates, writeSignal } from "./signal";

/** Candidates of one machine come within a few milliseconds of each other, those of a relay a round trip later. */
const GATHER_MS = 25;
/** The space allows 200 at once and 30 a second, and refuses what is beyond; this stays well below. */
const BURST = 40;
const PER_SECOND = 20;

/** How many may go now, filled up with time. For all peers of a visit together. */
export class Pace {
	#left = BURST;
	#at = 0;

	/** Milliseconds until one may go; 0: it goes, and is spent. */
	take(now: number): number {
		this.#left = Math.min(BURST, this.#left + ((now - this.#at) * PER_SECOND) / 1000);
		this.#at = now;
		if (this.#left < 1) return Math.ceil(((1 - this.#left) * 1000) / PER_SECOND);
		this.#left -= 1;
		return 0;
	}
}

/** One peering's. */
export class Outbox {
	#generation = 0;
	#description: Description | undefined;
	#candidates: RTCIceCandidateInit[] = [];
	#again = false;
	readonly #timer = new Timer(() => this.#flush());

	constructor(
		private readonly pace: Pace,
		private readonly send: (payload: string) => void,
	) {}

	describe(generation: number, description: Description): void {
		this.#renew(generation);
		// Candidates that wait were gathered for the description before: they stay behind it, and the peer sorts them out.
		this.#description = description;
		this.#flush();
	}

	candidate(generation: number, candidate: RTCIceCandidateInit): void {
		this.#renew(generation);
		this.#candidates.push(candidate);
		this.#timer.setOnce(GATHER_MS);
	}

	again(generation: number): void {
		this.#renew(generation);
		this.#again = true;
		this.#flush();
	}

	close(): void {
		this.#timer.stop();
		this.#candidates = [];
		this.#description = undefined;
		this.#again = false;
	}

	/** What was to be said of an older connection interests nobody. */
	#renew(generation: number): void {
		if (generation === this.#generation) return;
		this.close();
		this.#generation = generation;
	}

	#flush(): void {
		this.#timer.stop();
		while (this.#description || this.#candidates.length > 0 || this.#again) {
			const waitMs = this.pace.take(performance.now());
			if (waitMs > 0) {
				this.#timer.set(waitMs);
				return;
			}
			this.send(writeSignal(this.#next()));
		}
	}

	#next(): Signal {
		const signal: Signal = { generation: this.#generation };
		if (this.#again) signal.again = true;
		this.#again = false;
		if (this.#description) {
			signal.description = this.#description;
			this.#description = undefined;
			return signal;
		}
		const [first = [], ...others] = splitCandidates(this.#candidates, SIGNAL_BYTES_MAX - 1_000);
		signal.candidates = first;
		this.#candidates = others.flat();
		return signal;
	}
}
