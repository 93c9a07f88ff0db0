// The servers that help to find a way: asked for on entering, renewed before they expire. Without them people on one
// network still reach each other, so nothing waits long for the answer, except where only a relay may be used.

import { call } from "../../api/http";
import { Timer } from "../timer";

/** Connections that look for a way may find one now; or the way that was found must not be used any more; or nothing is urgent. */
export type IceChange = "help" | "policy" | "renewed";

export interface IceAnswer {
	ice_servers: RTCIceServer[];
	relay_only: boolean;
	expires_at: number;
}

/** Renewed this long before the end, as long as that is not most of their life. */
const AHEAD_MS = 5 * 60_000;
const RENEW_MS_MIN = 15_000;
/** On a slow line the answer may take longer than the way to somebody in the same room. */
const WAIT_MS_MAX = 800;
const RETRY_MS = 10_000;
const RETRY_MS_MAX = 5 * 60_000;
/** A browser's timer cannot be set further than 24 days; a day is far enough. */
const RENEW_MS_MAX = 24 * 3_600_000;

export class IceServers {
	#servers: RTCIceServer[] = [];
	#failures = 0;
	#closed = false;
	readonly #timer = new Timer(() => void this.#fetch());
	/** Whatever the first answer is, it has come. */
	readonly #first: Promise<void>;

	constructor(
		private readonly spaceId: string,
		private spaceWishesRelay: boolean,
		private userWishesRelay: boolean,
		private readonly changed: (what: IceChange) => void,
		private readonly ask: (path: string) => Promise<IceAnswer> = (path) => call<IceAnswer>("POST", path),
	) {
		this.#first = this.#fetch();
	}

	get relayOnly(): boolean {
		return this.spaceWishesRelay || this.userWishesRelay;
	}

	get hasRelay(): boolean {
		return this.#servers.some(({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url)));
	}

	/** When connecting may begin: mostly at once, for they are asked for on entering. */
	async ready(): Promise<void> {
		if (this.#servers.length > 0 || this.#failures > 0) return;
		if (this.relayOnly) return this.#first;
		let late: Timer | undefined;
		const patience = new Promise<void>((resolve) => {
			late = new Timer(resolve);
			late.set(WAIT_MS_MAX);
		});
		await Promise.race([this.#first, patience]);
		late?.stop();
	}

	configuration(): RTCConfiguration {
		return { iceServers: this.#servers, iceTransportPolicy: this.relayOnly ? "relay" : "all" };
	}

	/** Whether the other side may learn of it. */
	mayTell(candidate: RTCIceCandidateInit): boolean {
		return !this.relayOnly || / typ relay( |$)/.test(candidate.candidate ?? "");
	}

	/** The user's wish. */
	setRelayOnly(wish: boolean): void {
		const before = this.relayOnly;
		this.userWishesRelay = wish;
		if (before !== this.relayOnly) this.changed("policy");
	}

	/** The network is back: what failed is asked for at once. */
	hint(): void {
		if (this.#failures > 0) void this.#fetch();
	}

	close(): void {
		this.#closed = true;
		this.#timer.stop();
	}

	async #fetch(): Promise<void> {
		this.#timer.stop();
		try {
			const answer = await this.ask(`/api/spaces/${encodeURIComponent(this.spaceId)}/ice`);
			if (this.#closed) return;
			this.#take(answer);
		} catch {
			if (this.#closed) return;
			this.#failures += 1;
			this.#timer.set(Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** (this.#failures - 1)));
		}
	}

	#take(answer: IceAnswer): void {
		const before = { servers: this.#servers.length, relayOnly: this.relayOnly };
		this.#failures = 0;
		this.#servers = answer.ice_servers;
		this.spaceWishesRelay = answer.relay_only;
		this.#timer.set(renewInMs(answer.expires_at, Date.now()));
		const { relayOnly } = this;
		this.changed(relayOnly !== before.relayOnly ? "policy" : before.servers === 0 ? "help" : "renewed");
	}
}

/** When to ask again. A clock that is wrong by hours must make neither a storm of questions nor none at all. */
export function renewInMs(expiresAt: number, now: number): number {
	const left = expiresAt - now;
	return Math.min(RENEW_MS_MAX, Math.max(RENEW_MS_MIN, left - Math.min(AHEAD_MS, left / 4)));
}
