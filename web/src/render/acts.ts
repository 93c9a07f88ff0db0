// What bodies do: which frame of which gesture shows at a time, how the body is stretched, and when the next picture is due.
// Pure: the clock is an argument. What flies about (hearts, confetti) is in sparks.ts.

import type { Emote } from "../space/words";
import { beat } from "./animate";
import type { Gesture, GesturesInfo } from "./sheet";

/** In the order of their keys. */
export const EMOTES: readonly Emote[] = ["wave", "dance", "sit", "jump", "raise_hand", "clap", "heart", "confetti"];

/** Something that passes. */
export interface Act {
	kind: Emote;
	from_ms: number;
	until_ms: number;
}

const LASTS_MS: Partial<Record<Emote, number>> = { wave: 2_080, jump: 620, clap: 1_980, heart: 1_900, confetti: 2_100 };

/** What lasts is told with the person, so it is no act. */
export function actFor(kind: Emote, now_ms: number): Act | null {
	const lasts_ms = LASTS_MS[kind];
	return lasts_ms === undefined ? null : { kind, from_ms: now_ms, until_ms: now_ms + lasts_ms };
}

/** How a body is drawn: width and height as shares, and how far above the ground, in map pixels. */
export interface Body {
	wide: number;
	high: number;
	up_px: number;
}
export const UPRIGHT: Body = { wide: 1, high: 1, up_px: 0 };

const JUMP_PX = 15;

/** Down, up in an arc, and down again with a give in the knees. */
export function jumping(share: number): Body {
	if (share < 0.17) return squash(0.16 * Math.sin((share / 0.17) * (Math.PI / 2)), 0);
	if (share < 0.83) {
		const t = (share - 0.17) / 0.66;
		return squash(-0.09 * Math.abs(1 - 2 * t), JUMP_PX * 4 * t * (1 - t));
	}
	return squash(0.14 * Math.sin(((1 - share) / 0.17) * Math.PI), 0);
}

const squash = (by: number, up_px: number): Body => ({ wide: 1 + by * 0.6, high: 1 - by, up_px });

/** A dance goes by one clock, so that all who dance do it together and one picture serves them all. */
export function dancing(info: GesturesInfo, now_ms: number): { frame: number; next_ms: number; body: Body } {
	const { frame, next_ms } = beat(info.animations.dance, now_ms, 0);
	return { frame, next_ms, body: frame % 2 === 0 ? squash(-0.04, 1) : squash(0.07, 0) };
}

/** There and back again, as a hand swings. */
const SWING = [0, 1, 2, 1] as const;

export interface Shown {
	gesture: Gesture;
	frame: number;
	/** Until the next frame; null where it is drawn anew all the time, or stands still. */
	next_ms: number | null;
	body: Body;
}

const still = (gesture: Gesture): Shown => ({ gesture, frame: 0, next_ms: null, body: UPRIGHT });

export interface Doing {
	act: Act | null;
	dances: boolean;
	hand: boolean;
	/** As the client tells it: 0 stand, 1 walk, 2 run, 3 sit. */
	pose: number;
	walkFrame: number;
}

/** The gesture that shows, or null: the body stands, walks or sits as ever. */
export function gestureOf(info: GesturesInfo, doing: Doing, now_ms: number, lively: boolean): Shown | null {
	const { act, pose } = doing;
	const walks = pose === 1 || pose === 2;
	if (walks || pose === 3) {
		if (!doing.hand) return null;
		return walks ? { ...still("raiseWalk"), frame: doing.walkFrame } : still("raiseSit");
	}
	if (act?.kind === "wave" || act?.kind === "clap") {
		if (!lively) return still(act.kind);
		const ms = info.animations[act.kind].ms as number;
		const at = now_ms - act.from_ms;
		const beats = Math.floor(at / ms);
		const frame = act.kind === "wave" ? (SWING[beats % SWING.length] as number) : beats % 2;
		return { gesture: act.kind, frame, next_ms: ms - (at % ms), body: UPRIGHT };
	}
	if (act?.kind === "jump") {
		if (!lively) return still("jump");
		const share = (now_ms - act.from_ms) / (act.until_ms - act.from_ms);
		const body = jumping(share);
		// On the ground one stands; the arms fly up with the feet.
		return body.up_px > 1 ? { ...still("jump"), body } : null;
	}
	if (doing.dances) {
		if (!lively) return still("dance");
		return { gesture: "dance", ...dancing(info, now_ms) };
	}
	return doing.hand ? still("raise") : null;
}

/** The body of one whose gesture is none of the arms'. */
export function bodyOf({ act, pose }: Pick<Doing, "act" | "pose">, now_ms: number, lively: boolean): Body {
	if (!lively || act?.kind !== "jump" || pose !== 0) return UPRIGHT;
	return jumping((now_ms - act.from_ms) / (act.until_ms - act.from_ms));
}
