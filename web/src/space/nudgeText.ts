// All words about asking and being asked.

import type { Asked } from "../state/nudges";
import type { NudgeKind } from "./words";

const soon = (ms: number): string => {
	const seconds = Math.max(1, Math.ceil(ms / 1_000));
	return seconds < 90
		? `in ${seconds} ${seconds === 1 ? "second" : "seconds"}`
		: `in ${Math.ceil(seconds / 60)} minutes`;
};

export const nudgeText = {
	brand: "Earshot",
	somebody: "Somebody",
	cards: "Questions for you",
	comeHere: "Ask to come here",
	comeHereTo: (name: string) => `Ask to come here: ${name}`,
	join: "Ask to join them",
	joinTo: (name: string) => `Ask to join them: ${name}`,
	asked: (kind: NudgeKind, up: boolean, name: string) =>
		kind === "come_here"
			? up
				? `You invited ${name} up.`
				: `You asked ${name} to come over.`
			: `You asked ${name} whether you may join.`,
	asks: ({ kind, knock, up }: Asked, name: string) =>
		kind === "come_here"
			? up
				? `${name} invites you up on stage.`
				: `${name} asks you to come over.`
			: knock
				? `${name} knocks and would like to come in.`
				: `${name} would like to join you.`,
	come: "Come",
	letInButton: "Let in",
	openAndLetIn: "Open and let in",
	welcome: "Yes, come",
	notNow: "Not now",
	howToAnswer: "Answer in the card at the bottom.",
	letIn: (name: string) => `${name} may come.`,
	answered: (kind: NudgeKind, accepted: boolean, name: string) =>
		accepted
			? kind === "come_here"
				? `${name} is on the way to you.`
				: `${name} is glad if you join. Walking over.`
			: `${name} can't right now.`,
	refused: (reason: "unavailable" | "dnd" | "too_fast" | "other", name: string, retryInMs: number) =>
		({
			unavailable: `${name} can't be asked right now.`,
			dnd: `${name} does not want to be disturbed right now.`,
			too_fast: retryInMs > 0 ? `You just asked. Try again ${soon(retryInMs)}.` : "You just asked. Give it a moment.",
			other: "That didn't reach them. Try again in a moment.",
		})[reason],
	rings: (name: string, space: string) => `${name} rings: would you come to ${space}?`,
	go: (space: string) => `Go to ${space}`,
	ring: "Ring",
	ringFor: (name: string) => `Ring for ${name}`,
	rang: (name: string) => `You rang for ${name}. If they hear it, they can come.`,
	ringBlocked: (name: string) => `${name} can't be rung.`,
	ringTooFast: (name: string, ms: number) =>
		ms > 0 ? `You just rang for ${name}. Try again ${soon(ms)}.` : `You just rang for ${name}. Give it a moment.`,
	away: "Members who are not here",
};
