// What the place shows of talking: who is in conversation with oneself, who speaks, who is muted or behind a lock. It listens to
// the media store and asks for a new picture only when one of these changed.

import type { Actor } from "../render/actors";
import type { TagMark } from "../render/tags";
import { type MediaState, useMedia } from "../state/media";
import { useSpace } from "../state/space";
import type { Person } from "./client";

/** Seven tiles: from there on one is heard. */
const EARSHOT_PX = 224;

export class Voices {
	/** How far one is heard, as long as somebody is there to hear it. */
	earshot_px: number | null = null;
	readonly #stop: () => void;

	constructor(
		private readonly actors: ReadonlyMap<number, Actor>,
		private readonly wake: () => void,
	) {
		this.#stop = useMedia.subscribe(() => this.look());
	}

	stop(): void {
		this.#stop();
	}

	/** Brings everybody up to date; also called when people changed. */
	look(): void {
		const media = useMedia.getState();
		const { people } = useSpace.getState();
		let changed = false;
		for (const actor of this.actors.values()) {
			const person = people.get(actor.id);
			const heard = person?.self ? media.peers.size > 0 : (media.peers.get(actor.id)?.hears ?? false);
			const speaking = heard && speaks(media, actor.id, person?.self ?? false);
			const mark = markOf(person, heard, media.locked);
			if (actor.heard === heard && actor.speaking === speaking && actor.mark === mark) continue;
			Object.assign(actor, { heard, speaking, mark });
			changed = true;
		}
		const earshot_px = media.room === "open" && media.peers.size > 0 ? EARSHOT_PX : null;
		changed ||= earshot_px !== this.earshot_px;
		this.earshot_px = earshot_px;
		if (changed) this.wake();
	}
}

function speaks(media: MediaState, id: number, self: boolean): boolean {
	if (self) return media.selfSpeaking && !media.muted && !media.deafened;
	return media.peers.get(id)?.speaking ?? false;
}

/** Beside one's own name there is none: the bar says it. */
export function markOf(person: Person | undefined, heard: boolean, inLocked: boolean): TagMark {
	if (!person || person.self) return "none";
	if (person.locked && !(heard && inLocked)) return "locked";
	return heard && !person.microphone ? "muted" : "none";
}
