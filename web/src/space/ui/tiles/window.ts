// A small window of their own for the tiles, that stays above other programs: Document Picture-in-Picture, where it exists.

import { openTalk, useTalk } from "../talk/panels";
import { talkText as text } from "../talk/text";

interface PictureInPicture {
	requestWindow(size: { width: number; height: number }): Promise<Window>;
}

const api = (window as { documentPictureInPicture?: PictureInPicture }).documentPictureInPicture;
export const tileWindowSupported = api !== undefined;

const SIZE = { width: 360, height: 260 };

/** Only within a click. */
export async function openTileWindow(): Promise<void> {
	if (!api) return;
	try {
		const opened = await api.requestWindow(SIZE);
		dress(opened.document);
		// It may be closed by its own button, too; its tiles then come back.
		opened.addEventListener("pagehide", () => openTalk({ window: null }), { once: true });
		openTalk({ window: opened });
	} catch {
		// Refused: the tiles stay where they are.
	}
}

export function closeTileWindow(): void {
	useTalk.getState().window?.close();
}

/** The same styles and theme as here. */
function dress(other: Document): void {
	other.title = text.layout.windowTitle;
	Object.assign(other.documentElement.dataset, document.documentElement.dataset);
	other.documentElement.lang = document.documentElement.lang;
	for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style'))
		other.head.append(sheet.cloneNode(true));
	other.body.className = "tile-window";
}
