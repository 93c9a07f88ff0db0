// Says aloud, for screen readers and in batches, what one sees happen: who came, who left, whom one hears, and how the connection is.

import type { Connection } from "../state/space";
import { spaceActions, useSpace } from "../state/space";
import type { Person } from "./client";
import { Earshot } from "./earshot";
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
		const gone = left.map((id) => people.get(id)?.name).filter((name) => name !== undefined);
		// Those who were there before oneself did not come in.
		if (this.#first) {
			this.#first = false;
			spaceActions.say(text.hereAlready(came.length));
			return;
		}
		this.#came.push(...came);
		this.#gone.push(...gone);
		if (this.#timer === 0 && this.#came.length + this.#gone.length > 0) {
			this.#timer = window.setTimeout(() => this.#cry(), BATCH_MS);
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
