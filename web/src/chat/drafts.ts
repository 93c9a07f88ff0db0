// What is typed and not sent yet, for each space and channel, with whom its names mean. It outlives the page, and so does what was
// sent and not acknowledged: phones end pages that nobody looks at. It stays in this tab, and is of one user, until they sign out.

import type { Pick } from "./mentions";
import type { Outgoing } from "./outbox";
import type { Place } from "./place";

export interface Draft {
	text: string;
	picks: readonly Pick[];
}

/** Something that was sent in a space, and not acknowledged. */
export interface Unsaid {
	space: string;
	outgoing: Outgoing;
	/** As it would stand in the field. */
	draft: Draft;
	/** It went out, and may have been said. */
	unsure: boolean;
}

interface Stored {
	user: string;
	drafts: [string, Draft][];
	unsaid: readonly Unsaid[];
}

const STORED = "earshot.chat.drafts";
/** Letters that outlive the page, those that were typed last: a tab may keep some millions. */
const STORED_CHARS_MAX = 100_000;
/** Typing is not written down letter by letter. */
const STORE_MS = 500;

const drafts = new Map<string, Draft>();
let unsaid: readonly Unsaid[] = [];
let owner: string | null = null;
let timer = 0;

const NOTHING: Draft = { text: "", picks: [] };
// Direct messages are not of a space: begun in one, they may be ended in another.
const keyOf = (space: string, place: Place): string => (place.startsWith("dm/") ? place : `${place} ${space}`);

export const draftOf = (space: string, place: Place): Draft => drafts.get(keyOf(space, place)) ?? NOTHING;

export function keepDraft(space: string, place: Place, text: string, picks: readonly Pick[] = []): void {
	const key = keyOf(space, place);
	// What was typed last stands last.
	drafts.delete(key);
	if (text !== "") drafts.set(key, { text, picks });
	storeSoon();
}

/** Puts a text that could not be said before what is typed already. */
export function giveBack(space: string, place: Place, { text, picks }: Draft): void {
	const typed = draftOf(space, place);
	keepDraft(space, place, typed.text === "" ? text : `${text}\n${typed.text}`, [...picks, ...typed.picks]);
}

/** All that waits for its acknowledgement now. */
export function keepUnsaid(these: readonly Unsaid[]): void {
	unsaid = these;
	storeSoon();
}

/**
 * Somebody comes into a space. What the page before this one could not say goes back into its field, and what was another user's
 * is gone. Gives back what may have been said here: the record knows, and until it tells, the writer is asked. What may have been
 * said elsewhere goes into its field, too: to find it there once too often is better than to lose it.
 */
export function openDrafts(user: string | null, space: string): readonly Outgoing[] {
	if (user === null || user === owner) return [];
	const stored = load();
	forgetDrafts();
	owner = user;
	window.addEventListener("pagehide", store);
	document.addEventListener("visibilitychange", store);
	if (stored?.user !== user) return [];
	for (const [key, draft] of stored.drafts) drafts.set(key, draft);
	const isOpen = (each: Unsaid) => each.unsure && (each.space === space || each.outgoing.channel.startsWith("dm/"));
	unsaid = stored.unsaid.filter(isOpen);
	// From the last to the first: each is put before what is there.
	for (const each of [...stored.unsaid].reverse())
		if (!isOpen(each)) giveBack(each.space, each.outgoing.channel, each.draft);
	store();
	return unsaid.map(({ outgoing }) => ({ ...outgoing, state: "failed", reason: "unsure", handed: false }));
}

/** The user signs out. */
export function forgetDrafts(): void {
	drafts.clear();
	unsaid = [];
	owner = null;
	clearTimeout(timer);
	timer = 0;
	try {
		sessionStorage.removeItem(STORED);
	} catch {
		// Then nothing was kept there.
	}
}

function load(): Stored | null {
	try {
		const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Stored | null;
		return stored && Array.isArray(stored.drafts) && Array.isArray(stored.unsaid) ? stored : null;
	} catch {
		return null;
	}
}

function storeSoon(): void {
	if (owner === null) return;
	// A page that nobody looks at may be ended without a word.
	if (document.hidden) store();
	else if (timer === 0) timer = window.setTimeout(store, STORE_MS);
}

function store(): void {
	clearTimeout(timer);
	timer = 0;
	if (owner === null) return;
	let room = STORED_CHARS_MAX;
	const fits = ({ text }: Draft): boolean => {
		if (text.length > room) return false;
		room -= text.length;
		return true;
	};
	const stored: Stored = {
		user: owner,
		unsaid: unsaid.filter(({ draft }) => fits(draft)),
		drafts: [...drafts]
			.reverse()
			.filter(([, draft]) => fits(draft))
			.reverse(),
	};
	try {
		sessionStorage.setItem(STORED, JSON.stringify(stored));
	} catch {
		// Then it lives as long as the page.
	}
}
