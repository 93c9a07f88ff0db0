// One peering: the way to one person, for as long as the space says that the two may hear or be heard. It keeps a Link,
// and gets it back when it breaks: new addresses first, a new connection when that does not help, patiently, with more time
// between attempts, and at once when something hints that the network changed.
//
// Absent on purpose: what is sent and what is played. That is people.ts.

import { mediaText as text } from "../text";
import { Timer } from "../timer";
import type { ControlMessage } from "./control";
import type { IceChange, IceServers } from "./ice";
import { type Lane, Link } from "./link";
import { Outbox, type Pace } from "./outbox";
import { DISCONNECTED_MS_MAX, FAILED_AFTER_MS, nextAttempt, POLITE_EXTRA_MS, patienceMs, SLOW_AFTER_MS } from "./retry";
import { readSignal } from "./signal";
import { receivedOf, type Via, viaOf } from "./stats";

export interface PeerState {
	state: "connecting" | "connected" | "interrupted" | "failed";
	reason: string | null;
	retryInMs: number | null;
}

export interface PeerEvents {
	changed(): void;
	/** Nothing is heard of them: perhaps it is the own network that is gone. */
	silent(): void;
	/** A new connection has its lanes: put on them what is to be sent. */
	lanes(): void;
	open(): void;
	control(message: ControlMessage): void;
	send(payload: string): void;
	report(outcome: "connected" | "failed", tookMs: number, via: Via): void;
}

/** Even silence is sent every 400 ms. When nothing at all came for this long, it is asked for. */
const SILENCE_MS_MAX = 900;
/** Whoever is there answers within a round trip. After this the own way to the space is doubted too. */
const DOUBT_MS = 600;
/** And after this long once more, in which a lost question was asked again, the way is gone. */
const GIVE_UP_MS = 700;
/** Offers, answers and candidates of a moment. */
const EARLY_MAX = 32;
/** Hints come in swarms; the first of them did it. */
const HINTS_GAP_MS = 700;
/** The first offer may be lost where the other side was not ready for it. */
const UNHEARD_MS_MAX = 1_000;

export class Peer {
	link: Link | null = null;
	/** Heard before one was ready oneself. */
	readonly #early: string[] = [];
	#started = false;
	#generation = 0;
	#attempts = 0;
	#everConnected = false;
	#reported = false;
	#closed = false;
	/** The socket of the space is up: words reach it. */
	#online = true;
	/** The other's socket is down. */
	#away = false;
	/** Something says that the way is gone, though the browser still believes in it. */
	#suspect = false;
	#pings = 0;
	#heardAt = 0;
	/** What had been received when the running question was asked. */
	#receivedAtPing = Number.POSITIVE_INFINITY;
	#state: PeerState = { state: "connecting", reason: null, retryInMs: null };
	readonly #since = performance.now();
	#attemptedAt = Number.NEGATIVE_INFINITY;
	/** What had been received when the running attempt began. */
	#receivedBefore = 0;
	#troubleSince = performance.now();
	readonly #outbox: Outbox;
	readonly #retry = new Timer(() => void this.#lookThenAttempt());
	readonly #slow = new Timer(() => this.#tell());
	readonly #doubt = new Timer(() => this.#onDoubt());
	readonly #giveUp = new Timer(() => void this.#onGiveUp());

	constructor(
		readonly polite: boolean,
		private readonly ice: IceServers,
		pace: Pace,
		private readonly events: PeerEvents,
	) {
		this.#outbox = new Outbox(pace, (payload) => events.send(payload));
	}

	get state(): PeerState {
		return this.#state;
	}

	/** Begins as soon as the servers are known, or are known to be slow. */
	async start(online: boolean): Promise<void> {
		this.#online = online;
		this.#slow.set(SLOW_AFTER_MS);
		await this.ice.ready();
		if (this.#closed) return;
		this.#started = true;
		this.#expectConnection();
		if (!this.polite) this.#build();
		for (const payload of this.#early.splice(0)) this.receive(payload);
	}

	lane(lane: Lane): RTCRtpTransceiver | undefined {
		return this.link?.lane(lane);
	}

	receive(payload: string): void {
		if (this.#closed) return;
		if (!this.#started) {
			if (this.#early.length < EARLY_MAX) this.#early.push(payload);
			return;
		}
		const signal = readSignal(payload);
		if (!signal) return;
		this.#away = false;
		if (signal.again) {
			this.#beginAgain();
			return;
		}
		if (signal.generation > this.#generation && this.polite && signal.description?.type === "offer") {
			this.#generation = signal.generation;
			this.#renewLink();
			this.#expectConnection();
		}
		if (signal.generation === this.#generation) this.link?.receive(signal);
	}

	refused(reason: string): void {
		if (reason === "away") {
			this.#away = true;
			this.#tell();
		}
	}

	/** The other's socket went or came. */
	setAway(away: boolean): void {
		if (this.#away === away) return;
		this.#away = away;
		// What was said meanwhile reached nobody.
		if (!away && this.#state.state !== "connected") this.retry();
		else this.#tell();
	}

	/** The own socket went or came. Media needs none; only words do. */
	setOnline(online: boolean): void {
		if (this.#online === online) return;
		this.#online = online;
		if (online) this.hint();
		else this.#tell();
	}

	/** Something may have changed in the network: look whether the other still answers, and act at once if not. */
	hint(): void {
		const now = performance.now();
		if (!this.#started || now - this.#attemptedAt < HINTS_GAP_MS) return;
		if (this.#state.state === "connected") this.#probe();
		else if (this.#everConnected || now - this.#since > UNHEARD_MS_MAX) this.retry();
	}

	/** The browser says that there is no network any more: when there is one again, it will be another. */
	unplugged(): void {
		if (this.#state.state === "connected") this.#doubtWay();
	}

	/**
	 * Called now and then with whether something was received since: who hears nothing asks whether anybody is there. Where
	 * a voice breaks off, it may well be the own network, and the way to the space is asked about too, at once.
	 */
	watch(now: number, heard: boolean, voice: boolean): void {
		if (heard) this.#heardAt = now;
		if (this.#state.state !== "connected" || now - this.#heardAt < SILENCE_MS_MAX) return;
		this.#heardAt = now;
		this.#probe();
		if (voice) this.events.silent();
	}

	/** Now, and with all patience again. */
	retry(): void {
		if (!this.#started || this.#closed || this.#state.state === "connected") return;
		this.#attempts = 0;
		this.#attempt();
	}

	/** Other servers, or another wish about relays. */
	configure(change: IceChange): void {
		this.link?.configure(this.ice.configuration());
		// What was found by the old rules is given up whole: no address of it may be used on.
		if (change === "policy") this.#startOver();
		else if (change === "help") this.retry();
	}

	close(): void {
		this.#closed = true;
		for (const timer of [this.#retry, this.#slow, this.#doubt, this.#giveUp]) timer.stop();
		this.#outbox.close();
		this.link?.close();
		this.link = null;
	}

	/** The next generation; only the impolite side begins one. */
	#build(): void {
		// A page that was loaded anew within the same peering must not seem older than the one before it.
		this.#generation = Math.max(this.#generation + 1, Date.now());
		this.#renewLink();
		this.link?.offer(false);
	}

	#startOver(): void {
		if (!this.#started) return;
		this.#trouble();
		if (this.polite) this.#outbox.again(this.#generation);
		else this.#build();
		this.#attempts += 1;
		this.#expectConnection();
		this.#tell();
	}

	#beginAgain(): void {
		if (this.polite) return;
		// It asked before our last offer could reach it.
		const fresh = this.link && !this.link.answered && performance.now() - this.link.offeredAt < UNHEARD_MS_MAX;
		if (fresh) return;
		this.#build();
		this.#expectConnection();
	}

	#renewLink(): void {
		this.link?.close();
		const generation = this.#generation;
		const link: Link = new Link(this.ice.configuration(), this.polite, {
			state: () => this.#onState(link),
			describe: (description) => this.#outbox.describe(generation, description),
			candidate: (candidate) => {
				// Where only relays may be used nobody is to learn an address, whatever the browser found.
				if (this.ice.mayTell(candidate)) this.#outbox.candidate(generation, candidate);
			},
			lanes: () => this.events.lanes(),
			open: () => this.events.open(),
			control: (message) => this.#onControl(message),
		});
		this.link = link;
	}

	#onControl(message: ControlMessage): void {
		if (message.type === "ping") this.link?.say({ type: "pong", number: message.number });
		else if (message.type === "pong") {
			this.#answered();
			if (this.link?.state === "connected") this.#connected(this.link);
		} else this.events.control(message);
	}

	#onState(link: Link): void {
		if (link !== this.link || this.#closed) return;
		switch (link.state) {
			case "connected":
				this.#connected(link);
				break;
			case "disconnected":
				this.#trouble();
				this.#retry.set(DISCONNECTED_MS_MAX + (this.polite ? POLITE_EXTRA_MS : 0));
				this.#tell();
				break;
			case "failed":
				this.#trouble();
				// While an attempt runs, its own patience decides: two restarts at once help neither.
				if (this.#attempts === 0) this.#retry.set(this.polite ? POLITE_EXTRA_MS : 0);
				this.#tell();
				break;
			case "connecting":
				this.#tell();
				break;
		}
	}

	#connected(link: Link): void {
		this.#attempts = 0;
		this.#everConnected = true;
		this.#retry.stop();
		this.#slow.stop();
		this.#suspect = false;
		this.#answered();
		this.#tell();
		if (this.#reported) return;
		this.#reported = true;
		const tookMs = Math.round(performance.now() - this.#since);
		viaOf(link.pc).then(
			(via) => this.events.report("connected", tookMs, via),
			() => this.events.report("connected", tookMs, "unknown"),
		);
	}

	/** From now on it is not connected, if it was. */
	#trouble(): void {
		if (this.#state.state === "connected") this.#troubleSince = performance.now();
	}

	#expectConnection(): void {
		this.#retry.set(patienceMs(this.#attempts, Math.random()) + (this.polite ? POLITE_EXTRA_MS : 0));
	}

	/**
	 * A restart that was quick enough leaves no trace in the browser's state: it was connected before and is. So before the
	 * next attempt it is asked whether anything was received since the last.
	 */
	async #lookThenAttempt(): Promise<void> {
		const { link } = this;
		if (link?.state === "connected" && this.#attempts > 0) {
			const received = await receivedOf(link.pc).catch(() => 0);
			if (this.#closed || link !== this.link) return;
			if (received > this.#receivedBefore) {
				this.#connected(link);
				return;
			}
		}
		this.#attempt();
	}

	#ping(): void {
		this.#pings += 1;
		this.link?.say({ type: "ping", number: this.#pings });
	}

	#probe(): void {
		const { link } = this;
		if (!link || this.#doubt.running || this.#giveUp.running) return;
		this.#ping();
		this.#doubt.set(DOUBT_MS);
		this.#receivedAtPing = Number.POSITIVE_INFINITY;
		receivedOf(link.pc).then(
			(received) => {
				this.#receivedAtPing = received;
			},
			() => {},
		);
	}

	/** Somebody is there. */
	#answered(): void {
		this.#heardAt = performance.now();
		this.#doubt.stop();
		this.#giveUp.stop();
	}

	#onDoubt(): void {
		this.#giveUp.set(GIVE_UP_MS);
		this.events.silent();
	}

	/** A page that is busy answers late, but its browser took the question and said so: that is enough to go on. */
	async #onGiveUp(): Promise<void> {
		const { link } = this;
		const received = link ? await receivedOf(link.pc).catch(() => 0) : 0;
		if (this.#closed || link !== this.link || received > this.#receivedAtPing) return;
		this.#doubtWay();
		this.#attempt();
	}

	#doubtWay(): void {
		this.#trouble();
		this.#suspect = true;
		this.#retry.setOnce(DISCONNECTED_MS_MAX);
		this.#tell();
	}

	#attempt(): void {
		if (this.#closed) return;
		this.#answered();
		this.#trouble();
		// Unheard words are no attempt: it goes on as soon as the space can be reached.
		if (this.#online && !this.#away) {
			const what = nextAttempt({ attempts: this.#attempts, answered: this.link?.answered ?? false });
			if (what === "restart") this.link?.offer(true);
			else if (this.polite) this.#outbox.again(this.#generation);
			else this.#build();
			this.#attempts += 1;
			this.#attemptedAt = performance.now();
			this.#noteReceived();
			// It waits in the channel until there is a way again, and its answer is the first sign of it.
			this.#ping();
		}
		this.#expectConnection();
		this.#tell();
		this.#reportFailure();
	}

	#noteReceived(): void {
		const { link } = this;
		if (link?.state !== "connected") return;
		this.#receivedBefore = Number.POSITIVE_INFINITY;
		receivedOf(link.pc).then(
			(received) => {
				this.#receivedBefore = received;
			},
			() => {},
		);
	}

	#reportFailure(): void {
		if (this.#reported || performance.now() - this.#since < FAILED_AFTER_MS) return;
		this.#reported = true;
		this.events.report("failed", Math.round(performance.now() - this.#since), "unknown");
	}

	#tell(): void {
		const next = this.#read();
		const { state, reason, retryInMs } = this.#state;
		if (state === next.state && reason === next.reason && retryInMs === next.retryInMs) return;
		this.#state = next;
		this.events.changed();
	}

	#read(): PeerState {
		const connected = this.link?.state === "connected";
		// A restart that was asked for by a missing answer leaves the state of the connection as it was.
		if (connected && this.#attempts === 0 && !this.#suspect)
			return { state: "connected", reason: null, retryInMs: null };
		const troubledMs = performance.now() - this.#troubleSince;
		const failed = troubledMs > FAILED_AFTER_MS;
		const state = failed ? "failed" : this.#everConnected ? "interrupted" : "connecting";
		const reason = this.#reason(failed, troubledMs);
		const retryInMs = failed && this.#online ? Math.round(patienceMs(this.#attempts, 0.5)) : null;
		return { state, reason, retryInMs };
	}

	#reason(failed: boolean, troubledMs: number): string | null {
		if (!navigator.onLine) return text.peer.offline;
		if (!this.#online) return text.peer.signalling;
		if (this.#away) return text.peer.away;
		if (this.ice.relayOnly && !this.ice.hasRelay) return text.peer.relayless;
		if (failed) return this.ice.hasRelay ? text.peer.relayFailed : text.peer.unreachable;
		if (this.#everConnected) return text.peer.interrupted;
		return troubledMs >= SLOW_AFTER_MS ? text.peer.slow : null;
	}
}
