// Tells a browser's sender what the plan says.

import type { Plan } from "./quality";

interface Parameters extends RTCRtpSendParameters {
	degradationPreference?: "maintain-framerate" | "maintain-resolution" | "balanced";
}

export async function applyPlan(sender: RTCRtpSender, plan: Plan, kind: "camera" | "screen"): Promise<boolean> {
	const parameters = sender.getParameters() as Parameters;
	const [encoding] = parameters.encodings ?? [];
	// Not negotiated yet: the next look comes.
	if (!encoding) return false;
	encoding.active = plan.active;
	encoding.scaleResolutionDownBy = plan.scaleDownBy;
	encoding.maxFramerate = plan.fps;
	encoding.maxBitrate = plan.kbps * 1000;
	parameters.degradationPreference = kind === "screen" ? "maintain-resolution" : "balanced";
	try {
		await sender.setParameters(parameters);
		return true;
	} catch {
		// Another change was on its way, or the connection ended.
		return false;
	}
}

/** Speech is worth 32 kbit/s; on a poor way 20 are understood as well. The sound of a film is worth more. */
export async function applySoundBitrate(sender: RTCRtpSender, kbps: number): Promise<void> {
	const parameters = sender.getParameters();
	const [encoding] = parameters.encodings ?? [];
	if (!encoding || encoding.maxBitrate === kbps * 1000) return;
	encoding.maxBitrate = kbps * 1000;
	await sender.setParameters(parameters).catch(() => {});
}
