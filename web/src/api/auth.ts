// Who one is: guests, e-mail and password, and the session itself. Passkeys are in passkey.ts.

import type { Look } from "../avatar/look";
import { ApiError, call } from "./http";
import type { Me, SignedIn, User } from "./types";

/** A mark that this browser has signed in before: without it the first visit need not ask who one is. */
const KNOWN = "earshot.known";

export function remember(known: boolean): void {
	try {
		if (known) localStorage.setItem(KNOWN, "1");
		else localStorage.removeItem(KNOWN);
	} catch {
		// Without storage we ask the server each time.
	}
}

export function mayBeKnown(): boolean {
	try {
		return localStorage.getItem(KNOWN) === "1";
	} catch {
		return true;
	}
}

export async function signedIn(answer: Promise<SignedIn>): Promise<User> {
	const { user } = await answer;
	remember(true);
	return user;
}

/** Null when nobody is signed in; anything else that goes wrong is thrown. */
export async function me(): Promise<Me | null> {
	try {
		const answer = await call<Me>("GET", "/api/auth/me");
		remember(true);
		return answer;
	} catch (error) {
		if (error instanceof ApiError && error.status === 401) {
			remember(false);
			return null;
		}
		throw error;
	}
}

export const enterAsGuest = (name: string, look: Look): Promise<User> =>
	signedIn(call("POST", "/api/auth/guest", { name, look }));

export const register = (email: string, password: string, name: string, look: Look): Promise<User> =>
	signedIn(call("POST", "/api/auth/register", { email, password, name, look }));

export const login = (email: string, password: string): Promise<User> =>
	signedIn(call("POST", "/api/auth/login", { email, password }));

export async function logout(): Promise<void> {
	await call<void>("POST", "/api/auth/logout");
	remember(false);
}

/** A first password, and the address it goes with. */
export const setPassword = (email: string, password: string): Promise<void> =>
	call("POST", "/api/auth/password", { email, password });

/** All other sessions end with the old one. */
export const changePassword = (current: string, password: string): Promise<void> =>
	call("PUT", "/api/auth/password", { current, password });

/** All sessions but this browser's end. */
export const endOthers = (): Promise<void> => call("POST", "/api/auth/logout/others");

/** Everything of the person goes. */
export async function deleteAccount(): Promise<void> {
	await call<void>("DELETE", "/api/account", { confirm: "delete" });
	remember(false);
}

export const updateProfile = (id: string, change: { name?: string; look?: Look }): Promise<User> =>
	call("PATCH", `/api/users/${encodeURIComponent(id)}`, change);
