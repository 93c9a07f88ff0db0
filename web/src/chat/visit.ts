// The chat of one visit to a space: passes on what is told, says what is written, and says it again when it may.

import type { Channel, ChatMessage, SpaceClient, SpaceEvent } from "../space/client";
import { useSpace } from "../state/space";
import { giveBack } from "./drafts";
import { Herald } from "./herald";
import { readPage } from "./history";
import { CHANNELS } from "./messages";
import { mayNotYet, nextWaiting, type Outgoing, reconnected, refused, saidAgain, unspoken, without } from "./outbox";
import { closeLive, paged } from "./ranges";
import { readTo } from "./read";
import { type ChatDoor, chatActions, newestId, useChat } from "./store";

/** A message that comes sooner after a welcome is what the space had at hand; nobody says it now. Several at once always are. */
const AT_HAND_MS = 200;
/** Where a refusal does not say when to try again. */
const RETRY_MS = 2_000;

const chat = useChat.getState;
const online = (): boolean => useSpace.getState().connection?.state === "online";
const selfId = (): string | null => {
	const { people, self } = useSpace.getState();
	return self === null ? null : (people.get(self)?.userId ?? null);
};

export class ChatVisit implements ChatDoor {
	readonly #herald = new Herald();
	#timer = 0;
	#welcomed_ms = 0;
	/** Counts connections: a page that was asked for on another one says nothing about what is newest now. */
	#connection = 0;
	#queued = 0;
	#readTo: number | null;
	#left = false;

	constructor(
		private readonly space: string,
		private readonly client: SpaceClient,
		/** Somebody says something now. */
		private readonly onSaid: (message: ChatMessage) => void,
	) {
		this.#readTo = readTo(space);
		chatActions.reset(space, this);
	}

	handle(event: SpaceEvent): void {
		switch (event.type) {
			case "welcome":
				this.#welcome();
				break;
			case "hearing":
				useChat.setState({ near: event.peers.filter((peer) => peer.heard).length });
				break;
			case "said":
				this.#said(event.messages);
				break;
			case "sayRefused":
				this.#refused(event);
				break;
		}
	}

	say(channel: Channel, text: string): void {
		chatActions.answered(channel);
		const outgoing = { channel, text, at: Date.now(), reason: null };
		// What was written later is not said sooner.
		const waits = nextWaiting(chat().outgoing) !== null;
		const reference = waits ? null : this.client.say(channel, text);
		const made: Outgoing =
			reference === null
				? { ...outgoing, reference: `queued ${++this.#queued}`, state: "waiting", handed: false }
				: { ...outgoing, reference, state: "sending", handed: true };
		chatActions.outgoing([...chat().outgoing, made]);
		if (reference === null && this.#timer === 0) this.#later(RETRY_MS);
	}

	load(before: number | null): void {
		if (chat().history.state === "loading") return;
		useChat.setState({ history: { state: "loading", before } });
		const connection = this.#connection;
		readPage(this.space, before).then(
			({ messages, more }) => {
				if (this.#left) return;
				const ids = messages.map(({ id }) => id);
				const live = connection === this.#connection && online();
				chatActions.paged(messages, paged(chat().ranges, before, { ids, more }, live));
			},
			() => {
				if (!this.#left) useChat.setState({ history: { state: "failed", before } });
			},
		);
	}

	discard(reference: string): void {
		chatActions.outgoing(without(chat().outgoing, reference));
	}

	leave(): void {
		this.#left = true;
		window.clearTimeout(this.#timer);
		this.#herald.stop();
		// From the last to the first: each is put before what is there.
		for (const { channel, text } of [...unspoken(chat().outgoing, online())].reverse()) {
			giveBack(this.space, channel, text);
		}
		chatActions.reset("", null);
	}

	#welcome(): void {
		this.#connection += 1;
		this.#welcomed_ms = performance.now();
		useChat.setState({ ranges: closeLive(chat().ranges, newestId()) });
		// The client says all again that it has: saying it once more from here would double it.
		window.clearTimeout(this.#timer);
		this.#timer = 0;
		chatActions.outgoing(reconnected(chat().outgoing));
		if (nextWaiting(chat().outgoing)) this.#later(RETRY_MS);
	}

	#said(messages: ChatMessage[]): void {
		const self = selfId();
		const atHand = messages.length > 1 || performance.now() - this.#welcomed_ms < AT_HAND_MS;
		// Who was never here before finds nothing new, only what there is.
		if (atHand && this.#readTo === null) this.#readTo = Math.max(...messages.map(({ id }) => id));
		const readTo = this.#readTo ?? 0;
		const isNew = ({ authorId, id }: ChatMessage) => authorId !== self && (id === 0 || id > readTo);
		for (const channel of CHANNELS) {
			const here = messages.filter((message) => message.channel === channel);
			if (here.length === 0) continue;
			const unknown = chatActions.told(channel, here, isNew);
			// What was missed while away is worth a word, but nobody says it now.
			this.#herald.tell(unknown.filter((message) => isNew(message) && !(atHand && this.#connection === 1)));
			if (!atHand) for (const message of unknown) this.onSaid(message);
		}
		this.#acknowledged(messages.filter(({ authorId }) => authorId === self));
	}

	#acknowledged(own: readonly ChatMessage[]): void {
		if (own.length === 0) return;
		let { outgoing } = chat();
		for (const { reference } of own) outgoing = without(outgoing, reference);
		if (outgoing !== chat().outgoing) chatActions.outgoing(outgoing);
		if (this.#timer === 0) this.#sayNext();
	}

	#refused({ reference, reason, retryInMs }: Extract<SpaceEvent, { type: "sayRefused" }>): void {
		const { outgoing } = chat();
		if (reason !== "too_fast" && reason !== "full") {
			chatActions.outgoing(refused(outgoing, reference, reason));
			return;
		}
		chatActions.outgoing(mayNotYet(outgoing, reference));
		this.#later(retryInMs > 0 ? retryInMs : RETRY_MS);
	}

	#later(inMs: number): void {
		window.clearTimeout(this.#timer);
		this.#timer = window.setTimeout(() => {
			this.#timer = 0;
			this.#sayNext();
		}, inMs);
	}

	/** One at a time, so that they stay in order; its acknowledgement calls for the next. */
	#sayNext(): void {
		const next = nextWaiting(chat().outgoing);
		// Without a connection the next welcome goes on.
		if (!next || !online()) return;
		if (next.handed) this.client.unsay(next.reference);
		const reference = this.client.say(next.channel, next.text);
		if (reference === null) this.#later(RETRY_MS);
		else chatActions.outgoing(saidAgain(chat().outgoing, next.reference, reference));
	}
}
