// What somebody is about to do to somebody, and is asked about first.

import { create } from "zustand";

export interface Target {
	userId: string;
	name: string;
	/** The message it is about, where it is about one. */
	messageId?: number;
}
export type DeedKind = "block" | "unblock" | "report" | "ban" | "sendOut";

export const useDeeds = create<{ deed: { kind: DeedKind; target: Target } | null }>(() => ({ deed: null }));

export const askDeed = (kind: DeedKind, target: Target): void => useDeeds.setState({ deed: { kind, target } });
export const closeDeed = (): void => useDeeds.setState({ deed: null });
