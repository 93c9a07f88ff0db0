// Asking and being asked: "come here", "may I join you", a knock at a locked conversation, and a ring from another space.

import { mediaActions, useMedia } from "../state/media";
import { type Asked, type NudgeDoor, type Ring, useNudges } from "../state/nudges";
import { spaceActions, useSpace } from "../state/space";
import type { Mail, NudgeKind, SpaceClient, SpaceEvent } from "./client";
import { nudgeText as text } from "./nudgeText";
import { playSound } from "./sounds";
import { spaceText } from "./text";
import type { SpaceView } from "./view";

/** The space forgets a question after this time, too. */
const ASKED_MS = 60_000;
const CARDS_MAX = 4;

export type Tell = (notice: { kind: "knock" | "nudge"; title: string; body: string; url: string; tag: string }) => void;

const nameOf = (id: number): string => useSpace.getState().people.get(id)?.name ?? text.somebody;
const { getState: get, setState: set } = useNudges;

export class Nudges implements NudgeDoor {
	readonly #timers = new Map<string, number>();

	constructor(
		private readonly client: SpaceClient,
		private readonly view: SpaceView,
		private readonly tell: Tell,
	) {
		set({ asked: [], rings: [], door: this });
	}

	leave(): void {
		for (const timer of this.#timers.values()) window.clearTimeout(timer);
		set({ asked: [], rings: [], door: null });
	}

	handle(event: SpaceEvent): void {
		switch (event.type) {
			case "nudged":
				this.#nudged(event);
				break;
			case "nudgeAnswered":
				this.#answered(event.from, event.kind, event.accepted);
				break;
			case "nudgeRefused":
				spaceActions.toast(text.refused(event.reason, nameOf(event.to), event.retryInMs));
				break;
			case "mail":
				if (event.mail?.kind === "ring") this.#rung(event.mail);
				break;
			case "people": {
				// Who left asks no more.
				const gone = get().asked.filter(({ from }) => event.left.includes(from));
				for (const { key } of gone) this.dismiss(key);
				break;
			}
		}
	}

	ask(to: number, kind: NudgeKind): void {
		const words = text.asked(kind, useSpace.getState().onStage && !this.#isOnStage(to), nameOf(to));
		spaceActions.toast(this.client.nudge(to, kind) ? words : spaceText.notConnected);
	}

	answer(asked: Asked, accepted: boolean): void {
		const { from, kind, key } = asked;
		// A lock keeps even those out who were asked in.
		if (accepted && kind === "may_i_join" && useMedia.getState().locked) mediaActions.lock(false);
		// The card stays: it can be answered yet.
		if (!this.client.answerNudge(from, kind, accepted)) {
			spaceActions.toast(spaceText.notConnected);
			return;
		}
		this.dismiss(key);
		if (accepted && kind === "come_here") this.#goTo(from);
		else if (accepted) spaceActions.say(text.letIn(nameOf(from)));
	}

	dismiss(key: string): void {
		window.clearTimeout(this.#timers.get(key));
		this.#timers.delete(key);
		set({
			asked: get().asked.filter((each) => each.key !== key),
			rings: get().rings.filter((each) => each.key !== key),
		});
	}

	#nudged({ from, kind, knock }: Extract<SpaceEvent, { type: "nudged" }>): void {
		const key = `${from} ${kind}`;
		this.dismiss(key);
		const up = this.#isOnStage(from) && !useSpace.getState().onStage;
		const asked: Asked = { key, from, kind, knock, up };
		set({ asked: [...get().asked, asked].slice(-CARDS_MAX) });
		this.#expire(key);
		const body = text.asks(asked, nameOf(from));
		playSound(knock ? "knock" : "nudge");
		spaceActions.say(`${body} ${text.howToAnswer}`);
		this.tell({
			kind: knock ? "knock" : "nudge",
			title: useSpace.getState().space?.name ?? text.brand,
			body,
			url: location.pathname,
			tag: `nudge ${key}`,
		});
	}

	#rung({ from_id, from_name, space_id, space_name }: Extract<Mail, { kind: "ring" }>): void {
		const ring: Ring = { key: `ring ${from_id}`, fromName: from_name, spaceId: space_id, spaceName: space_name };
		this.dismiss(ring.key);
		set({ rings: [...get().rings, ring].slice(-CARDS_MAX) });
		this.#expire(ring.key);
		const body = text.rings(from_name, space_name);
		playSound("nudge");
		spaceActions.say(`${body} ${text.howToAnswer}`);
		this.tell({ kind: "nudge", title: space_name, body, url: `/s/${space_id}`, tag: ring.key });
	}

	#answered(from: number, kind: NudgeKind, accepted: boolean): void {
		spaceActions.toast(text.answered(kind, accepted, nameOf(from)));
		if (accepted && kind === "may_i_join") this.#goTo(from);
	}

	/** Walks there; follows where the way or the place is not known at once. */
	#goTo(id: number): void {
		if (!this.view.goTo(id)) this.view.follow(id);
	}

	#isOnStage(id: number): boolean {
		const at = this.client.locate(id);
		return at !== null && this.client.stageAt(at.x, at.y);
	}

	#expire(key: string): void {
		this.#timers.set(
			key,
			window.setTimeout(() => this.dismiss(key), ASKED_MS),
		);
	}
}
