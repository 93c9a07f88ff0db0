// What a participant and the node of a media room tell each other over the data channel, as JSON. It is the node's word,
// but a node may be of another version: what does not fit is nothing. See crates/protocol/src/fleet.rs.

export type TrackKind = "microphone" | "camera" | "screen" | "sound";

/** What comes on one lane now. */
export interface SlotContent {
	picture: boolean;
	slot: number;
	/** The session it is of; null: nothing comes. */
	id: number | null;
	kind: TrackKind | null;
}

/** The own line has no room for it, the node forwards voices only, or all lanes are taken. */
export type AbsenceCause = "link" | "node" | "lanes";

/** A picture that is wanted, is there, and has not come for a while. */
export interface AbsentPicture {
	id: number;
	kind: TrackKind;
	cause: AbsenceCause;
}

export type RoomMessage =
	| { type: "slots"; slots: SlotContent[] }
	/** At least every half second: the sign of life. */
	| { type: "beat"; speakers: number[] }
	/** All of them, whenever they are others. */
	| { type: "absent"; pictures: AbsentPicture[] }
	| { type: "bye"; reason: string };

export interface WantedPicture {
	id: number;
	kind: "camera" | "screen";
	heightPx: number;
}

const LENGTH_MAX = 16_000;
const SLOTS_MAX = 64;
const SPEAKERS_MAX = 64;
const WANTED_MAX = 60;
const KINDS: readonly string[] = ["microphone", "camera", "screen", "sound"];
const CAUSES: readonly string[] = ["link", "node", "lanes"] satisfies AbsenceCause[];

export function readRoomMessage(text: unknown): RoomMessage | null {
	if (typeof text !== "string" || text.length > LENGTH_MAX) return null;
	const read = parse(text);
	switch (read?.["type"]) {
		case "slots":
			return { type: "slots", slots: list(read["slots"], SLOTS_MAX).flatMap(readSlot) };
		case "beat":
			return { type: "beat", speakers: list(read["speakers"], SPEAKERS_MAX).filter(isWhole) };
		case "absent":
			return { type: "absent", pictures: list(read["pictures"], WANTED_MAX).flatMap(readAbsent) };
		case "bye":
			return { type: "bye", reason: typeof read["reason"] === "string" ? read["reason"] : "" };
		default:
			return null;
	}
}

export const writeWant = (pictures: readonly WantedPicture[]): string =>
	JSON.stringify({
		type: "want",
		pictures: pictures
			.slice(0, WANTED_MAX)
			.map(({ id, kind, heightPx }) => ({ session: id, kind, height_px: Math.min(4_320, Math.round(heightPx)) })),
	});

export const writeRenewal = (grant: string): string => JSON.stringify({ type: "renew", grant });

function parse(text: string): Record<string, unknown> | null {
	try {
		const parsed: unknown = JSON.parse(text);
		return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : null;
	} catch {
		return null;
	}
}

const list = (value: unknown, longest: number): unknown[] => (Array.isArray(value) ? value.slice(0, longest) : []);

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readSlot(value: unknown): SlotContent[] {
	if (typeof value !== "object" || value === null) return [];
	const { picture, slot, content } = value as Record<string, unknown>;
	if (typeof picture !== "boolean" || !isWhole(slot)) return [];
	if (content === null || content === undefined) return [{ picture, slot, id: null, kind: null }];
	const [id, kind] = list(content, 2);
	if (!isWhole(id) || typeof kind !== "string" || !KINDS.includes(kind)) return [];
	return [{ picture, slot, id, kind: kind as TrackKind }];
}

function readAbsent(value: unknown): AbsentPicture[] {
	if (typeof value !== "object" || value === null) return [];
	const { session, kind, cause } = value as Record<string, unknown>;
	if (!isWhole(session) || typeof kind !== "string" || !KINDS.includes(kind)) return [];
	if (typeof cause !== "string" || !CAUSES.includes(cause)) return [];
	return [{ id: session, kind: kind as TrackKind, cause: cause as AbsenceCause }];
}
