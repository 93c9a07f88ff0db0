// The link to this space, to the clipboard or the phone's own sharing.

import { shareUrl } from "../api/spaces";
import { spaceActions, useSpace } from "../state/space";
import { spaceText as text } from "./text";

export async function copyLink(id: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(shareUrl(id));
		return true;
	} catch {
		return false;
	}
}

export async function shareLink(): Promise<void> {
	const { space } = useSpace.getState();
	if (!space) return;
	const touch = matchMedia("(pointer: coarse)").matches;
	if (touch && typeof navigator.share === "function") {
		// Closing the phone's sheet is a choice, not a failure.
		await navigator.share({ title: space.name, url: shareUrl(space.id) }).catch(() => {});
		return;
	}
	spaceActions.toast((await copyLink(space.id)) ? text.linkCopied : text.linkByHand(shareUrl(space.id)));
}
