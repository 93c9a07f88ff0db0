// What can be said about an address and a new password before the server is asked. It has the last word.

import { signinText as text } from "./text";

/** More than the server wants: what is told to people should be good advice. */
const PASSWORD_CHARS_MIN = 10;

export const emailFault = (email: string): string | undefined =>
	/^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : text.emailBad;

export function newPasswordFault(password: string): string | undefined {
	if (password === "") return text.passwordMissing;
	return [...password].length < PASSWORD_CHARS_MIN ? text.passwordShort : undefined;
}
