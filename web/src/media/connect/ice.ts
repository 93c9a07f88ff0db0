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
/** Whatever happens to a question, after this long another one is put. */
const ANSWER_MS_MAX = 10_000;
const RETRY_MS = 10_000;
const RETRY_MS_MAX = 5 * 60_000;
/** A browser's timer cannot be set further than 24 days; a day is far enough. */
const RENEW_MS_MAX = 24 * 3_600_000;

export class IceServers {
	#servers: RTCIceServer[] = [];
	#failures = 0;
	#closed = false;
	#questions = 0;
	/** When the question was put that is not answered yet. */
	#askedAt: number | null = null;
	/** By the wall clock: timers stand still while a laptop sleeps. */
	#renewAt = Number.POSITIVE_INFINITY;
	#expiresAt = Number.POSITIVE_INFINITY;
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

	/** The network is back, or the page woke up: what failed, or should have been renewed meanwhile, is asked for at once. */
	hint(): void {
		const now = Date.now();
		if (this.#failures === 0 && now < this.#renewAt) return;
		// Hints come in swarms, and a question that went to sleep with the laptop may never be answered.
		if (this.#askedAt === null || now - this.#askedAt > ANSWER_MS_MAX) void this.#fetch();
	}

	close(): void {
		this.#closed = true;
		this.#timer.stop();
	}

	async #fetch(): Promise<void> {
		this.#questions += 1;
		const question = this.#questions;
		this.#askedAt = Date.now();
		this.#timer.stop();
		try {
			const answer = await this.ask(`/api/spaces/${encodeURIComponent(this.spaceId)}/ice`);
			if (this.#closed) return;
			this.#take(answer);
		} catch {
			if (this.#closed || question !== this.#questions) return;
			this.#failures += 1;
			this.#timer.set(Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** (this.#failures - 1)));
		} finally {
			if (question === this.#questions) this.#askedAt = null;
		}
	}

	#take(answer: IceAnswer): void {
		const now = Date.now();
		const useless = this.#servers.length === 0 || now >= this.#expiresAt;
		const before = this.relayOnly;
		this.#failures = 0;
		this.#servers = answer.ice_servers;
		this.spaceWishesRelay = answer.relay_only;
		const renewMs = renewInMs(answer.expires_at, now);
		this.#timer.set(renewMs);
		this.#renewAt = now + renewMs;
		// By a clock that is hours fast everything comes expired, and none of it is.
		this.#expiresAt = answer.expires_at > now ? answer.expires_at : Number.POSITIVE_INFINITY;
		this.changed(this.relayOnly !== before ? "policy" : useless ? "help" : "renewed");
	}
}

/** When to ask again. A clock that is wrong by hours must make neither a storm of questions nor none at all. */
export function renewInMs(expiresAt: number, now: number): number {
	const left = expiresAt - now;
	return Math.min(RENEW_MS_MAX, Math.max(RENEW_MS_MIN, left - Math.min(AHEAD_MS, left / 4)));
}
