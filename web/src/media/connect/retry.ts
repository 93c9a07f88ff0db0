// What is tried, and when, to get a connection or to get it back. No promise is kept by hoping: each attempt has a time
// within which it must have worked.

/** New addresses for the same connection, or a new connection. */
export type Attempt = "restart" | "rebuild";

export interface RetryState {
	/** Attempts since it was last connected; the first offer is not one. */
	attempts: number;
	/** Of those since the last new connection, how many were answered and led nowhere all the same. */
	fruitless: number;
	/** Whether the other side ever answered on this connection: nothing can be restarted that never stood. */
	answered: boolean;
}

export interface Patience {
	attempts: number;
	/** This connection was there already: it is only to find its way again. */
	stood: boolean;
	/** 0 to 1. */
	chance: number;
}

/** A connection that answers checks again within this was only a hiccup. */
export const DISCONNECTED_MS_MAX = 2_000;
/** The other side may have noticed too: the impolite one speaks first, so that they rarely speak at once. */
export const POLITE_EXTRA_MS = 700;
/** The first offer: a relay over TLS, far away, with losses, needs about half of it. */
const FIRST_MS = 5_000;
/** Each beginning costs work on both sides. Where it was too much for one of them, more of it helps neither. */
const FIRST_GROWTH = 1.5;
/** A restart that works does so in a second; and who comes back from a tunnel should not wait for more than these. */
const EARLY_MS = 2_500;
const EARLY_ATTEMPTS = 12;
const LATE_GROWTH = 1.4;
const LATE_MS_MAX = 15_000;
/** A page that makes or takes a description for this long will not get done with it. */
export const BUSY_MS_MAX = 15_000;
/** After these it starts over from nothing: browsers sometimes get stuck in a way no restart cures. */
const FRUITLESS_MAX = 2;
/**
 * An attempt that nobody heard says nothing about the connection: whoever was away comes back to it soonest by a restart, for
 * then the way is found before the keys are agreed on anew. But what makes it unheard may be stuck as well.
 */
const REBUILD_EVERY = 6;

export const nextAttempt = ({ attempts, fruitless, answered }: RetryState): Attempt =>
	!answered || fruitless >= FRUITLESS_MAX || (attempts + 1) % REBUILD_EVERY === 0 ? "rebuild" : "restart";

/** How long the running attempt has before the next, from its beginning or from the last step that it came further. */
export function patienceMs({ attempts, stood, chance }: Patience): number {
	const jitter = 0.85 + 0.3 * chance;
	if (!stood) return Math.min(LATE_MS_MAX, FIRST_MS * FIRST_GROWTH ** attempts) * jitter;
	const late = Math.max(0, attempts - EARLY_ATTEMPTS);
	return Math.min(LATE_MS_MAX, EARLY_MS * LATE_GROWTH ** late) * jitter;
}

/** After this long without success it is called failed; it is tried on all the same. */
export const FAILED_AFTER_MS = 15_000;
/** Before this nobody wonders why it takes so long. */
export const SLOW_AFTER_MS = 4_000;
