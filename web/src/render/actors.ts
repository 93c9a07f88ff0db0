// People as the scene draws them. The numbers come fresh each frame from the space client; look and name only on change.

import { type Look, lookKey } from "../avatar/look";
import type { Act } from "./acts";
import type { Speech } from "./speech";
import type { TagMark, TagStatus } from "./tags";

export interface Actor {
	id: number;
	x: number;
	y: number;
	facing: number;
	/** 0 stand, 1 walk, 2 run, 3 sit. */
	pose: number;
	distance: number;
	seatY: number;
	self: boolean;
	connected: boolean;
	name: string;
	status: TagStatus;
	look: Look;
	lookKey: string;
	/** Spreads idle animations of a crowd over time. */
	beatOffset: number;
	/** Drawn at this foot line. */
	foot: number;
	/** In conversation with oneself. */
	heard: boolean;
	speaking: boolean;
	/** What stands beside the name. */
	mark: TagMark;
	/** What they just said in writing. */
	says: Speech | null;
	/** Something that passes: a wave, a jump, confetti. */
	act: Act | null;
	/** What lasts until they move. */
	stays: "" | "dance" | "sit";
	/** Has the hand up. */
	hand: boolean;
}

export function actor(id: number, name: string, look: Look, status: TagStatus = "available"): Actor {
	return {
		id,
		x: 0,
		y: 0,
		facing: 0,
		pose: 0,
		distance: 0,
		seatY: 0,
		self: false,
		connected: true,
		name,
		status,
		look,
		lookKey: lookKey(look),
		beatOffset: (id * 733) % 4000,
		foot: 0,
		heard: false,
		speaking: false,
		mark: "none",
		says: null,
		act: null,
		stays: "",
		hand: false,
	};
}

export const FRAME_STRIDE = 8;
/** How much lower than standing the head is. */
export const sunk_px = (who: Actor): number =>
	who.pose === 3 ? who.seatY + SEATED_PX : who.stays === "sit" && who.pose === 0 ? SEATED_PX : 0;

const SEATED_PX = 6;
const FLAG_SELF = 1;
const FLAG_DISCONNECTED = 2;

/** Copies one frame of the client into the actors it names; returns those present, reusing `into`. */
export function applyFrame(frame: Float32Array, known: ReadonlyMap<number, Actor>, into: Actor[]): Actor[] {
	into.length = 0;
	for (let i = 0; i + FRAME_STRIDE <= frame.length; i += FRAME_STRIDE) {
		const who = known.get(frame[i] as number);
		if (!who) continue;
		who.x = frame[i + 1] as number;
		who.y = frame[i + 2] as number;
		who.facing = frame[i + 3] as number;
		who.pose = frame[i + 4] as number;
		who.distance = frame[i + 5] as number;
		const flags = frame[i + 6] as number;
		who.self = (flags & FLAG_SELF) !== 0;
		who.connected = (flags & FLAG_DISCONNECTED) === 0;
		who.seatY = frame[i + 7] as number;
		who.foot = who.y;
		into.push(who);
	}
	return into;
}
