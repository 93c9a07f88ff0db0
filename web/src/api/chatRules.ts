// What holds for writing in a space: named channels, pace, words, how long it is kept; and taking all of it along.

import { ApiError, ask, call } from "./http";
import type { NamedChannel, Space } from "./types";

const at = (space: string): string => `/api/spaces/${encodeURIComponent(space)}`;

export const listChannels = async (space: string): Promise<NamedChannel[]> =>
	(await call<{ channels: NamedChannel[] }>("GET", `${at(space)}/channels`)).channels;
export const makeChannel = (space: string, channel: Omit<NamedChannel, "number">): Promise<NamedChannel> =>
	call("POST", `${at(space)}/channels`, channel);
export const changeChannel = (
	space: string,
	number: number,
	change: Partial<Omit<NamedChannel, "number">>,
): Promise<NamedChannel> => call("PATCH", `${at(space)}/channels/${number}`, change);
export const deleteChannel = (space: string, number: number): Promise<void> =>
	call("DELETE", `${at(space)}/channels/${number}`);

export interface ChatRules {
	slow_mode_s: number;
	retention_days: number;
	words: string[];
}
export const changeRules = (space: string, change: Partial<ChatRules>): Promise<Space> =>
	call("PATCH", at(space), change);

/** How long the server may ask one to wait between two pages. */
const WAIT_MS_MAX = 30_000;

/** A long record is asked for faster than one may: then one waits as long as the server says. */
async function askPatiently(path: string): Promise<Response> {
	for (;;) {
		try {
			return await ask("GET", path);
		} catch (error) {
			if (!(error instanceof ApiError) || error.status !== 429) throw error;
			await new Promise((resume) => setTimeout(resume, Math.min(WAIT_MS_MAX, error.retryInMs || 5_000)));
		}
	}
}

/** All that was written, oldest first, one message a line, read page by page. */
export async function exportMessages(space: string, onLines: (lines: number) => void): Promise<Blob> {
	const pages: string[] = [];
	let lines = 0;
	let after: string | null = "0";
	while (after !== null) {
		const response: Response = await askPatiently(`${at(space)}/export?after=${encodeURIComponent(after)}`);
		const page = await response.text();
		if (page !== "") pages.push(page.endsWith("\n") ? page : `${page}\n`);
		lines += page.split("\n").filter(Boolean).length;
		onLines(lines);
		const next: string | null = response.headers.get("x-earshot-next");
		// A page that leads to itself would never end.
		after = next === after ? null : next;
	}
	return new Blob(pages, { type: "application/x-ndjson" });
}
