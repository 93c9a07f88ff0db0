// What an address asks for besides its space: a message in a channel, or the conversation with somebody. Pushes lead there, and
// whoever copies such an address.

import { directWith, type Place } from "./place";

export interface Asked {
	place: Place;
	/** 0: none in particular. */
	message: number;
}

const CHANNEL = /^(everyone|(area|c)\/[1-9]\d{0,9})$/;
const USER = /^u_[a-z2-7]{16}$/;

/** Null where nothing is asked for, or nothing that there could be. */
export function askedBy(search: string): Asked | null {
	const query = new URLSearchParams(search);
	const user = query.get("direct");
	if (user !== null) return USER.test(user) ? { place: directWith(user), message: 0 } : null;
	const channel = query.get("channel") ?? "everyone";
	const message = Number(query.get("message") ?? "");
	if (!Number.isSafeInteger(message) || message <= 0 || !CHANNEL.test(channel)) return null;
	return { place: channel as Place, message };
}
