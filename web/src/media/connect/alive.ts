// Whether somebody is still there. Browsers notice after five seconds or more that a way is gone, and that is half of the
// time in which it is to be back. So whoever falls silent is asked, over the control channel; each answer, and each byte,
// is proof.

import { Timer } from "../timer";
import type { Link } from "./link";
import { receivedOf } from "./stats";

/** Even silence is sent every 400 ms. When nothing at all came for this long, it is asked for. */
const SILENCE_MS_MAX = 600;
/** A page that looks more rarely than this is late itself; what came meanwhile it could not hear. */
const LATE_MS = 300;
/** Whoever is there answers within a round trip. After this the own way to the space is doubted too. */
const DOUBT_MS = 400;
/** And after this long once more, in which a lost question was asked again, the way is gone. */
const GIVE_UP_MS = 700;

export class Alive {
	#heardAt = 0;
	#lookedAt = 0;
	#pings = 0;
	/** What had been received when the running question was asked. */
	#received = Number.POSITIVE_INFINITY;
	readonly #doubt = new Timer(() => this.#onDoubt());
	readonly #giveUp = new Timer(() => void this.#onGiveUp());

	constructor(
		private readonly events: {
			link(): Link | null;
			/** Nothing is heard: perhaps it is the own network. */
			silent(): void;
			gone(): void;
		},
	) {}

	/** A question waits for its answer for longer than a round trip. */
	get doubts(): boolean {
		return this.#giveUp.running;
	}

	/**
	 * Called now and then while connected, with whether something was received since. Where a `voice` breaks off, it may well
	 * be the own network, and the way to the space is doubted at once.
	 */
	watch(now: number, heard: boolean, voice: boolean): void {
		const late = now - this.#lookedAt > LATE_MS;
		this.#lookedAt = now;
		if (heard || late) this.#heardAt = now;
		if (now - this.#heardAt < SILENCE_MS_MAX) return;
		this.#heardAt = now;
		this.probe();
		if (voice) this.events.silent();
	}

	/** Asks, and is told `gone` if nothing comes. */
	probe(): void {
		const link = this.events.link();
		if (!link || this.#doubt.running || this.#giveUp.running) return;
		this.ask();
		this.#doubt.set(DOUBT_MS);
		this.#received = Number.POSITIVE_INFINITY;
		receivedOf(link.pc).then(
			(received) => {
				this.#received = received;
			},
			() => {},
		);
	}

	/** The question waits in the channel until there is a way again: its answer is the first sign of that. */
	ask(): void {
		this.#pings += 1;
		this.events.link()?.say({ type: "ping", number: this.#pings });
	}

	/** Somebody is there, or it does not matter any more. */
	answered(): void {
		this.#heardAt = performance.now();
		this.#doubt.stop();
		this.#giveUp.stop();
	}

	#onDoubt(): void {
		this.#giveUp.set(GIVE_UP_MS);
		this.events.silent();
	}

	/** A page that is busy answers late, but its browser took the question and said so: that is enough to go on. */
	async #onGiveUp(): Promise<void> {
		const link = this.events.link();
		const received = link ? await receivedOf(link.pc).catch(() => 0) : 0;
		// An answer that came meanwhile put the question away.
		if (link === this.events.link() && received <= this.#received) this.events.gone();
	}
}
