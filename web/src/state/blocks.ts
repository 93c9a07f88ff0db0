// Whom one has blocked: known to this page once asked for, and kept up to date by what the space passes on.

import { create } from "zustand";
import { block, listBlocked, unblock } from "../api/people";
import type { Blocked } from "../api/types";

interface State {
	/** Null: not asked for yet. */
	blocked: readonly Blocked[] | null;
}

export const useBlocks = create<State>(() => ({ blocked: null }));
const { getState: get, setState: set } = useBlocks;

export const isBlocked = (userId: string): boolean => get().blocked?.some(({ user_id }) => user_id === userId) ?? false;

export async function loadBlocked(): Promise<void> {
	set({ blocked: await listBlocked() });
}

export async function blockPerson(userId: string, name: string): Promise<void> {
	await block(userId);
	const others = (get().blocked ?? []).filter(({ user_id }) => user_id !== userId);
	set({ blocked: [{ user_id: userId, name, at: Date.now() }, ...others] });
}

export async function unblockPerson(userId: string): Promise<void> {
	await unblock(userId);
	set({ blocked: (get().blocked ?? []).filter(({ user_id }) => user_id !== userId) });
}

/** Another page of one's own changed it: the names are asked for where one is new. */
export function blockedTold(userIds: readonly string[]): void {
	const known = get().blocked;
	if (known === null) return;
	if (userIds.every((id) => known.some(({ user_id }) => user_id === id)))
		set({ blocked: known.filter(({ user_id }) => userIds.includes(user_id)) });
	// If it does not come, the settings ask again.
	else loadBlocked().catch(() => {});
}
