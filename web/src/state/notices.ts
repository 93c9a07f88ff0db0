// What one wants to be told of while one looks elsewhere, as the server keeps it; it holds for all of one's browsers.

import { create } from "zustand";
import { getWishes, putWishes } from "../api/notices";
import type { NoticeWishes } from "../api/types";

export const offset_min = (): number => -new Date().getTimezoneOffset();

export const WISHES: NoticeWishes = {
	mentions: true,
	directs: true,
	knocks: true,
	nudges: true,
	quiet: null,
	utc_offset_min: offset_min(),
};

interface State {
	wishes: NoticeWishes;
	state: "unknown" | "loading" | "known" | "failed";
}

export const useNotices = create<State>(() => ({ wishes: WISHES, state: "unknown" }));
const { getState: get, setState: set } = useNotices;

/** The latest thing asked of the server; the next waits for it, so that nothing is answered from before a change. */
let last: Promise<void> = Promise.resolve();
const next = (ask: () => Promise<void>): Promise<void> => {
	const asked = last.then(ask);
	last = asked.catch(() => {});
	return asked;
};

async function load(): Promise<void> {
	set({ state: "loading" });
	try {
		set({ wishes: await getWishes(), state: "known" });
	} catch (error) {
		set({ state: "failed" });
		throw error;
	}
}

export async function loadWishes(): Promise<void> {
	if (get().state !== "loading") await next(load).catch(() => {});
}

/** Holds here at once; what could not be kept is taken back, and thrown. What is not known yet is asked for first: it would be lost. */
export async function changeWishes(change: Partial<NoticeWishes>): Promise<void> {
	const shown = get().wishes;
	set({ wishes: { ...shown, ...change } });
	await next(async () => {
		try {
			if (get().state !== "known") await load();
			const wishes = { ...get().wishes, ...change, utc_offset_min: offset_min() };
			set({ wishes });
			await putWishes(wishes);
		} catch (error) {
			set({ wishes: shown });
			throw error;
		}
	});
}
