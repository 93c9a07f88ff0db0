// Direct messages of one visit: over the API, and live by what the worker sends along over the space's socket. One is sent with a
// reference of its own and again with the same until it was answered, so that it is written exactly once.

import { ApiError } from "../api/http";
import type { Mail } from "../space/words";
import { listDirects, readDirect, sayDirect } from "./api";
import { type Outgoing, type Refusal, without } from "./outbox";
import { directWith, isDirect, type Message, messageOfDirect, peerOf } from "./place";
import { closeLive } from "./ranges";
import { chatActions, type DirectEntry, newestIn, useChat } from "./store";

const RETRY_MS_MIN = 1_500;
const RETRY_MS_MAX = 30_000;
/** On a new connection: what waits so long for its answer went out on the line that was lost. */
const STUCK_MS = 3_000;
/** Of one that was on its way when one left. */
const LAST_TRIES_MS = [1_500, 4_000, 10_000];
/** Read marks go out once one has stayed for a moment. */
const READ_MS = 400;

const chat = useChat.getState;

export const newReference = (): string =>
	Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** What the API says for good, in words of ours; null where trying again may help. */
export function refusalOf(error: unknown): Refusal | null {
	if (!(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500) return null;
	if (error.code === "blocked") return "blocked";
	if (error.code === "no_common_space") return "strangers";
	return error.status === 400 || error.status === 422 ? "text" : "other";
}

/**
 * What the server listed, and what was told or read since it was asked. A conversation that it does not know was opened and has
 * nothing in it yet, or began just now.
 */
export function mergeDirects(here: readonly DirectEntry[], listed: readonly DirectEntry[]): DirectEntry[] {
	const idOf = ({ last }: DirectEntry): number => last?.id ?? 0;
	const newest = Math.max(0, ...listed.map(idOf));
	const others = here.filter(
		(each) => !listed.some(({ peerId }) => peerId === each.peerId) && (!each.last || idOf(each) > newest),
	);
	const merged = listed.map((entry) => {
		const known = here.find(({ peerId }) => peerId === entry.peerId);
		if (!known) return entry;
		const isNewer = idOf(known) > idOf(entry);
		const isRead = known.readTo > entry.readTo && idOf(known) >= idOf(entry);
		return {
			...entry,
			last: isNewer ? known.last : entry.last,
			readTo: Math.max(known.readTo, entry.readTo),
			unread: isRead ? known.unread : isNewer ? Math.max(known.unread, entry.unread) : entry.unread,
		};
	});
	// The newest first; what has nothing in it was opened just now.
	const rank = (each: DirectEntry): number => idOf(each) || Number.POSITIVE_INFINITY;
	return [...others, ...merged].sort((a, b) => rank(b) - rank(a) || 0);
}

/** The server has answered, and written nothing. */
const isUnwritten = (error: unknown): boolean => error instanceof ApiError && error.status >= 400 && error.status < 500;

export class Directs {
	#left = false;
	/** The one that is on its way. */
	#sending: { since_ms: number; giveUp: AbortController } | null = null;
	#retry_ms = RETRY_MS_MIN;
	#timer = 0;
	#readTimer = 0;
	#unread = new Map<string, number>();

	constructor(
		private readonly selfId: () => string | null,
		/** Something new from somebody else. */
		private readonly onNew: (message: Message) => void,
		/** Not said, after one has left. */
		private readonly onUnsaid: (one: Outgoing) => void,
	) {}

	async refresh(): Promise<void> {
		if (chat().directsState === "failed") useChat.setState({ directsState: "loading" });
		try {
			const listed = await listDirects();
			if (this.#left) return;
			const known = listed.map(({ peer_id, peer_name, peer_look, last, unread, read_to }) => ({
				peerId: peer_id,
				name: peer_name,
				look: peer_look,
				last: messageOfDirect(peer_id, last),
				unread: chat().reading === directWith(peer_id) ? 0 : unread,
				readTo: read_to,
			}));
			chatActions.directs(mergeDirects(chat().directs, known));
			chatActions.learnNames(known.map(({ peerId, name }) => ({ id: peerId, name })));
		} catch {
			if (!this.#left && chat().directsState !== "there") useChat.setState({ directsState: "failed" });
		}
	}

	mail(mail: Mail): void {
		if (mail.kind === "direct") {
			const message = messageOfDirect(mail.peer_id, mail.message);
			const isNew = message.authorId !== this.selfId();
			const unknown = chatActions.told(message.channel, [message], () => isNew);
			const unseen = unknown.length > 0 && isNew && chat().reading !== message.channel;
			chatActions.directTold({ peerId: mail.peer_id, name: mail.peer_name }, message, unseen);
			if (!isNew) chatActions.outgoing(without(chat().outgoing, message.reference));
			if (unknown.length > 0 && isNew) this.onNew(message);
		} else if (mail.kind === "direct_changed") {
			this.#changed(messageOfDirect(mail.peer_id, mail.message));
		} else if (mail.kind === "direct_read") {
			chatActions.directRead(mail.peer_id, mail.up_to);
		}
	}

	/** The API's own answer to a change of one's own says it too. */
	#changed(message: Message): void {
		if (!isDirect(message.channel)) return;
		chatActions.replaced(message.channel, message);
		const entry = chat().directs.find(({ peerId }) => directWith(peerId) === message.channel);
		if (entry?.last?.id === message.id) chatActions.directTold(entry, message, false);
	}
	readonly changed = (message: Message): void => this.#changed(message);

	/** A new connection: what was written meanwhile was not told. */
	welcome(): void {
		for (const which of Object.keys(chat().places) as (keyof ReturnType<typeof chat>["places"])[]) {
			if (isDirect(which)) chatActions.ranges(which, (ranges) => closeLive(ranges, newestIn(which)));
		}
		void this.refresh();
		this.hurry();
	}

	say(): void {
		if (this.#sending === null && this.#timer === 0) void this.#sayNext();
	}

	/** Tries again at once. */
	hurry(): void {
		window.clearTimeout(this.#timer);
		this.#timer = 0;
		this.#retry_ms = RETRY_MS_MIN;
		// It is said again under its reference, and so written once.
		if (this.#sending && performance.now() - this.#sending.since_ms > STUCK_MS) {
			this.#sending.giveUp.abort();
			this.#sending = null;
		}
		this.say();
	}

	read(peerId: string): void {
		const newest = newestIn(directWith(peerId));
		const known = chat().directs.find((each) => each.peerId === peerId);
		if (newest === 0 || newest <= (known?.readTo ?? 0)) return;
		this.#unread.set(peerId, newest);
		chatActions.directRead(peerId, newest);
		if (this.#readTimer !== 0) return;
		this.#readTimer = window.setTimeout(() => {
			this.#readTimer = 0;
			for (const [peer, upTo] of this.#unread) readDirect(peer, upTo).catch(() => {});
			this.#unread.clear();
		}, READ_MS);
	}

	leave(): void {
		this.#left = true;
		window.clearTimeout(this.#timer);
		if (this.#sending) return;
		const unsure = chat().outgoing.find((each) => isDirect(each.channel) && each.state === "waiting" && each.handed);
		if (unsure) void this.#finish(unsure, null);
	}

	/** One at a time, in the order in which they were written. */
	async #sayNext(): Promise<void> {
		const next = chat().outgoing.find((each) => isDirect(each.channel) && each.state !== "failed");
		if (!next || this.#left || !isDirect(next.channel)) return;
		const giveUp = new AbortController();
		this.#sending = { since_ms: performance.now(), giveUp };
		this.#mark(next.reference, { state: "sending" });
		const peer = peerOf(next.channel);
		try {
			const said = await sayDirect(peer, next.reference, next.text, next.replyTo, giveUp.signal);
			if (this.#left || giveUp.signal.aborted) return;
			this.#retry_ms = RETRY_MS_MIN;
			const message = messageOfDirect(peer, said);
			// The field was cleared when it was sent; what one just wrote is not new.
			chatActions.told(next.channel, [message], () => false);
			chatActions.directTold({ peerId: peer, name: "" }, message, false);
			chatActions.outgoing(without(chat().outgoing, next.reference));
			this.#sending = null;
			void this.#sayNext();
		} catch (error) {
			// Another try has taken its place.
			if (giveUp.signal.aborted) return;
			if (this.#left) return this.#finish(next, error);
			this.#sending = null;
			const reason = refusalOf(error);
			const handed = !isUnwritten(error);
			this.#mark(next.reference, reason === null ? { state: "waiting", handed } : { state: "failed", reason });
			if (reason === null) {
				this.#timer = window.setTimeout(() => {
					this.#timer = 0;
					void this.#sayNext();
				}, this.#retry_ms);
				this.#retry_ms = Math.min(RETRY_MS_MAX, this.#retry_ms * 2);
			} else void this.#sayNext();
		}
	}

	/** One has left. What may have been written is said again under the same reference, which writes it once; what was not goes back into its field. */
	async #finish(one: Outgoing, error: unknown): Promise<void> {
		let last = error;
		for (const wait_ms of LAST_TRIES_MS) {
			if (isUnwritten(last) || !isDirect(one.channel)) break;
			await new Promise((resolve) => setTimeout(resolve, wait_ms));
			try {
				await sayDirect(peerOf(one.channel), one.reference, one.text, one.replyTo);
				return;
			} catch (reason) {
				last = reason;
			}
		}
		this.onUnsaid(one);
	}

	#mark(reference: string, part: Partial<Outgoing>): void {
		chatActions.outgoing(chat().outgoing.map((each) => (each.reference === reference ? { ...each, ...part } : each)));
	}
}
