// Who is signed in, as far as this page knows.

import { create } from "zustand";
import { mayBeKnown, me } from "../api/auth";
import type { Me, User } from "../api/types";
import { forgetDrafts } from "../chat/drafts";

export type Session =
	| { kind: "asking" }
	| { kind: "stranger" }
	| { kind: "known"; me: Me }
	| { kind: "failed"; error: unknown };

export const useSession = create<{ session: Session }>(() => ({ session: { kind: "asking" } }));

/** Asks the server, except where a stranger may look around anyway and this browser never signed in. */
export async function askSession(): Promise<void> {
	const open = /^\/(spaces|signin)\/?$/.test(location.pathname);
	if (open && !mayBeKnown()) {
		useSession.setState({ session: { kind: "stranger" } });
		return;
	}
	try {
		const answer = await me();
		useSession.setState({ session: answer ? { kind: "known", me: answer } : { kind: "stranger" } });
	} catch (error) {
		useSession.setState({ session: { kind: "failed", error } });
	}
}

/** A sign-in or a saved profile gave this user. Whoever was a stranger before may have an address and passkeys: ask. */
export function userChanged(user: User): void {
	const { session } = useSession.getState();
	const rest = session.kind === "known" ? session.me : { email: null, passkeys: 0 };
	useSession.setState({ session: { kind: "known", me: { ...rest, user } } });
	if (session.kind !== "known" || session.me.user.id !== user.id || session.me.user.guest !== user.guest)
		void askSession();
}

/**
 * For whoever goes to the front page next. Until that is there, this page stays as it is: for a moment it would tell a stranger to sign in.
 * Who comes back to it, kept by the browser as it was left, sees nothing of whose it was.
 */
export function signedOut(): void {
	forgetDrafts();
	addEventListener("pagehide", () => useSession.setState({ session: { kind: "stranger" } }), { once: true });
}
