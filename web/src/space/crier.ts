// Says aloud, for screen readers and in batches, what one sees happen: who came, who left, whom one hears, and how the connection is.

import { useMedia } from "../state/media";
import type { Connection } from "../state/space";
import { spaceActions, useSpace } from "../state/space";
import type { Emote, Person } from "./client";
import { Earshot } from "./earshot";
import { raisedHands } from "./emotes";
import { emoteText } from "./emoteText";
import { spaceText as text } from "./text";

const BATCH_MS = 4_000;

export class Crier {
	#came: string[] = [];
	#gone: string[] = [];
	#timer = 0;
	#first = true;
	#wasAway = false;
	readonly #earshot = new Earshot();

	people(changed: Person[], left: number[]): void {
		const { people } = useSpace.getState();
		const came = changed.filter((person) => !person.self && !people.has(person.id)).map((person) => person.name);
		// After a long time without a connection one is somebody new oneself, and the one before has left.
		const gone = left.flatMap((id) => people.get(id) ?? []).filter((person) => !person.self);
		// Those who were there before oneself did not come in.
		if (this.#first) {
			this.#first = false;
			spaceActions.say(text.hereAlready(came.length));
			return;
		}
		this.#hands(changed);
		this.#came.push(...came);
		this.#gone.push(...gone.map((person) => person.name));
		if (this.#timer === 0 && this.#came.length + this.#gone.length > 0) {
			this.#timer = window.setTimeout(() => this.#cry(), BATCH_MS);
		}
	}

	/** Only of those one talks with: a crowd that claps is not read out. */
	emoted(id: number, emote: Emote): void {
		const person = useSpace.getState().people.get(id);
		if (!person || person.self || !useMedia.getState().peers.has(id)) return;
		const words = emoteText.said[emote]?.(person.name);
		if (words) spaceActions.say(words);
	}

	/** A hand that goes up is for everybody. */
	#hands(changed: readonly Person[]): void {
		const { people } = useSpace.getState();
		for (const person of changed) {
			if (person.self || person.handRaisedAt === 0 || people.get(person.id)?.handRaisedAt) continue;
			const before = raisedHands(people).filter(({ handRaisedAt }) => handRaisedAt < person.handRaisedAt);
			spaceActions.say(emoteText.raised(person.name, before.length + 1));
		}
	}

	connection(connection: Connection): void {
		if (connection.state === "reconnecting" && !this.#wasAway) {
			this.#wasAway = true;
			spaceActions.say(text.reconnecting);
		} else if (connection.state === "online" && this.#wasAway) {
			this.#wasAway = false;
			spaceActions.toast(text.backAgain);
		}
	}

	stop(): void {
		window.clearTimeout(this.#timer);
		this.#earshot.stop();
	}

	#cry(): void {
		this.#timer = 0;
		const parts = [text.came(this.#came), text.left(this.#gone)].filter(Boolean);
		this.#came = [];
		this.#gone = [];
		spaceActions.say(parts.join(" "));
	}
}
