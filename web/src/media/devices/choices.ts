// Which devices there are. Before a permission was given browsers name none of them, and some not even that they exist.

import type { DeviceChoice, MediaState } from "../../state/media";
import { mediaText } from "../text";

export function toChoices(infos: readonly MediaDeviceInfo[]): MediaState["devices"] {
	return {
		microphones: choices(infos, "audioinput", mediaText.names.microphone),
		cameras: choices(infos, "videoinput", mediaText.names.camera),
		speakers: choices(infos, "audiooutput", mediaText.names.speaker),
	};
}

function choices(infos: readonly MediaDeviceInfo[], kind: MediaDeviceKind, name: string): DeviceChoice[] {
	const found = infos.filter((info) => info.kind === kind && info.deviceId !== "");
	// Chromium lists the default ones twice: once as themselves, and once or twice under these names.
	const real = found.filter((info) => info.deviceId !== "default" && info.deviceId !== "communications");
	return real.map((info, index) => ({ id: info.deviceId, label: info.label || `${name} ${index + 1}` }));
}

export function listenToDevices(changed: (devices: MediaState["devices"]) => void): { look(): void; stop(): void } {
	const { mediaDevices } = navigator;
	let stopped = false;
	const look = () => {
		mediaDevices?.enumerateDevices().then(
			(infos) => {
				if (!stopped) changed(toChoices(infos));
			},
			() => {},
		);
	};
	mediaDevices?.addEventListener("devicechange", look);
	return {
		look,
		stop() {
			stopped = true;
			mediaDevices?.removeEventListener("devicechange", look);
		},
	};
}
