// The name of a person or a space, before the server is asked. It has the last word.

import { ApiError, messageOf } from "../api/http";
import { appText as text } from "./text";

/** As the server takes it. */
const NAME_CHARS_MAX = 32;

export const tidied = (name: string): string => name.trim().replace(/\s+/g, " ");

/** Said while one types on, too. */
export const tooLong = (name: string): string | undefined =>
	[...tidied(name)].length > NAME_CHARS_MAX ? text.nameLong(NAME_CHARS_MAX) : undefined;

export const nameFault = (name: string, missing: string): string | undefined =>
	tidied(name) === "" ? missing : tooLong(name);

export interface Faults {
	name?: string | undefined;
	/** Nothing that another name would help against. */
	other?: string | undefined;
}

/** Why the server did not take it. */
export const faultsOf = (reason: unknown): Faults =>
	reason instanceof ApiError && reason.code === "invalid_name"
		? { name: reason.message }
		: { other: messageOf(reason) };
