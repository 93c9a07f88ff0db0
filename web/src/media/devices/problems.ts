// Why a device did not start, from the names browsers have for it.

import type { DeviceStatus } from "../../state/media";
import { mediaText, type Problem } from "../text";

export interface Trouble {
	status: Exclude<DeviceStatus, "off" | "starting" | "on">;
	problem: string;
}

export function troubleOf(error: unknown, device: "microphone" | "camera"): Trouble {
	const kind = kindOf(error);
	const status = kind === "deniedBySystem" ? "denied" : kind === "lost" ? "missing" : kind;
	return { status, problem: mediaText[device][kind] };
}

function kindOf(error: unknown): Problem {
	const { name, message } = (error ?? {}) as { name?: string; message?: string };
	switch (name) {
		case "NotAllowedError":
		case "SecurityError":
			return /system/i.test(message ?? "") ? "deniedBySystem" : "denied";
		case "NotFoundError":
		case "DevicesNotFoundError":
		case "OverconstrainedError":
			return "missing";
		case "NotReadableError":
		case "TrackStartError":
		case "AbortError":
			return "busy";
		default:
			return "failed";
	}
}

/** The wished one is not there: then another one will do. */
export const isMissing = (error: unknown): boolean => kindOf(error) === "missing";

/** Somebody else has it, perhaps ourselves. */
export const isBusy = (error: unknown): boolean => kindOf(error) === "busy";

/** None: whoever was asked for a screen changed their mind, which is no problem. */
export function screenProblemOf(error: unknown): string | null {
	const { name, message } = (error ?? {}) as { name?: string; message?: string };
	if (name === "NotAllowedError") return /system/i.test(message ?? "") ? mediaText.screen.deniedBySystem : null;
	if (name === "AbortError" || name === "InvalidStateError") return null;
	return name === "NotSupportedError" || name === "TypeError" ? mediaText.screen.unsupported : mediaText.screen.failed;
}
