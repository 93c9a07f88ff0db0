// What is tried, and when, to get a connection or to get it back. No promise is kept by hoping: each attempt has a time
// within which it must have worked.

/** New addresses for the same connection, or a new connection. */
export type Attempt = "restart" | "rebuild";

export interface RetryState {
	/** Attempts since it was last connected; the first offer is not one. */
	attempts: number;
	/** Whether the other side ever answered on this connection: nothing can be restarted that never stood. */
	answered: boolean;
}

/** A connection that answers checks again within this was only a hiccup. */
export const DISCONNECTED_MS_MAX = 2_000;
/** The other side may have noticed too: the impolite one speaks first, so that they rarely speak at once. */
export const POLITE_EXTRA_MS = 700;
/** The first offer: a relay over TLS, far away, with losses, needs about half of it. */
const FIRST_MS = 5_000;
/** A restart that works does so in a second; and who comes back from a tunnel should not wait for more than these. */
const EARLY_MS = 2_500;
const EARLY_ATTEMPTS = 12;
const LATE_MS_MAX = 15_000;
/** Every third attempt starts over from nothing: browsers sometimes get stuck in a way no restart cures. */
const REBUILD_EVERY = 3;

export const nextAttempt = ({ attempts, answered }: RetryState): Attempt =>
	!answered || (attempts + 1) % REBUILD_EVERY === 0 ? "rebuild" : "restart";

/** How long the running attempt has before the next. `chance` is 0 to 1. */
export function patienceMs(attempts: number, chance: number): number {
	const jitter = 0.85 + 0.3 * chance;
	if (attempts === 0) return FIRST_MS * jitter;
	const late = Math.max(0, attempts - EARLY_ATTEMPTS);
	return Math.min(LATE_MS_MAX, EARLY_MS * 1.4 ** late) * jitter;
}

/** After this long without success it is called failed; it is tried on all the same. */
export const FAILED_AFTER_MS = 15_000;
/** Before this nobody wonders why it takes so long. */
export const SLOW_AFTER_MS = 4_000;
