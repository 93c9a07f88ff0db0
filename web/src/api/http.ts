// One way to ask the API: JSON in and out, errors as one type, and a single quiet refresh when a session ran out.

import { apiText } from "./text";

export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		/** When it may be tried again; 0 where nobody said. */
		readonly retryInMs = 0,
	) {
		super(message);
	}
}

let refreshing: Promise<boolean> | null = null;

/**
 * Trades the refresh cookie for a new session; several askers at once share one request, for tokens rotate.
 * False: the sign-in is over. Throws where the answer says nothing about it (no network, a server in trouble).
 */
export function refresh(): Promise<boolean> {
	refreshing ??= renew().finally(() => {
		refreshing = null;
	});
	return refreshing;
}

/**
 * Another tab was faster, and its cookie will be here in a moment; or the answer to this browser's last question was lost, and it is answered
 * again after ten seconds. These are longer together.
 */
const RACED_MS = [300, 700, 1_500, 3_000, 6_000];

async function renew(): Promise<boolean> {
	for (const wait_ms of [...RACED_MS, null]) {
		const response = await send("POST", "/api/auth/refresh", undefined);
		if (response.ok) return true;
		if (response.status === 401 || response.status === 403) return false;
		if (response.status !== 409 || wait_ms === null) throw await failure(response);
		// Not in step with the other tab.
		await new Promise((resolve) => setTimeout(resolve, wait_ms * (1 + Math.random() / 2)));
	}
	return false;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * A line may be gone without a word. Whoever has not begun to answer by then is not reached; the rest of a long answer may take
 * longer.
 */
const ANSWER_MS_MAX = 15_000;

async function send(method: Method, path: string, body: unknown, giveUp?: AbortSignal): Promise<Response> {
	const ended = new AbortController();
	const end = () => ended.abort();
	const init: RequestInit = { method, credentials: "same-origin", signal: ended.signal };
	if (body !== undefined) {
		init.headers = { "content-type": "application/json" };
		init.body = JSON.stringify(body);
	}
	const timer = setTimeout(end, ANSWER_MS_MAX);
	giveUp?.addEventListener("abort", end);
	try {
		return await fetch(path, init);
	} catch {
		throw new ApiError(0, "unreachable", navigator.onLine ? apiText.unreachable : apiText.offline);
	} finally {
		clearTimeout(timer);
	}
}

async function failure(response: Response): Promise<ApiError> {
	const body = (await response.json().catch(() => null)) as {
		error?: { code?: string; message?: string; retry_in_ms?: number };
	} | null;
	const fallback = response.status === 429 ? apiText.tooMany : apiText.broken;
	const { code = "unknown", message = fallback, retry_in_ms = 0 } = body?.error ?? {};
	return new ApiError(response.status, code, message, retry_in_ms);
}

/** The answer as it came, for what is not JSON. `giveUp` ends it early, as if nobody was reached. */
export async function ask(method: Method, path: string, body?: unknown, giveUp?: AbortSignal): Promise<Response> {
	let response = await send(method, path, body, giveUp);
	const mayRefresh = response.status === 401 && !/\/auth\/(login|refresh|guest|register|passkey\/)/.test(path);
	if (mayRefresh && (await refresh())) response = await send(method, path, body, giveUp);
	if (!response.ok) throw await failure(response);
	return response;
}

export async function call<T>(method: Method, path: string, body?: unknown, giveUp?: AbortSignal): Promise<T> {
	const response = await ask(method, path, body, giveUp);
	if (response.status === 204) return undefined as T;
	return (await response.json()) as T;
}

/** A sentence to show for anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof ApiError ? error.message : apiText.broken);
