// One peering: the way to one person, for as long as the space says that the two may hear or be heard. It keeps a Link,
// and gets it back when it breaks: new addresses first, a new connection when that does not help, patiently, with more time
// between attempts, and at once when something hints that the network changed.
//
// Absent on purpose: what is sent and what is played. That is people.ts.

import { Timer } from "../timer";
import { Alive } from "./alive";
import type { ControlMessage } from "./control";
import type { IceChange, IceServers } from "./ice";
import { type Lane, Link } from "./link";
import { Outbox, type Pace } from "./outbox";
import {
	BUSY_MS_MAX,
	DISCONNECTED_MS_MAX,
	FAILED_AFTER_MS,
	nextAttempt,
	POLITE_EXTRA_MS,
	patienceMs,
	SLOW_AFTER_MS,
} from "./retry";
import { readSignal, type Signal } from "./signal";
import { receivedOf, type Via, viaOf } from "./stats";
import { CONNECTING, describeWay, type PeerState } from "./words";

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

/** Offers, answers and candidates of a moment. */
const EARLY_MAX = 32;
/** Hints come in swarms; the first of them did it. */
const HINTS_GAP_MS = 700;
/** Nobody in their right mind begins anew more often; each beginning costs a connection. */
const BEGIN_MS_MIN = 250;
/** The first offer may be lost where the other side was not ready for it. */
const UNHEARD_MS_MAX = 1_000;

export class Peer {
	link: Link | null = null;
	/** Heard before one was ready oneself. */
	readonly #early: string[] = [];
	#started = false;
	#generation = 0;
	#attempts = 0;
	/** Attempts that were answered, and led nowhere. */
	#fruitless = 0;
	#everConnected = false;
	#reported = false;
	#closed = false;
	/** The socket of the space is up: words reach it. */
	#online = true;
	/** The other's socket is down. */
	#away = false;
	/** Something says that the way is gone, though the browser still believes in it. */
	#suspect = false;
	/** The browser had no network since the own socket came last. */
	#unplugged = false;
	#state: PeerState = CONNECTING;
	readonly #since = performance.now();
	#attemptedAt = Number.NEGATIVE_INFINITY;
	/** What had been received when the running attempt began. */
	#receivedBefore = 0;
	#troubleSince = performance.now();
	readonly #outbox: Outbox;
	readonly #retry = new Timer(() => void this.#lookThenAttempt());
	readonly #slow = new Timer(() => this.#tell());
	readonly #unheard = new Timer(() => {
		if (!this.link?.answered) this.#beginAgain();
	});
	readonly #begin = new Timer(() => this.#receiveEarly());
	readonly #alive: Alive;

	constructor(
		readonly polite: boolean,
		private readonly ice: IceServers,
		pace: Pace,
		private readonly events: PeerEvents,
	) {
		this.#outbox = new Outbox(pace, (payload) => events.send(payload));
		this.#alive = new Alive({
			link: () => this.link,
			silent: () => events.silent(),
			gone: () => {
				this.#doubtWay();
				this.#attempt();
			},
		});
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
		this.#receiveEarly();
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
		if (this.polite && signal.generation > this.#generation && (this.#begin.running || this.#tooSoon(signal))) {
			if (this.#early.length < EARLY_MAX) this.#early.push(payload);
			return;
		}
		const begins = signal.generation > this.#generation && signal.description?.type === "offer";
		if (begins && this.polite) {
			this.#generation = signal.generation;
			this.#renewLink();
			this.#expectConnection();
		} else if (signal.description?.type === "offer") {
			if (signal.generation === this.#generation) this.#joinAttempt();
			// It knows nothing of the present one, which was offered while it was away.
			else if (signal.generation < this.#generation) this.#beginAgain();
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
		if (!online) {
			this.#tell();
			return;
		}
		// The own socket was dead, and nothing is heard of the other, or there was no network: that needs no more proof. What came
		// in the moment between the cable and the new address is none.
		if (this.#state.state === "connected" && (this.#unplugged || this.#alive.doubts)) this.#doubtWay();
		this.#unplugged = false;
		if (this.#state.state === "connected") this.hint();
		// What was said into the dying socket reached nobody: it is said again at once, however short ago that was.
		else this.retry();
	}

	/** Something may have changed in the network: look whether the other still answers, and act at once if not. */
	hint(): void {
		const now = performance.now();
		if (!this.#started || this.#busy || now - this.#attemptedAt < HINTS_GAP_MS) return;
		if (this.#state.state === "connected") this.#alive.probe();
		else if (this.#everConnected || now - this.#since > UNHEARD_MS_MAX) this.retry();
	}

	/** The browser says that there is no network any more: when there is one again, it will be another. */
	unplugged(): void {
		this.#unplugged = true;
		if (this.#state.state === "connected") this.#doubtWay();
	}

	/** See `Alive.watch`. */
	watch(now: number, heard: boolean, voice: boolean): void {
		if (this.#state.state === "connected") this.#alive.watch(now, heard, voice);
		// A voice arrives though we had given up the way, and the browser never did: the restart was quick.
		else if (heard && this.link?.state === "connected") this.#connected(this.link);
	}

	/** Now, and with all patience again. */
	retry(): void {
		if (!this.#started || this.#closed || this.#state.state === "connected") return;
		this.#attempts = 0;
		this.#fruitless = 0;
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
		this.#retry.stop();
		this.#slow.stop();
		this.#unheard.stop();
		this.#begin.stop();
		this.#alive.answered();
		this.#outbox.close();
		this.link?.close();
		this.link = null;
	}

	/** A beginning after a beginning: it and what belongs to it wait for a moment. A page that was busy hears them all at once. */
	#tooSoon({ description }: Signal): boolean {
		const leftMs = (this.link?.madeAt ?? Number.NEGATIVE_INFINITY) + BEGIN_MS_MIN - performance.now();
		if (description?.type !== "offer" || leftMs <= 0) return false;
		this.#begin.set(leftMs);
		return true;
	}

	#receiveEarly(): void {
		for (const payload of this.#early.splice(0)) this.receive(payload);
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
		// It asked before our last offer could reach it, or its answer us, or while they are still being made; or it asks all the time.
		const progressAt = this.#busy ? performance.now() : (this.link?.progressAt ?? Number.NEGATIVE_INFINITY);
		const leftMs = progressAt + UNHEARD_MS_MAX - performance.now();
		if (leftMs > 0) {
			this.#unheard.setOnce(leftMs);
			return;
		}
		this.#build();
		this.#expectConnection();
	}

	#renewLink(): void {
		this.link?.close();
		this.#fruitless = 0;
		const generation = this.#generation;
		const link: Link = new Link(this.ice.configuration(), this.polite, {
			state: () => this.#onState(link),
			progress: () => this.#onProgress(link),
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
			this.#alive.answered();
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
				if (this.#attempts === 0 && !this.#suspect)
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
		this.#fruitless = 0;
		this.#everConnected = true;
		this.#retry.stop();
		this.#slow.stop();
		this.#suspect = false;
		this.#alive.answered();
		this.#tell();
		if (this.#reported) return;
		this.#reported = true;
		const tookMs = Math.round(performance.now() - this.#since);
		viaOf(link.pc).then(
			(via) => this.events.report("connected", tookMs, via),
			() => this.events.report("connected", tookMs, "unknown"),
		);
	}

	/** An attempt that comes further, however slowly, is not given up. It has few steps to go. */
	#onProgress(link: Link): void {
		if (link === this.link && this.#retry.running && this.#state.state !== "connected") this.#expectConnection();
	}

	/** From now on it is not connected, if it was. */
	#trouble(): void {
		if (this.#state.state === "connected") this.#troubleSince = performance.now();
	}

	#expectConnection(): void {
		const patience = { attempts: this.#attempts, stood: this.link?.stood ?? false, chance: Math.random() };
		this.#retry.set(patienceMs(patience) + (this.polite ? POLITE_EXTRA_MS : 0));
	}

	/** Descriptions are being made or taken: what would be begun is under way. */
	get #busy(): boolean {
		const busyMs = this.link?.busyMs ?? 0;
		return busyMs > 0 && busyMs < BUSY_MS_MAX;
	}

	/**
	 * A restart that was quick enough leaves no trace in the browser's state: it was connected before and is. So before the
	 * next attempt it is asked whether anything was received since the last.
	 */
	async #lookThenAttempt(): Promise<void> {
		const { link } = this;
		if (this.#busy) {
			this.#expectConnection();
			return;
		}
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

	/** The browser still believes in the way; we do not. */
	#doubtWay(): void {
		if (this.#closed) return;
		this.#trouble();
		this.#suspect = true;
		this.#retry.setOnce(DISCONNECTED_MS_MAX);
		this.#tell();
	}

	#attempt(): void {
		if (this.#closed) return;
		this.#alive.answered();
		this.#trouble();
		// Unheard words are no attempt: it goes on as soon as the space can be reached.
		if (this.#online && !this.#away) {
			const { answered = false, answeredAt = 0 } = this.link ?? {};
			if (this.#attempts > 0 && answeredAt > this.#attemptedAt) this.#fruitless += 1;
			const what = nextAttempt({ attempts: this.#attempts, fruitless: this.#fruitless, answered });
			if (what === "restart") this.link?.offer(true);
			else if (this.polite) this.#outbox.again(this.#generation);
			else this.#build();
			this.#noteAttempt();
		}
		this.#expectConnection();
		this.#tell();
		this.#reportFailure();
	}

	/** The other looks for a way already: that is our attempt too, for two at once help neither. */
	#joinAttempt(): void {
		this.#alive.answered();
		// While the way seems to be there, silence is noticed as ever.
		if (this.#state.state === "connected") return;
		this.#noteAttempt();
		this.#expectConnection();
	}

	#noteAttempt(): void {
		this.#attempts += 1;
		this.#attemptedAt = performance.now();
		this.#noteReceived();
		this.#alive.ask();
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
		// A restart that was asked for by a missing answer leaves the state of the connection as it was.
		const connected = this.link?.state === "connected" && this.#attempts === 0 && !this.#suspect;
		return describeWay({
			connected,
			everConnected: this.#everConnected,
			troubledMs: performance.now() - this.#troubleSince,
			networkless: !navigator.onLine,
			online: this.#online,
			away: this.#away,
			relayOnly: this.ice.relayOnly,
			hasRelay: this.ice.hasRelay,
			nextMs: Math.round(patienceMs({ attempts: this.#attempts, stood: this.link?.stood ?? false, chance: 0.5 })),
		});
	}
}
