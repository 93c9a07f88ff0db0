// Who one is, while the network and other tabs get in the way.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const ask = vi.fn<(path: string) => Response>();

beforeEach(() => {
	vi.resetModules();
	vi.useFakeTimers();
	ask.mockReset();
	vi.stubGlobal("fetch", async (path: string) => ask(path));
	vi.stubGlobal("navigator", { onLine: true });
	vi.stubGlobal("localStorage", { getItem: () => "1", setItem: () => {}, removeItem: () => {} });
	vi.stubGlobal("location", { pathname: "/s/commons" });
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const answer = (status: number, body: unknown) => Response.json(body, { status });
const refused = (status: number, code: string) => answer(status, { error: { code, message: code } });

/** A server to which this browser's token comes back: `raced` times it says so. */
function server(raced: number) {
	let isRenewed = false;
	ask.mockImplementation((path) => {
		if (path === "/api/auth/me")
			return isRenewed ? answer(200, { user: { id: "u_1" } }) : refused(401, "not_signed_in");
		if (raced-- > 0) return refused(409, "refresh_raced");
		isRenewed = true;
		return answer(200, {});
	});
}

describe("the session", () => {
	it("goes on when another tab was faster", async () => {
		server(1);
		const { me } = await import("../src/api/auth");
		const asked = me();
		await vi.advanceTimersByTimeAsync(1_000);
		expect(await asked).toMatchObject({ user: { id: "u_1" } });
	});

	it("goes on when the last answer was lost, as soon as the server answers again", async () => {
		server(Number.POSITIVE_INFINITY);
		// Ten seconds, as in worker/src/core/refresh.rs.
		setTimeout(() => server(0), 10_000);
		const { me } = await import("../src/api/auth");
		const asked = me();
		await vi.advanceTimersByTimeAsync(20_000);
		expect(await asked).toMatchObject({ user: { id: "u_1" } });
	});

	it("is not taken for a stranger's because nobody could be asked", async () => {
		server(Number.POSITIVE_INFINITY);
		const { askSession, useSession } = await import("../src/state/session");
		const asked = askSession();
		await vi.advanceTimersByTimeAsync(30_000);
		await asked;
		expect(useSession.getState().session.kind).toBe("failed");
	});

	it("is a stranger's when the server says so", async () => {
		ask.mockImplementation(() => refused(401, "not_signed_in"));
		const { askSession, useSession } = await import("../src/state/session");
		await askSession();
		expect(useSession.getState().session.kind).toBe("stranger");
	});

	it("ends where the page does, and not while the next one is on its way", async () => {
		const page = new EventTarget();
		vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
		vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => {}, removeItem: () => {} });
		const { signedOut, useSession } = await import("../src/state/session");
		useSession.setState({ session: { kind: "known", me: { user: { id: "u_1" } } as never } });
		signedOut();
		expect(useSession.getState().session.kind).toBe("known");
		page.dispatchEvent(new Event("pagehide"));
		expect(useSession.getState().session.kind).toBe("stranger");
	});
});
