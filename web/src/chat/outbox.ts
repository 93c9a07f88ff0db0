// What one has said and the space has not acknowledged. Pure: a list goes in, a list comes out; clocks and the wire are
// in visit.ts.

import type { Place } from "./place";

export type Refusal = "text" | "channel" | "word" | "blocked" | "strangers" | "unsure" | "other";

export interface Outgoing {
	/** Under which it was said last; one of our own where it was not said yet. */
	reference: string;
	channel: Place;
	text: string;
	at: number;
	replyTo: number;
	thought: boolean;
	/** `waiting`: it may not be said yet, and will be by itself. */
	state: "sending" | "waiting" | "failed";
	reason: Refusal | null;
	/** Whether the client has it, and says it again after a reconnect; of a direct message, whether it may have been written. */
	handed: boolean;
}

const change = (list: readonly Outgoing[], reference: string, part: Partial<Outgoing>): readonly Outgoing[] =>
	list.map((each) => (each.reference === reference ? { ...each, ...part } : each));

export const without = (list: readonly Outgoing[], reference: string): readonly Outgoing[] =>
	list.some((each) => each.reference === reference) ? list.filter((each) => each.reference !== reference) : list;

export const mayNotYet = (list: readonly Outgoing[], reference: string): readonly Outgoing[] =>
	change(list, reference, { state: "waiting" });

export const refused = (list: readonly Outgoing[], reference: string, reason: Refusal): readonly Outgoing[] =>
	change(list, reference, { state: "failed", reason, handed: false });

export const saidAgain = (list: readonly Outgoing[], reference: string, as: string): readonly Outgoing[] =>
	change(list, reference, { reference: as, state: "sending", handed: true });

/** After a reconnect the client has said all again that it has. */
export const reconnected = (list: readonly Outgoing[], mine: (each: Outgoing) => boolean): readonly Outgoing[] =>
	list.map((each) => (each.state === "waiting" && each.handed && mine(each) ? { ...each, state: "sending" } : each));

/** The one to be said next: in the order in which they were written, one at a time. */
export const nextWaiting = (list: readonly Outgoing[], mine: (each: Outgoing) => boolean): Outgoing | null =>
	list.find((each) => each.state === "waiting" && mine(each)) ?? null;

/** What goes back into the field when one leaves: all that was surely not said. */
export const unspoken = (list: readonly Outgoing[], online: boolean): readonly Outgoing[] =>
	list.filter((each) => each.state !== "sending" || !online);
