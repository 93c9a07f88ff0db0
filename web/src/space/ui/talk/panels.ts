// Which of the panels about talking are open. Who is heard, and what is on, is in state/media.ts.

import { create } from "zustand";

interface TalkPanels {
	/** Whose connection is looked at; "all" for everybody's. */
	stats: number | "all" | null;
	/** Whose share fills the screen. */
	viewing: number | null;
	/** The key of the tile in the spotlight; without it, whoever shares or speaks. */
	pinned: string | null;
	/** The window that holds the tiles instead of this one. */
	window: Window | null;
	check: boolean;
}

const fresh = (): TalkPanels => ({ stats: null, viewing: null, pinned: null, window: null, check: false });

export const useTalk = create<TalkPanels>(() => fresh());
export const openTalk = (part: Partial<TalkPanels>): void => useTalk.setState(part);
export const resetTalk = (): void => {
	useTalk.getState().window?.close();
	useTalk.setState(fresh());
};
