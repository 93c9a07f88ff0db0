// The AudioContexts of the page, each there while somebody needs it: an idle one costs a thread that wakes a hundred times
// a second.
//
// A context is not always allowed to run. WebKit starts each new one only in a gesture, or while the page captures; a
// reloaded page has had no gesture anywhere; a phone call, or Siri, interrupts it, and it does not always come back. What
// goes through one that does not run is silent, and nothing throws. So whoever needs one has it watched: every gesture
// tries again, and where people are to be heard through it, it is told that they are not.

import { Timer } from "../timer";
import { listenToGestures } from "./gesture";

export interface ContextUse {
	context: AudioContext;
	release(): void;
}

/** Of a context that may run, even the slowest sound card is ready sooner. */
const HELD_MS_MIN = 500;

class SharedContext {
	#context: AudioContext | null = null;
	#users = 0;
	/** Those of them by whom people hear each other. */
	#voices = 0;
	#held = false;
	#stopListening: (() => void) | null = null;
	readonly #patience = new Timer(() => this.#hold(true));

	constructor(private readonly options: AudioContextOptions) {}

	get held(): boolean {
		return this.#held;
	}

	borrow(voice: boolean): ContextUse {
		const used = this.#context ?? this.#make();
		this.#users += 1;
		if (voice) this.#voices += 1;
		this.resume();
		this.#look();
		let released = false;
		return {
			context: used,
			release: () => {
				if (released) return;
				released = true;
				this.#users -= 1;
				if (voice) this.#voices -= 1;
				if (this.#users === 0) {
					this.#context = null;
					used.removeEventListener("statechange", this.#look);
					void used.close().catch(() => {});
				}
				this.#look();
			},
		};
	}

	resume(): void {
		if (this.#waits) void this.#context?.resume().catch(() => {});
	}

	/** Besides suspended there is interrupted, which not every browser knows. */
	get #waits(): boolean {
		const state = this.#context?.state ?? "closed";
		return state !== "running" && state !== "closed";
	}

	#make(): AudioContext {
		const context = new AudioContext({ latencyHint: "interactive", ...this.options });
		context.addEventListener("statechange", this.#look);
		this.#context = context;
		return context;
	}

	readonly #look = (): void => {
		if (this.#waits) this.#stopListening ??= this.#listen();
		else {
			this.#stopListening?.();
			this.#stopListening = null;
		}
		if (!this.#waits || this.#voices === 0) {
			this.#patience.stop();
			this.#hold(false);
		} else if (!this.#held) this.#patience.setOnce(HELD_MS_MIN);
	};

	#listen(): () => void {
		const resume = () => this.resume();
		const stop = listenToGestures(resume);
		// Back from the call that interrupted it: one that ran before may run again without a gesture.
		document.addEventListener("visibilitychange", resume);
		return () => {
			stop();
			document.removeEventListener("visibilitychange", resume);
		};
	}

	#hold(held: boolean): void {
		if (held === this.#held) return;
		this.#held = held;
		tellHeld();
	}
}

/** At the rate the device has: Firefox takes tracks into a context of their own rate only, which is the device's. */
const shared = new SharedContext({});
/** The noise suppressor knows only this rate. */
const cleaning = new SharedContext({ sampleRate: 48_000 });

let told: (held: boolean) => void = () => {};

const tellHeld = (): void => told(shared.held || cleaning.held);

/** For what measures or rings: where it may not run, nobody misses anything. */
export const borrowContext = (): ContextUse => shared.borrow(false);

/** For what somebody is heard by. */
export const borrowVoiceContext = (): ContextUse => shared.borrow(true);

/** For what the own voice goes through. */
export const borrowCleaningContext = (): ContextUse => cleaning.borrow(true);

/** Called within a gesture. */
export function resumeContext(): void {
	shared.resume();
	cleaning.resume();
}

/** There is one listener: told when voices are held back for want of a gesture, and when they are no longer. */
export function onHeldBack(listener: (held: boolean) => void): void {
	told = listener;
}

/** Where the browser lets a context play to another device than the usual one. */
export async function setContextSpeaker(used: AudioContext, id: string | null): Promise<void> {
	const able = used as AudioContext & { setSinkId?: (id: string) => Promise<void> };
	await able.setSinkId?.(id ?? "").catch(() => {});
}
