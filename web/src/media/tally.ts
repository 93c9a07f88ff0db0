// How much of what must be given back is in use. A leak of one of these is heard of only after an hour of walking
// about, so each is counted where it is made and where it ends, and the browser tests hold the counts to account.

export interface Tally {
	/** Peer connections: in use, made, ended. */
	open: number;
	opened: number;
	closed: number;
	/** Captured and received tracks. */
	tracks: number;
	timers: number;
	/** Audio elements. */
	elements: number;
}

export const tally: Tally = { open: 0, opened: 0, closed: 0, tracks: 0, timers: 0, elements: 0 };
