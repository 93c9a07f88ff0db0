// How loud everybody is: by where they stand, by the own slider for them, by being deaf to all. It works while somebody
// moves or a gain is on its way, and sleeps otherwise; whoever changes something wakes it.

import { Timer } from "../timer";
import { glide, STEP_MS } from "./glide";
import type { Voice } from "./voice";

/** Of one person now, from the space. */
export interface Place {
	gain: number;
	pan: number;
	/** Negative: not known. */
	distancePx: number;
	/** All hear each other here, whatever the distance. */
	fullVolume: boolean;
}

export interface Heard {
	hears: boolean;
	volume: number;
	voices: readonly Voice[];
	/** The one way of several that is listened to. */
	plays(voice: Voice): boolean;
}

export interface MixerWishes {
	deafened: boolean;
	distance: boolean;
	stereo: boolean;
}

/** Walking changes a gain by 0.03 in this time, which the gliding covers. */
const LOOK_MS = 50;
/** A step that comes so late came in a hidden tab in which nobody is to be heard: of one that plays, timers ring on time. */
const LATE_MS = 200;

export class Mixer {
	#at = 0;
	/** A step comes at the end of this task. */
	#due = false;
	readonly #timer = new Timer(() => this.#step());

	constructor(
		private readonly source: {
			places(): ReadonlyMap<number, Place>;
			heard(): ReadonlyMap<number, Heard>;
			/** What rooms have of others, until their nodes have heard that those are not heard any more. */
			strangers(): Iterable<Voice>;
			moving(): boolean;
			wishes(): MixerWishes;
			/** Distances may have changed. */
			looked(places: ReadonlyMap<number, Place>): void;
		},
	) {}

	wake(): void {
		if (this.#timer.running && !document.hidden) return;
		this.#at = performance.now() - STEP_MS;
		// In a hidden tab a timer rings once a second: nobody's first words wait for that.
		if (document.hidden) this.#stepSoon();
		else this.#timer.set(0);
	}

	close(): void {
		this.#timer.stop();
		this.#due = false;
	}

	/** One event wakes once for each person it is about: all of them are one step. */
	#stepSoon(): void {
		if (this.#due) return;
		this.#due = true;
		queueMicrotask(() => {
			if (!this.#due) return;
			this.#due = false;
			this.#step();
		});
	}

	#step(): void {
		const { source } = this;
		const now = performance.now();
		const elapsedMs = now - this.#at;
		this.#at = now;
		const heard = source.heard();
		const places = source.places();
		source.looked(places);
		const wishes = source.wishes();
		let jumps = document.hidden;
		const next = (gain: number, wished: number) => (jumps ? wished : glide(gain, wished, elapsedMs));
		let gliding = false;
		for (const [id, person] of heard) {
			const target = targetOf(person, places.get(id), wishes);
			// In a hidden tab a fade would take twelve seconds; the graph's own softens what is left. But one way does not give place to another
			// at once: that one is only decoded from now on.
			const gives = (voice: Voice) => voice.gain > 0 && !person.plays(voice);
			jumps = document.hidden && (elapsedMs > LATE_MS || target.gain === 0 || !person.voices.some(gives));
			for (const voice of person.voices) {
				const wished = person.plays(voice) ? target.gain : 0;
				const gain = next(voice.gain, wished);
				voice.apply(gain, target.pan);
				gliding ||= gain !== wished;
			}
		}
		jumps = document.hidden;
		for (const voice of source.strangers()) {
			const gain = next(voice.gain, 0);
			if (gain !== voice.gain) voice.apply(gain, 0);
			gliding ||= gain !== 0;
		}
		if (gliding) this.#timer.set(STEP_MS);
		else if (heard.size > 0 && source.moving()) this.#timer.set(LOOK_MS);
	}
}

export function targetOf(
	{ hears, volume }: Pick<Heard, "hears" | "volume">,
	place: Place | undefined,
	wishes: MixerWishes,
): { gain: number; pan: number } {
	if (!hears || wishes.deafened || !place) return { gain: 0, pan: 0 };
	const near = wishes.distance ? place.gain : 1;
	const pan = wishes.stereo && !place.fullVolume ? place.pan : 0;
	return { gain: Math.max(0, Math.min(1, near * volume)), pan };
}
