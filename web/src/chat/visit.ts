// The chat of one visit to a space: passes on what is told, says what is written, and says it again when it may.

import { messageOf } from "../api/http";
import type { ChatMessage, SpaceClient, SpaceEvent, ToldMessage } from "../space/client";
import type { Channel } from "../space/words";
import { useSession } from "../state/session";
import { spaceActions, useSpace } from "../state/space";
import * as api from "./api";
import { Directs, newReference } from "./directs";
import { giveBack, keepUnsaid, openDrafts } from "./drafts";
import { Herald } from "./herald";
import { hasMarks, linesOf, loadMarkup } from "./markup";
import { decode } from "./mentions";
import { nameOf } from "./names";
import { mayNotYet, nextWaiting, type Outgoing, reconnected, refused, saidAgain, unspoken, without } from "./outbox";
import {
	directWith,
	isArea,
	isDirect,
	isKept,
	isNamed,
	type Message,
	messageOfDirect,
	type Place,
	peerOf,
} from "./place";
import { type Asked, closeLive, isKnown } from "./ranges";
import { type Read, readIn } from "./read";
import { type ChatDoor, chatActions, newestIn, originalKey, placeIn, useChat } from "./store";
import { chatText as text } from "./text";
import { TypingHints } from "./typing";

/** Where a refusal does not say when to try again. */
const RETRY_MS = 2_000;
/** Conversations that are read again after a reconnect. */
const REREAD_MAX = 3;

const chat = useChat.getState;
const online = (): boolean => useSpace.getState().connection?.state === "online";
const selfId = (): string | null => {
	const { people, self } = useSpace.getState();
	return self === null ? null : (people.get(self)?.userId ?? null);
};
/** What goes over the socket; the rest goes over the API. */
const isMine = (each: Outgoing): boolean => !isDirect(each.channel);

export class ChatVisit implements ChatDoor {
	readonly #herald = new Herald();
	readonly #typing = new TypingHints();
	readonly #directs = new Directs(
		selfId,
		(message) => this.#herald.tell([message]),
		(one) => this.#giveBack([one]),
	);
	#timer = 0;
	/** Counts connections: a page that was asked for on another one says nothing about what is newest now. */
	#connection = 0;
	#queued = 0;
	/** How far one had read when one came. */
	#read: Read;
	/** Since when there is no connection: what was written since then did surely not go out. Null: there is one. */
	#lost_at: number | null = 0;
	#left = false;
	#refreshed = false;
	readonly #unwatch: () => void;

	constructor(
		private readonly space: string,
		private readonly client: SpaceClient,
		/** Somebody says something now. */
		private readonly onSaid: (message: ChatMessage) => void,
	) {
		this.#read = { ...readIn(space) };
		chatActions.reset(space, this);
		const { session } = useSession.getState();
		chatActions.outgoing(openDrafts(session.kind === "known" ? session.me.user.id : null, space));
		this.#unwatch = useChat.subscribe(({ outgoing }, before) => outgoing !== before.outgoing && this.#keep());
	}

	handle(event: SpaceEvent): void {
		switch (event.type) {
			case "connection":
				this.#lost_at = event.state === "online" ? null : (this.#lost_at ?? Date.now());
				this.#keep();
				break;
			case "welcome":
				this.#welcome();
				break;
			case "hearing":
				useChat.setState({ near: event.peers.filter((peer) => peer.heard).length });
				this.#area(event.area ?? null);
				break;
			case "said":
				this.#said(event.messages);
				break;
			case "sayRefused":
				this.#refused(event);
				break;
			case "sayUnsure":
				chatActions.outgoing(refused(chat().outgoing, event.reference, "unsure"));
				break;
			case "changed":
				chatActions.changed(event.changes);
				break;
			case "rules":
				this.#rules(event);
				break;
			case "typing":
				this.#typing.heard(event.id, event.channel);
				break;
			case "mail":
				if (event.mail) this.#directs.mail(event.mail);
				break;
		}
	}

	say(place: Place, words: string, replyTo: number, thought: boolean): void {
		chatActions.answered(place);
		const outgoing = { channel: place, text: words, at: Date.now(), reason: null, replyTo, thought };
		if (isDirect(place)) {
			const made: Outgoing = { ...outgoing, reference: newReference(), state: "waiting", handed: false };
			chatActions.outgoing([...chat().outgoing, made]);
			this.#directs.say();
			return;
		}
		// What was written later is not said sooner.
		const waits = nextWaiting(chat().outgoing, isMine) !== null;
		const reference = waits ? null : this.client.say(place, words, replyTo, thought);
		const made: Outgoing =
			reference === null
				? { ...outgoing, reference: `queued ${++this.#queued}`, state: "waiting", handed: false }
				: { ...outgoing, reference, state: "sending", handed: true };
		chatActions.outgoing([...chat().outgoing, made]);
		if (reference === null && this.#timer === 0) this.#later(RETRY_MS);
	}

	load(place: Place, asked: Asked): void {
		const { loading } = placeIn(chat(), place);
		if (loading && !loading.failed) return;
		chatActions.loading(place, asked);
		void this.#page(place, asked).catch(() => {
			if (!this.#left) chatActions.loading(place, asked, true);
		});
	}

	discard(reference: string): void {
		// Otherwise it would be said after all, with the next connection.
		if (chat().outgoing.some((each) => each.reference === reference && each.handed)) this.client.unsay(reference);
		chatActions.outgoing(without(chat().outgoing, reference));
	}

	async edit(message: Message, words: string): Promise<void> {
		this.#taken(message, await api.edit(this.space, message, words));
	}

	async remove(message: Message): Promise<void> {
		this.#taken(message, await api.remove(this.space, message));
	}

	react(message: Message, emoji: string, on: boolean): void {
		api.setReaction(this.space, message, emoji, on).then(
			(answer) => this.#taken(message, answer),
			(error: unknown) => spaceActions.toast(messageOf(error)),
		);
	}

	find(place: Place, id: number): void {
		if (originalKey(place, id) in chat().originals) return;
		// Asked once: until the answer comes there is nothing.
		chatActions.found(place, id, null);
		if (isDirect(place) || !isKept(place)) return;
		api.readOne(this.space, id).then(
			(message) => chatActions.found(place, id, message),
			() => {},
		);
	}

	jump(place: Place, id: number): void {
		if (isKnown(placeIn(chat(), place).ranges ?? [], id) || !isKept(place)) {
			chatActions.target(place, id);
			return;
		}
		chatActions.loading(place, { before: id + 1 });
		const around = [{ before: id + 1 }, { after: id }].map((asked) => this.#page(place, asked, api.AROUND));
		Promise.all(around).then(
			() => !this.#left && chatActions.target(place, id),
			() => {
				if (this.#left) return;
				chatActions.loading(place, { before: id + 1 }, true);
				spaceActions.toast(text.loadingFailed);
			},
		);
	}

	look(place: Place | null): void {
		this.client.look?.(place === null || isDirect(place) ? null : place);
	}

	typing(): void {
		this.client.typing?.();
	}

	read(peerId: string): void {
		this.#directs.read(peerId);
	}

	/** The panel opens. Who belongs here is asked for once. */
	refresh(): void {
		void loadMarkup();
		void this.#directs.refresh();
		if (this.#refreshed) return;
		this.#refreshed = true;
		// A guest may not know: then those who are here can be mentioned.
		api.listMembers(this.space).then(chatActions.learnNames, () => {});
	}

	leave(): void {
		this.#left = true;
		window.clearTimeout(this.#timer);
		this.#herald.stop();
		this.#typing.stop();
		this.#directs.leave();
		// Of one that is on its way over the API it is not known yet: the directs see to it.
		const isUnderWay = ({ channel, state, handed }: Outgoing) =>
			isDirect(channel) && (state === "sending" || (state === "waiting" && handed));
		this.#giveBack(unspoken(chat().outgoing, online()).filter((one) => !isUnderWay(one)));
		this.#unwatch();
		keepUnsaid([]);
		chatActions.reset("", null);
	}

	/** For the page that comes after this one, should it end now. */
	#keep(): void {
		// Direct messages do not need this connection.
		const wentOut = ({ channel, at }: Outgoing) => isDirect(channel) || this.#lost_at === null || at < this.#lost_at;
		const isUnsure = (each: Outgoing) =>
			each.reason === "unsure" ||
			(each.state === "sending" && wentOut(each)) ||
			(isDirect(each.channel) && each.handed);
		const unsaid = chat().outgoing.map((outgoing) => ({
			...{ space: this.space, outgoing, unsure: isUnsure(outgoing) },
			// Whom its names mean may not be known there yet.
			draft: decode(outgoing.text, nameOf),
		}));
		keepUnsaid(unsaid);
	}

	/** What was not said goes back into its field. From the last to the first: each is put before what is there. */
	#giveBack(these: readonly Outgoing[]): void {
		for (const { channel, text: words } of [...these].reverse()) giveBack(this.space, channel, decode(words, nameOf));
	}

	async #page(place: Place, asked: Asked, limit?: number): Promise<void> {
		const connection = this.#connection;
		const page = await api.readPage(this.space, place, asked, limit);
		// Whoever left an area meanwhile reads it no more.
		if (this.#left || (isArea(place) && chat().area?.channel !== place)) return;
		const live = connection === this.#connection && online();
		chatActions.paged(place, asked, page, live);
		// What stands in the record was said, though its acknowledgement was missed.
		const written = new Set(page.messages.map(({ reference }) => reference));
		const left = chat().outgoing.filter(({ reason, reference }) => reason !== "unsure" || !written.has(reference));
		if (left.length < chat().outgoing.length) chatActions.outgoing(left);
	}

	/** Of a message of the space the change itself is told over the socket. */
	#taken(message: Message, answer: api.Changed): void {
		if (isDirect(message.channel) && "reference" in answer)
			this.#directs.changed(messageOfDirect(peerOf(message.channel), answer));
	}

	#welcome(): void {
		this.#connection += 1;
		// What comes from now on is newer than all changes that were told before.
		useChat.setState({ kept: new Map() });
		for (const place of Object.keys(chat().places) as Place[]) {
			if (!isDirect(place)) chatActions.ranges(place, (ranges) => closeLive(ranges, newestIn(place)));
		}
		// The client says all again that it has: saying it once more from here would double it.
		window.clearTimeout(this.#timer);
		this.#timer = 0;
		chatActions.outgoing(reconnected(chat().outgoing, isMine));
		if (nextWaiting(chat().outgoing, isMine)) this.#later(RETRY_MS);
		this.#directs.welcome();
		this.#reread();
	}

	/**
	 * What was changed between two is told once, and may have been missed: their conversations are read again, the open one and those
	 * that are likely to be next. The others are let go, and read when they are opened.
	 */
	#reread(): void {
		const { tab, directs, places } = chat();
		const known = [tab, ...directs.map(({ peerId }) => directWith(peerId))].filter((place) => places[place]);
		const again = [...new Set(known.filter(isDirect))].slice(0, REREAD_MAX);
		for (const place of again) void this.#page(place, null).catch(() => {});
		for (const place of Object.keys(places) as Place[])
			if (isDirect(place) && !again.includes(place)) chatActions.gone(place);
	}

	#area(area: { channel: Channel; name: string } | null): void {
		const before = chat().area;
		if (before?.channel === area?.channel) return;
		useChat.setState({ area });
		if (!before) return;
		if (chat().tab === before.channel && useSpace.getState().panel === "chat") {
			spaceActions.toast(text.leftArea(before.name));
		}
		// What one could read there is read no more from outside; what one could not say waits for the next time.
		const unsaid = unspoken(chat().outgoing, online()).filter(({ channel }) => channel === before.channel);
		this.#giveBack(unsaid);
		for (const { reference } of unsaid) this.discard(reference);
		// Back again one is told all of it once more; what was read is not new then.
		if (placeIn(chat(), before.channel).unread === 0)
			this.#read[before.channel] = Math.max(newestIn(before.channel), this.#read[before.channel] ?? 0);
		chatActions.gone(before.channel);
	}

	#rules({ slowModeS, channels }: Extract<SpaceEvent, { type: "rules" }>): void {
		useChat.setState({ slowModeS, channels });
		const named = new Set<string>(channels.map(({ channel }) => channel));
		for (const place of [...(Object.keys(chat().places) as Place[]), chat().tab]) {
			if (isNamed(place) && !named.has(place)) chatActions.gone(place);
		}
	}

	#said(messages: ToldMessage[]): void {
		const self = selfId();
		for (const place of new Set(messages.map(({ channel }) => channel))) {
			const here = messages.filter((message) => message.channel === place);
			// Where one never was before one finds nothing new, only what there is.
			const first = this.#connection === 1 || !chat().places[place];
			const atHand = here.filter(({ live }) => !live);
			if (first && atHand.length > 0) this.#read[place] ??= Math.max(...atHand.map(({ id }) => id));
			const readTo = this.#read[place] ?? 0;
			const isNew = ({ authorId, id, deleted }: Message) => authorId !== self && !deleted && (id === 0 || id > readTo);
			const unknown = new Set<Message>(chatActions.told(place, here, isNew));
			const heard = here.filter((message) => unknown.has(message));
			// What was missed while away is worth a word, but nobody says it now.
			this.#herald.tell(heard.filter((message) => isNew(message) && (message.live || this.#connection > 1)));
			this.#typing.said(place, heard);
			for (const message of heard) if (message.live) this.#bubble(message);
		}
		this.#acknowledged(messages.filter(({ authorId }) => authorId === self));
	}

	/** Above heads stand words without marks. */
	#bubble(message: ChatMessage): void {
		// A channel that not all read is not for all eyes above a head, but only who reads it gets it here.
		if (isNamed(message.channel) || (isArea(message.channel) && chat().area?.channel !== message.channel)) return;
		if (hasMarks(message.text)) void loadMarkup();
		this.onSaid({ ...message, text: linesOf(message.text, (id) => nameOf(id) ?? text.someone) });
	}

	#acknowledged(own: readonly ChatMessage[]): void {
		if (own.length === 0) return;
		let { outgoing } = chat();
		for (const { reference } of own) {
			if (outgoing.some((each) => each.reference === reference)) this.#slow();
			outgoing = without(outgoing, reference);
		}
		if (outgoing !== chat().outgoing) chatActions.outgoing(outgoing);
		if (this.#timer === 0) this.#sayNext();
	}

	/** In slow mode the next one may be said only after a while; not so for those who look after the space. */
	#slow(): void {
		const { slowModeS } = chat();
		const role = useSpace.getState().role;
		if (slowModeS > 0 && role !== "owner" && role !== "admin")
			useChat.setState({ waitUntil: Date.now() + slowModeS * 1_000 });
	}

	#refused({ reference, reason, retryInMs }: Extract<SpaceEvent, { type: "sayRefused" }>): void {
		const { outgoing } = chat();
		if (reason !== "too_fast" && reason !== "full" && reason !== "slow_mode") {
			chatActions.outgoing(refused(outgoing, reference, reason));
			if (this.#timer === 0) this.#sayNext();
			return;
		}
		const inMs = retryInMs > 0 ? retryInMs : RETRY_MS;
		useChat.setState({ waitUntil: Date.now() + inMs });
		chatActions.outgoing(mayNotYet(outgoing, reference));
		this.#later(inMs);
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
		const next = nextWaiting(chat().outgoing, isMine);
		// Without a connection the next welcome goes on.
		if (!next || !online() || isDirect(next.channel)) return;
		if (next.handed) this.client.unsay(next.reference);
		const reference = this.client.say(next.channel, next.text, next.replyTo, next.thought);
		if (reference === null) this.#later(RETRY_MS);
		else chatActions.outgoing(saidAgain(chat().outgoing, next.reference, reference));
	}
}
