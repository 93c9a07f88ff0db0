// How a way to somebody is called, and why it is not there: for people, who can do something about some of it.

import { mediaText as text } from "../text";
import { FAILED_AFTER_MS, SLOW_AFTER_MS } from "./retry";

export interface PeerState {
	state: "connecting" | "connected" | "interrupted" | "failed";
	reason: string | null;
	retryInMs: number | null;
}

export interface Way {
	connected: boolean;
	everConnected: boolean;
	/** How long it has not been connected. */
	troubledMs: number;
	/** The browser says that there is no network at all. */
	networkless: boolean;
	/** The space can be reached. */
	online: boolean;
	/** The other one cannot reach the space. */
	away: boolean;
	relayOnly: boolean;
	hasRelay: boolean;
	/** Until the next attempt, about. */
	nextMs: number;
}

export const CONNECTING: PeerState = { state: "connecting", reason: null, retryInMs: null };

export function describeWay(way: Way): PeerState {
	if (way.connected) return { state: "connected", reason: null, retryInMs: null };
	const failed = way.troubledMs > FAILED_AFTER_MS;
	return {
		state: failed ? "failed" : way.everConnected ? "interrupted" : "connecting",
		reason: reasonOf(way, failed),
		retryInMs: failed && way.online ? way.nextMs : null,
	};
}

/** The nearest cause first: whoever is offline need not read about firewalls. */
function reasonOf(way: Way, failed: boolean): string | null {
	if (way.networkless) return text.peer.offline;
	if (!way.online) return text.peer.signalling;
	if (way.away) return text.peer.away;
	if (way.relayOnly && !way.hasRelay) return text.peer.relayless;
	if (failed) return way.hasRelay ? text.peer.relayFailed : text.peer.unreachable;
	if (way.everConnected) return text.peer.interrupted;
	return way.troubledMs >= SLOW_AFTER_MS ? text.peer.slow : null;
}
