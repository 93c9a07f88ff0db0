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

export type Hearing = Pick<MediaState, "room" | "beyond" | "locked" | "lockedOut" | "relay"> & {
	/** How many one hears, and how many only hear oneself. */
	heard: number;
	audience: number;
	status: Status;
	area: string | null;
};

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
		if (h.relay && h.heard > 0) notes.push({ icon: "shield", words: text.relay });
	}
	return notes.slice(0, 2);
}
