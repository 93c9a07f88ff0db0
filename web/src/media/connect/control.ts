// What two connected peers tell each other directly: how large they draw each other, what they send right now, and
// whether they are still there. As with signals, it is checked, and what does not fit is nothing.

/** Device pixels. 0 x 0: not shown. */
export interface Size {
	width: number;
	height: number;
}

export interface Sends {
	microphone: boolean;
	/** A camera's picture comes, or would if it were shown. */
	camera: boolean;
	screen: boolean;
	/** Sound of the shared screen. */
	sound: boolean;
	/** Why the camera's picture does not come though the camera is on. */
	why: "poor" | "far" | null;
}

export type ControlMessage =
	| { type: "wants"; camera: Size | null; screen: Size | null }
	| { type: "sends"; sends: Sends }
	| { type: "ping"; number: number }
	| { type: "pong"; number: number };

export const NOTHING_SENT: Sends = { microphone: false, camera: false, screen: false, sound: false, why: null };
const LENGTH_MAX = 500;
const PIXELS_MAX = 16_384;

export const writeControl = (message: ControlMessage): string => JSON.stringify(message);

export function readControl(text: unknown): ControlMessage | null {
	if (typeof text !== "string" || text.length > LENGTH_MAX) return null;
	let read: Record<string, unknown>;
	try {
		const parsed: unknown = JSON.parse(text);
		if (typeof parsed !== "object" || parsed === null) return null;
		read = parsed as Record<string, unknown>;
	} catch {
		return null;
	}
	switch (read["type"]) {
		case "wants":
			return { type: "wants", camera: readSize(read["camera"]), screen: readSize(read["screen"]) };
		case "sends":
			return { type: "sends", sends: readSends(read["sends"]) };
		case "ping":
		case "pong":
			return typeof read["number"] === "number" ? { type: read["type"], number: read["number"] } : null;
		default:
			return null;
	}
}

function readSize(value: unknown): Size | null {
	if (typeof value !== "object" || value === null) return null;
	const { width, height } = value as Record<string, unknown>;
	return { width: pixels(width), height: pixels(height) };
}

const pixels = (value: unknown): number =>
	typeof value === "number" && value > 0 ? Math.min(PIXELS_MAX, Math.round(value)) : 0;

function readSends(value: unknown): Sends {
	if (typeof value !== "object" || value === null) return NOTHING_SENT;
	const { microphone, camera, screen, sound, why } = value as Record<string, unknown>;
	return {
		microphone: microphone === true,
		camera: camera === true,
		screen: screen === true,
		sound: sound === true,
		why: why === "poor" || why === "far" ? why : null,
	};
}
