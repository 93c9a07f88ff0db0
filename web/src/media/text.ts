// All words of the media engine.

import type { DeviceStatus } from "../state/media";

export const mediaText = {
	microphone: {
		denied: "The browser does not let this page use the microphone. Allow it in the address bar, then try again.",
		deniedBySystem:
			"Your system does not let the browser use the microphone. Allow it in the system's privacy settings.",
		missing: "No microphone was found. You can still listen. Plug one in and try again.",
		busy: "Another program is using the microphone. Close it and try again.",
		failed: "The microphone did not start. Try again, or choose another one.",
		lost: "Your microphone was unplugged. The default one is used now.",
	},
	camera: {
		denied: "The browser does not let this page use the camera. Allow it in the address bar, then try again.",
		deniedBySystem: "Your system does not let the browser use the camera. Allow it in the system's privacy settings.",
		missing: "No camera was found. Plug one in and try again.",
		busy: "Another program is using the camera. Close it and try again.",
		failed: "The camera did not start. Try again, or choose another one.",
		lost: "Your camera was unplugged. Another one is used now.",
		notBlurred: "The background could not be blurred here, so your picture is not sent. Without blur it is.",
	},
	insecure: "Browsers give microphone and camera only to pages opened by https.",
	noiseFailed: "Strong noise suppression did not start here. The browser's own is used.",
	screen: {
		deniedBySystem: "Your system does not let the browser show the screen. Allow it in the system's privacy settings.",
		unsupported: "This browser cannot share a screen.",
		failed: "The screen could not be shared. Try again.",
	},
	names: { microphone: "Microphone", camera: "Camera", speaker: "Speaker" },
	peer: {
		slow: "Still looking for a way to reach them.",
		offline: "You are offline.",
		signalling: "Your connection to the space is interrupted.",
		away: "They lost their connection. It goes on when they are back.",
		interrupted: "The connection to them broke. Connecting again.",
		unreachable: "No way to reach them was found. A firewall may be in between, and there is no relay.",
		relayless: "Only a relay may be used, and there is none.",
		relayFailed: "No way to reach them was found, not even by a relay.",
		weak: "The connection is weak: sound only for now.",
		/** Why a picture does not come through a room. */
		absent: {
			link: "Your connection is too slow for this picture just now. It comes back by itself.",
			node: "So many people are here that only sound goes through just now. Pictures come back by themselves.",
			lanes: "More pictures are on than can be shown at once. Those you show largest come first.",
		},
	},
};

export type Problem = Exclude<DeviceStatus, "off" | "starting" | "on"> | "deniedBySystem" | "lost";
