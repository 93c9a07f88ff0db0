// All words about emotes and raised hands.

import type { Emote } from "./words";

export const emoteText = {
	title: "Emotes",
	button: "Emotes",
	wheel: "What would you like to do?",
	close: "Close",
	names: {
		wave: "Wave",
		dance: "Dance",
		sit: "Sit down",
		jump: "Jump",
		raise_hand: "Raise hand",
		clap: "Clap",
		heart: "Send a heart",
		confetti: "Confetti",
	} satisfies Record<Emote, string>,
	ends: {
		dance: "Stop dancing",
		sit: "Stand up",
		raise_hand: "Lower hand",
	} as Readonly<Partial<Record<Emote, string>>>,
	/** Said of those one talks with. */
	said: {
		wave: (name: string) => `${name} waves.`,
		jump: (name: string) => `${name} jumps.`,
		clap: (name: string) => `${name} claps.`,
		heart: (name: string) => `${name} sends a heart.`,
		confetti: (name: string) => `${name} throws confetti.`,
	} as Readonly<Partial<Record<Emote, (name: string) => string>>>,
	raised: (name: string, place: number) =>
		place === 1 ? `${name} raised a hand.` : `${name} raised a hand, number ${place} in line.`,
	handUp: "Your hand is up.",
	handDown: "Your hand is down.",
	hands: (count: number) => (count === 1 ? "1 hand is up" : `${count} hands are up`),
	handIsUp: "Hand up",
	place: (number: number) => `Hand up, number ${number}`,
	lower: "Lower hand",
	inviteUp: (name: string) => `Invite ${name} up`,
};
