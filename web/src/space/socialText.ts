// All words about keeping people away from each other: blocking, reporting, sending out.

import type { ReportReason } from "../api/types";

export const socialText = {
	message: "Message",
	messageTo: (name: string) => `Message ${name}`,
	more: (name: string) => `More about ${name}`,
	block: "Block",
	unblock: "Unblock",
	report: "Report",
	sendOut: "Send out",
	ban: "Ban from this space",
	blocked: "blocked",
	close: "Close",
	cancel: "Cancel",
	titles: {
		block: (name: string) => `Block ${name}?`,
		unblock: (name: string) => `Unblock ${name}?`,
		report: (name: string) => `Report ${name}`,
		ban: (name: string) => `Ban ${name}?`,
		sendOut: (name: string) => `Send ${name} out?`,
	},
	helps: {
		block:
			"You no longer hear, see or read each other, in any space. They are not told. You can undo it in the settings.",
		unblock: "You hear and read each other again wherever you meet.",
		report: "Those who look after this space read it. The person is not told who reported them.",
		ban: "They are sent out at once and can't come back until somebody lifts the ban.",
		sendOut: "They leave at once. They may come back through the link.",
	},
	doIt: { block: "Block", unblock: "Unblock", report: "Send report", ban: "Ban", sendOut: "Send out" },
	done: {
		block: (name: string) => `You blocked ${name}.`,
		unblock: (name: string) => `You unblocked ${name}.`,
		report: (_: string) => "Thank you. Those who look after this space will read it.",
		ban: (name: string) => `${name} is banned.`,
		sendOut: (name: string) => `${name} was sent out.`,
	},
	reason: "What is it about?",
	reasons: { spam: "Spam", harassment: "Harassment", other: "Something else" } satisfies Record<ReportReason, string>,
	words: "What happened? (if you like)",
	about: "It is about one message, which they will see.",
};
