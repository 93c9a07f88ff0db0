// Sessions elsewhere, and what ends with them.

import { changePassword, endOthers } from "../api/auth";
import { registration, subscribe } from "../notices/push";

export const signOutOthers = (): Promise<void> => endOthers().then(() => void stayTold());

export const replacePassword = (current: string, next: string): Promise<void> =>
	changePassword(current, next).then(() => void stayTold());

/**
 * Where to push to is forgotten with the sessions, for the server does not know which device is which. This one says it again; where that
 * fails, the next visit to a space does.
 */
async function stayTold(): Promise<void> {
	try {
		if (await (await registration())?.pushManager.getSubscription()) await subscribe();
	} catch {
		// What was asked for is done all the same.
	}
}
