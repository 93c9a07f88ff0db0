// What a device's button shows, from what the device is and what one wants of it.

import type { DeviceStatus } from "../../../state/media";

export type ToolState = "on" | "off" | "starting" | "problem";

const isProblem = (status: DeviceStatus): boolean => status !== "on" && status !== "off" && status !== "starting";

/** A missing microphone is no news to whoever wants to be muted, but the button says so before it is pressed in vain. */
export function microphoneState(status: DeviceStatus, muted: boolean): ToolState {
	if (isProblem(status)) return "problem";
	if (status === "starting") return "starting";
	return muted || status === "off" ? "off" : "on";
}

export function cameraState(status: DeviceStatus): ToolState {
	if (isProblem(status)) return "problem";
	return status as "on" | "off" | "starting";
}
