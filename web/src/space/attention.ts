// What should not be missed while one looks elsewhere: a small sound, a note of the system, a number in the tab's title and on its
// picture. It listens to what the space says; it changes nothing.

import { useChat } from "../chat/store";
import { notify } from "../notices/notify";
import { permission, subscribe } from "../notices/push";
import { plainText } from "../render/plain";
import { blockedTold } from "../state/blocks";
import { loadWishes } from "../state/notices";
import { useSettings } from "../state/settings";
import { spaceActions, useSpace } from "../state/space";
import { Badge } from "./badge";
import type { Mail, SpaceEvent, ToldMessage } from "./client";
import { playSound } from "./sounds";
import { spaceText as text } from "./text";

const BODY_MAX = 160;

/** The channel, or `dm/<user>`, that is before somebody's eyes. */
const reading = (): string | null => useChat.getState().reading;

export class Attention {
	readonly #badge = new Badge();
	#selfId: string | null = null;

	constructor() {
		// Only who has notes switched on needs to know which. The browser was asked when they switched them on; what it gave for
		// pushes may have run out since.
		if (!useSettings.getState().notices || permission() !== "granted") return;
		void loadWishes();
		void subscribe();
	}

	leave(): void {
		this.#badge.stop();
	}

	handle(event: SpaceEvent): void {
		switch (event.type) {
			case "people": {
				const me = event.changed.find((person) => person.self);
				if (me) this.#selfId = me.userId;
				break;
			}
			case "said":
				this.#said(event.messages);
				break;
			case "mail":
				if (event.mail) this.#mail(event.mail);
				break;
		}
	}

	#said(messages: readonly ToldMessage[]): void {
		const missed = messages.filter(({ live, authorId, deleted, channel }) => {
			const isNew = live && authorId !== this.#selfId && !deleted;
			return isNew && (reading() !== channel || document.hidden);
		});
		const isMentioned = (words: string) => this.#selfId !== null && words.includes(`<@${this.#selfId}>`);
		const mentions = missed.filter(({ text }) => isMentioned(text));
		// Several at once are one sound.
		if (mentions.length > 0) playSound("mention");
		else if (missed.some(({ channel }) => channel === "nearby" || channel.startsWith("area/"))) playSound("message");
		for (const { channel, authorName, id, text: words } of mentions) {
			void notify({
				kind: "mention",
				title: text.mentionedIn(authorName, useSpace.getState().space?.name ?? ""),
				body: short(words),
				// As pushes have it. What was said nearby is kept nowhere.
				url: id === 0 ? location.pathname : `${location.pathname}?channel=${channel}&message=${id}`,
				tag: `mention ${channel} ${id}`,
			});
		}
	}

	#mail(mail: Mail): void {
		switch (mail.kind) {
			case "direct": {
				const { message, peer_id, peer_name } = mail;
				if (message.author_id === this.#selfId || message.deleted) return;
				if (reading() === `dm/${peer_id}` && !document.hidden) return;
				playSound("mention");
				void notify({
					kind: "direct",
					title: peer_name,
					body: short(message.text),
					url: `${location.pathname}?direct=${peer_id}`,
					tag: `direct ${peer_id}`,
				});
				break;
			}
			case "blocks":
				blockedTold(mail.blocked);
				break;
			case "report":
				useSpace.setState({ reports: useSpace.getState().reports + 1 });
				spaceActions.toast(text.newReport);
				break;
		}
	}
}

function short(words: string): string {
	const { people } = useSpace.getState();
	const plain = plainText(words, (id) => [...people.values()].find((person) => person.userId === id)?.name);
	const letters = [...plain];
	return letters.length > BODY_MAX ? `${letters.slice(0, BODY_MAX - 1).join("")}…` : plain;
}
