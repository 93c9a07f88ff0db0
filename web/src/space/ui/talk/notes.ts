// What the sign says about being heard right here, in plain words. Pure.

import type { Status } from "../../../api/types";
import type { MediaState } from "../../../state/media";
import type { IconName } from "../../../ui/Icon";
import { talkText } from "./text";

const text = talkText.room;

export interface Note {
	icon: IconName;
	words: string;
}

export type Hearing = Pick<MediaState, "room" | "beyond" | "locked" | "lockedOut" | "relay" | "way"> & {
	/** How many one hears. */
	heard: number;
	/** How many hear oneself, where some of them are not heard. */
	audience: number;
	status: Status;
	area: string | null;
};

/** How many hear one from a stage: those near are an audience, too, though they are heard. 0 where nobody only listens. */
export function heardBy(peers: ReadonlyMap<number, { hears: boolean; heard: boolean }>, unheard: number): number {
	const hearing = [...peers.values()].filter((peer) => peer.heard);
	return unheard > 0 || hearing.some((peer) => !peer.hears) ? hearing.length + unheard : 0;
}

/** The weightiest first; two at most, for a sign is read in passing. */
export function roomNotes(h: Hearing): Note[] {
	const notes: Note[] = [];
	if (h.status === "dnd") notes.push({ icon: "quiet", words: text.dnd });
	else if (h.room === "silent") notes.push({ icon: "quiet", words: text.silent });
	else {
		if (h.locked) notes.push({ icon: "lock", words: text.locked });
		if (h.lockedOut > 0) notes.push({ icon: "lock", words: text.lockedOut });
		if (h.audience > 0) notes.push({ icon: "ear", words: text.stage(h.audience) });
		if (h.beyond > 0) notes.push({ icon: "ear", words: text.beyond(h.heard + h.beyond, h.heard) });
		if (h.room === "private") notes.push({ icon: "ear", words: text.private(h.area) });
		// Of all that can be said of a place the least urgent, and there for whoever wonders where their voice goes.
		if (h.way !== "direct") notes.push({ icon: "ear", words: h.way === "room" ? text.server : text.servers });
		if (h.relay && h.heard > 0) notes.push({ icon: "shield", words: text.relay });
	}
	return notes.slice(0, 2);
}
