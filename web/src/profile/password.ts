// A new password for an account: what is wrong with it before it is sent, and to which field the server's answer belongs. Pure.

import { ApiError, messageOf } from "../api/http";
import { emailFault, newPasswordFault } from "../signin/credentials";
import { profileText } from "./text";

/** A first one comes with an address, any other with the one before. */
export type Draft = { kind: "first"; email: string; next: string } | { kind: "change"; current: string; next: string };

export interface Faults {
	email?: string | undefined;
	current?: string | undefined;
	next?: string | undefined;
	form?: string | undefined;
}

export const isFlawless = (faults: Faults): boolean => Object.values(faults).every((fault) => fault === undefined);

export function faultsOf(draft: Draft): Faults {
	const next = newPasswordFault(draft.next);
	if (draft.kind === "first") return { email: emailFault(draft.email), next };
	return { current: draft.current === "" ? profileText.password.currentMissing : undefined, next };
}

const PLACES = new Map<string, keyof Faults>([
	["wrong_password", "current"],
	["weak_password", "next"],
	["invalid_email", "email"],
	["email_taken", "email"],
]);

/** What the server refused. */
export function refusal(reason: unknown): Faults {
	const place = reason instanceof ApiError ? PLACES.get(reason.code) : undefined;
	return { [place ?? "form"]: messageOf(reason) };
}
