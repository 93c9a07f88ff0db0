// The media engine as the rest of the client knows it.

import type { MediaActions } from "../state/media";

export type MediaEngine = MediaActions;

export function createMediaEngine(): MediaEngine {
	return {
		toggleMicrophone: () => {},
		setMuted: () => {},
		pushToTalk: () => {},
		toggleCamera: () => {},
		startScreen: () => {},
		stopScreen: () => {},
		toggleDeafened: () => {},
		setVolume: () => {},
		retry: () => {},
		lock: () => {},
		unblockSound: () => {},
		tileShown: () => {},
		level: () => 0,
		stats: async () => [],
		check: { start: () => {}, stop: () => {}, level: () => 0, playTestSound: async () => {} },
	};
}
