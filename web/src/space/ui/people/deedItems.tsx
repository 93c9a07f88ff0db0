// What one may do about somebody beyond talking: the same items in a person's row and on their tile.

import type { DeedKind } from "../../../state/deeds";
import type { IconName } from "../../../ui/Icon";
import type { Person } from "../../client";
import { socialText as text } from "../../socialText";

export interface DeedItem {
	kind: DeedKind;
	icon: IconName;
	words: string;
	danger: boolean;
}

/** `moderates`: the viewer looks after this space. */
export function deedsAbout(person: Pick<Person, "role">, blocked: boolean, moderates: boolean): DeedItem[] {
	const items: DeedItem[] = [
		{ kind: "report", icon: "flag", words: text.report, danger: false },
		blocked
			? { kind: "unblock", icon: "block", words: text.unblock, danger: false }
			: { kind: "block", icon: "block", words: text.block, danger: false },
	];
	// Nobody is sent out by their equals.
	if (moderates && person.role !== "owner" && person.role !== "admin") {
		items.push({ kind: "sendOut", icon: "leave", words: text.sendOut, danger: false });
		items.push({ kind: "ban", icon: "ban", words: text.ban, danger: true });
	}
	return items;
}
