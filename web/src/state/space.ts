// What the panels of a space show. Positions never enter: they change every frame and belong to the renderer alone.

import { create } from "zustand";
import type { Joined, Space } from "../api/types";
import type { Person, SpaceEvent } from "../space/client";
import type { Visit } from "../space/session";
import { spaceText } from "../space/text";

export type Connection = Extract<SpaceEvent, { type: "connection" }>;
export type Panel = "none" | "people" | "chat";
export type Dialog = "none" | "help" | "settings" | "avatar" | "spaceChat" | "moderation";
export type Step = "map" | "art" | "connect";

export interface Toast {
	id: number;
	text: string;
}

export type Phase =
	| { kind: "loading"; shares: Record<Step, number> }
	| { kind: "inside" }
	| { kind: "failed"; title: string; message: string; retry: Retry };

/** What may help: coming in once more, also from another window, or a new page; null where nothing does. */
export type Retry = "again" | "back" | "reload" | null;

export interface SpaceState {
	phase: Phase;
	space: Space | null;
	role: Joined["role"] | null;
	people: ReadonlyMap<number, Person>;
	self: number | null;
	connection: Connection | null;
	following: number | null;
	area: string | null;
	/** On a stage, where a whole audience hears one. */
	onStage: boolean;
	panel: Panel;
	/** Opened with a key: the focus goes along. */
	panelByKey: boolean;
	/** Whose row is open in the people list. */
	chosen: number | null;
	dialog: Dialog;
	minimap: boolean;
	looking: boolean;
	zoom: { canIn: boolean; canOut: boolean };
	toasts: readonly Toast[];
	/** The same words twice are said twice. */
	spoken: { text: string; count: number };
	visit: Visit | null;
	/** Open reports that one has not looked at in this visit; for those who look after the space. */
	reports: number;
}

const fresh = (): SpaceState => ({
	phase: { kind: "loading", shares: { map: 0, art: 0, connect: 0 } },
	space: null,
	role: null,
	people: new Map(),
	self: null,
	connection: null,
	following: null,
	area: null,
	onStage: false,
	panel: "none",
	panelByKey: false,
	chosen: null,
	dialog: "none",
	minimap: window.innerWidth >= 900,
	looking: false,
	zoom: { canIn: true, canOut: true },
	toasts: [],
	spoken: { text: "", count: 0 },
	visit: null,
	reports: 0,
});

export const useSpace = create<SpaceState>(() => fresh());

const { getState: get, setState: set } = useSpace;

/** What is said stands this long before the next takes its place: two in one moment would be heard as the second alone. */
const SPOKEN_MS = 700;
/** Who falls further behind than this is told the newest. */
const UNSPOKEN_MAX = 4;
let unspoken: string[] = [];
let speaking: ReturnType<typeof setTimeout> | undefined;

function speak(text: string): void {
	if (speaking !== undefined) {
		unspoken = [...unspoken.slice(1 - UNSPOKEN_MAX), text];
		return;
	}
	set({ spoken: { text, count: get().spoken.count + 1 } });
	speaking = setTimeout(() => {
		speaking = undefined;
		const [next, ...rest] = unspoken;
		unspoken = rest;
		if (next !== undefined) speak(next);
	}, SPOKEN_MS);
}
const TOAST_MS = 4500;
let lastToast = 0;

export const spaceActions = {
	reset(): void {
		clearTimeout(speaking);
		speaking = undefined;
		unspoken = [];
		set(fresh());
	},
	loaded(step: Step, share: number): void {
		const { phase } = get();
		if (phase.kind !== "loading" || phase.shares[step] === share) return;
		set({ phase: { kind: "loading", shares: { ...phase.shares, [step]: share } } });
	},
	entered: (joined: Joined) => set({ space: joined.space, role: joined.role }),
	inside: () => set({ phase: { kind: "inside" } }),
	failed: (title: string, message: string, retry: Retry) => set({ phase: { kind: "failed", title, message, retry } }),
	people(changed: Person[], left: number[]): void {
		const people = new Map(get().people);
		for (const person of changed) people.set(person.id, person);
		for (const id of left) people.delete(id);
		set({ people });
	},
	togglePanel: (panel: Panel, panelByKey = false) => set({ panel: get().panel === panel ? "none" : panel, panelByKey }),
	closePanel: () => set({ panel: "none" }),
	toggleMinimap: () => set({ minimap: !get().minimap }),
	openDialog: (dialog: Dialog) => set({ dialog }),
	toast(text: string): void {
		const id = ++lastToast;
		set({ toasts: [...get().toasts.slice(-2), { id, text }] });
		speak(text);
		window.setTimeout(() => set({ toasts: get().toasts.filter((toast) => toast.id !== id) }), TOAST_MS);
	},
	/** A click on a wall: worth a word, but one at a time. */
	blocked(): void {
		if (!get().toasts.some((toast) => toast.text === spaceText.blocked)) spaceActions.toast(spaceText.blocked);
	},
	/** For those who hear the page: said politely, once. */
	say: (text: string) => speak(text),
};
