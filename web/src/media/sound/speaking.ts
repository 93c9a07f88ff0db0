// Whether somebody speaks, from how loud they are: quickly yes, slowly no, so that a ring around a face does not flicker
// between words.

/** Of full scale; speech at a usual distance from the microphone is at 0.05 and above, a quiet room below 0.01. */
const BEGIN_LEVEL = 0.03;
const GO_ON_LEVEL = 0.012;
const PAUSE_MS_MAX = 500;
/** A cough, a key pressed hard, is shorter. */
const BEGIN_MS_MIN = 90;

export class Speaking {
	on = false;
	#loudSince: number | null = null;
	#lastLoud = Number.NEGATIVE_INFINITY;

	/** Takes a level of 0 to 1; says whether the answer changed. */
	take(level: number, now: number): boolean {
		const before = this.on;
		if (level >= (this.on ? GO_ON_LEVEL : BEGIN_LEVEL)) {
			this.#loudSince ??= now;
			this.#lastLoud = now;
			if (now - this.#loudSince >= BEGIN_MS_MIN) this.on = true;
		} else {
			this.#loudSince = null;
			if (now - this.#lastLoud > PAUSE_MS_MAX) this.on = false;
		}
		return before !== this.on;
	}
}

/** Talking for this long, not only clearing one's throat, deserves the hint that nobody hears it. */
const TALK_MS = 500;
const HINT_MS = 3_000;

export class MutedTalk {
	hint = false;
	#since: number | null = null;
	#until = 0;

	take(speaking: boolean, muted: boolean, now: number): boolean {
		const before = this.hint;
		if (!muted || !speaking) this.#since = null;
		else {
			this.#since ??= now;
			if (now - this.#since >= TALK_MS) this.#until = now + HINT_MS;
		}
		this.hint = muted && now < this.#until;
		return before !== this.hint;
	}
}
