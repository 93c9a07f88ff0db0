// What letter keys do; the same things the bottom bar does.

import { useChat } from "../chat/store";
import type { Command } from "../input/keyboard";
import { mediaActions, useMedia } from "../state/media";
import { spaceActions, useSpace } from "../state/space";
import { isMapFolded } from "../ui/narrow";
import { emoteByNumber } from "./emotes";
import { hintSeen } from "./hints";
import { shareLink } from "./share";
import { openWheel } from "./ui/emotes/wheel";
import type { SpaceView } from "./view";

export function runCommand(command: Command, view: SpaceView): boolean {
	const state = useSpace.getState();
	if (state.dialog !== "none") return false;
	switch (command) {
		case "people":
			hintSeen("people");
			spaceActions.togglePanel("people", true);
			return true;
		case "chat":
			openChat();
			return true;
		case "minimap":
			if (isMapFolded(state.panel !== "none")) return false;
			spaceActions.toggleMinimap();
			return true;
		case "zoomIn":
			view.zoomBy(1);
			return true;
		case "zoomOut":
			view.zoomBy(-1);
			return true;
		case "help":
			spaceActions.openDialog("help");
			return true;
		case "share":
			void shareLink();
			return true;
		case "microphone":
			mediaActions.toggleMicrophone();
			return true;
		case "camera":
			mediaActions.toggleCamera();
			return true;
		case "screen": {
			const { screen, screenSupported } = useMedia.getState();
			if (screen.on) mediaActions.stopScreen();
			else if (screenSupported) mediaActions.startScreen();
			return true;
		}
		case "deafen":
			mediaActions.toggleDeafened();
			return true;
		case "lock": {
			const { locked, peers } = useMedia.getState();
			if (!locked && peers.size === 0) return false;
			mediaActions.lock(!locked);
			return true;
		}
		case "emotes":
			openWheel(true);
			return true;
		case "escape":
			if (state.following !== null) view.follow(null);
			else if (state.looking) view.backToSelf();
			else if (state.panel !== "none") spaceActions.closePanel();
			else return false;
			return true;
		default:
			emoteByNumber(Number(command.slice("emote".length)));
			return true;
	}
}

/** Always into the field: the same key that opens the panel brings one back to it. */
function openChat(): void {
	if (useSpace.getState().panel !== "chat") {
		useChat.setState({ wantsField: true });
		spaceActions.togglePanel("chat", true);
	}
	document.querySelector<HTMLElement>(".chat-field")?.focus();
}
