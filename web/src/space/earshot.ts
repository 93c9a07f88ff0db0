// Says whom one hears now and who is out of earshot, what is shared, and what became of the own microphone: for those who cannot
// see tiles. Passers-by are gathered for a moment, so that a walk through a crowd is one sentence.

import { type MediaState, useMedia } from "../state/media";
import { spaceActions, useSpace } from "../state/space";
import { talkText } from "./ui/talk/text";

const GATHER_MS = 700;
const text = talkText.say;

export class Earshot {
	/** Whom one heard when it was last said, with their names: who leaves the space has none any more. */
	#said = new Map<number, string>();
	#timer = 0;
	readonly #stop = useMedia.subscribe((now, before) => this.#changed(now, before));

	stop(): void {
		this.#stop();
		window.clearTimeout(this.#timer);
	}

	#changed(now: MediaState, before: MediaState): void {
		if (now.deafened !== before.deafened) spaceActions.say(now.deafened ? text.deafened : text.hearing);
		else if (now.muted !== before.muted) spaceActions.say(now.muted ? text.muted : text.unmuted);
		if (now.peers === before.peers) return;
		for (const [id, peer] of now.peers) {
			if (peer.screen && !before.peers.get(id)?.screen) spaceActions.say(text.shares(nameOf(id)));
		}
		if (this.#timer === 0 && differ(heard(now), this.#said)) {
			this.#timer = window.setTimeout(() => this.#say(), GATHER_MS);
		}
	}

	#say(): void {
		this.#timer = 0;
		const now = heard(useMedia.getState());
		const came = [...now].filter((id) => !this.#said.has(id)).map(nameOf);
		const gone = [...this.#said].filter(([id]) => !now.has(id)).map(([, name]) => name);
		this.#said = new Map([...now].map((id) => [id, this.#said.get(id) ?? nameOf(id)]));
		const parts = [came.length > 0 ? text.hear(came) : "", gone.length > 0 ? text.gone(gone) : ""];
		if (came.length + gone.length > 0) spaceActions.say(parts.filter(Boolean).join(" "));
	}
}

const heard = (state: MediaState): Set<number> =>
	new Set([...state.peers.values()].filter((peer) => peer.hears).map((peer) => peer.id));

const differ = (now: ReadonlySet<number>, said: ReadonlyMap<number, string>): boolean =>
	now.size !== said.size || [...now].some((id) => !said.has(id));

const nameOf = (id: number): string => useSpace.getState().people.get(id)?.name ?? "";
