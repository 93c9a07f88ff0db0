// Who asks something of one just now, as the cards show it. What becomes of it is in space/nudges.ts.

import { create } from "zustand";
import type { NudgeKind } from "../space/words";

export interface Asked {
	key: string;
	/** Whose session asks. */
	from: number;
	kind: NudgeKind;
	knock: boolean;
	/** They stand on a stage, and one stands on none. */
	up: boolean;
}

/** Somebody rings from another space. */
export interface Ring {
	key: string;
	fromName: string;
	spaceId: string;
	spaceName: string;
}

export interface NudgeDoor {
	answer(asked: Asked, accepted: boolean): void;
	dismiss(key: string): void;
	ask(to: number, kind: NudgeKind): void;
}

interface State {
	asked: readonly Asked[];
	rings: readonly Ring[];
	door: NudgeDoor | null;
}

export const useNudges = create<State>(() => ({ asked: [], rings: [], door: null }));
