// Passkeys: the browser's own dialogue between two calls of the API.
// Options and answers travel as base64url text, since older browsers lack the JSON forms we convert ourselves.

import type { Look } from "../avatar/look";
import { signedIn } from "./auth";
import { call } from "./http";
import type { Me, Passkey, User } from "./types";

interface Challenge<Options> {
	challenge_id: string;
	options: { publicKey: Options };
}
type Wire = Record<string, unknown>;

export const passkeysWork = (): boolean => typeof PublicKeyCredential === "function";

const toBytes = (text: unknown): ArrayBuffer => {
	const binary = atob(String(text).replaceAll("-", "+").replaceAll("_", "/"));
	return Uint8Array.from(binary, (c) => c.charCodeAt(0)).buffer;
};

const toText = (bytes: ArrayBuffer): string =>
	btoa(String.fromCharCode(...new Uint8Array(bytes)))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");

const descriptors = (list: unknown): PublicKeyCredentialDescriptor[] =>
	((list ?? []) as Wire[]).map((each) => ({ type: "public-key", id: toBytes(each["id"]) }));

/** The person closed the dialogue or it timed out: nothing went wrong, nothing to report. */
export const wasCancelled = (error: unknown): boolean =>
	error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");

async function create(options: Wire): Promise<Wire> {
	const user = options["user"] as Wire;
	const publicKey = {
		...options,
		challenge: toBytes(options["challenge"]),
		user: { ...user, id: toBytes(user["id"]) },
		excludeCredentials: descriptors(options["excludeCredentials"]),
	} as unknown as PublicKeyCredentialCreationOptions;
	const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
	const response = made.response as AuthenticatorAttestationResponse;
	return {
		id: made.id,
		rawId: toText(made.rawId),
		type: made.type,
		response: {
			attestationObject: toText(response.attestationObject),
			clientDataJSON: toText(response.clientDataJSON),
		},
		extensions: {},
	};
}

async function get(options: Wire): Promise<Wire> {
	const publicKey = {
		...options,
		challenge: toBytes(options["challenge"]),
		allowCredentials: descriptors(options["allowCredentials"]),
	} as unknown as PublicKeyCredentialRequestOptions;
	const used = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
	const response = used.response as AuthenticatorAssertionResponse;
	return {
		id: used.id,
		rawId: toText(used.rawId),
		type: used.type,
		response: {
			authenticatorData: toText(response.authenticatorData),
			clientDataJSON: toText(response.clientDataJSON),
			signature: toText(response.signature),
			userHandle: response.userHandle ? toText(response.userHandle) : null,
		},
		extensions: {},
	};
}

/** With a name: a new account. Without: one more passkey for the account one is signed in to. */
export async function addPasskey(profile?: { name: string; look: Look }): Promise<User> {
	// A session that has to be renewed first: without it, it would be nobody's passkey.
	if (!profile) await call<Me>("GET", "/api/auth/me");
	const start = await call<Challenge<Wire>>("POST", "/api/auth/passkey/register/start", profile ?? {});
	const credential = await create(start.options.publicKey);
	return signedIn(call("POST", "/api/auth/passkey/register/finish", { challenge_id: start.challenge_id, credential }));
}

export async function signInWithPasskey(): Promise<User> {
	const start = await call<Challenge<Wire>>("POST", "/api/auth/passkey/login/start", {});
	const credential = await get(start.options.publicKey);
	return signedIn(call("POST", "/api/auth/passkey/login/finish", { challenge_id: start.challenge_id, credential }));
}

export async function listPasskeys(): Promise<Passkey[]> {
	return (await call<{ passkeys: Passkey[] }>("GET", "/api/auth/passkeys")).passkeys;
}

export const removePasskey = (id: string): Promise<void> =>
	call("DELETE", `/api/auth/passkeys/${encodeURIComponent(id)}`);
