// The avatar sheet: every part of every pose as palette indices, and the description that says what is where.
// Loading only; putting parts together is in compose.ts.

export type Direction = "down" | "up" | "left" | "right";
/** In the order of the wire's `facing`. */
export const DIRECTIONS: readonly Direction[] = ["down", "up", "left", "right"];

export interface PartInfo {
	slot: string;
	variant: number;
	name: string;
	row: number;
	z: "front" | "back" | "over";
}

export interface SheetInfo {
	frame: { w: number; h: number; footX: number; footY: number };
	columns: number;
	rows: number;
	animations: Record<"walk" | "idle" | "sit", { frames: number; ms: number | number[] }>;
	column: string[];
	parts: PartInfo[];
	order: Record<Direction, string[]>;
	ramps: Record<string, number[]>;
	fixed: Record<string, string>;
	skins: string[][];
	skinNames: string[];
	accessoryNames?: string[];
	swatches: Record<string, string[]>;
}

export type Gesture = "wave" | "raise" | "raiseWalk" | "raiseSit" | "clap" | "dance" | "jump";

/** What is seldom shown: parts and poses of their own, in the colours and the frame of the other sheet. */
export interface GesturesInfo {
	columns: number;
	rows: number;
	animations: Record<Gesture, { frames: number; ms: number | number[] }>;
	column: string[];
	parts: PartInfo[];
	order: Record<Direction, string[]>;
}

export interface Gestures {
	info: GesturesInfo;
	pixels: Uint8Array;
}

export interface Sheet {
	info: SheetInfo;
	/** One byte a pixel, rows of `columns * frame.w`. */
	pixels: Uint8Array;
}

export function parseSheet(info: SheetInfo, pixels: Uint8Array): Sheet {
	const expected = info.columns * info.frame.w * info.rows * info.frame.h;
	if (pixels.length !== expected) throw new Error(`avatar sheet: ${pixels.length} pixels instead of ${expected}`);
	return { info, pixels };
}

export function parseGestures(info: GesturesInfo, frame: SheetInfo["frame"], pixels: Uint8Array): Gestures {
	const expected = info.columns * frame.w * info.rows * frame.h;
	if (pixels.length !== expected) throw new Error(`gestures: ${pixels.length} pixels instead of ${expected}`);
	return { info, pixels };
}

/** The file is gzip in itself; a server that also declares it as an encoding hands us plain bytes. */
export async function gunzipIfNeeded(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
	if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}
