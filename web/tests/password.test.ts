// A new password: what is said about it here, and where what the server says is shown.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../src/api/http";
import { faultsOf, isFlawless, refusal } from "../src/profile/password";

describe("a new password", () => {
	it("is sent when there is nothing to say about it", () => {
		expect(isFlawless(faultsOf({ kind: "change", current: "x", next: "ten letters" }))).toBe(true);
		expect(isFlawless(faultsOf({ kind: "first", email: " ada@example.org ", next: "ten letters" }))).toBe(true);
	});

	it("is told what is missing, at its place", () => {
		expect(faultsOf({ kind: "change", current: "", next: "" })).toEqual({
			current: expect.any(String),
			next: expect.any(String),
		});
		expect(faultsOf({ kind: "first", email: "ada", next: "short" })).toEqual({
			email: expect.any(String),
			next: expect.any(String),
		});
		// Letters count, however many units they take.
		expect(isFlawless(faultsOf({ kind: "change", current: "x", next: "🐎".repeat(9) }))).toBe(false);
		expect(isFlawless(faultsOf({ kind: "change", current: "x", next: "🐎".repeat(10) }))).toBe(true);
	});

	it("has the server's refusal where it can be mended, and any other below", () => {
		for (const [code, place] of [
			["wrong_password", "current"],
			["weak_password", "next"],
			["invalid_email", "email"],
			["email_taken", "email"],
			["too_many_requests", "form"],
			["session_over", "form"],
			["constructor", "form"],
		] as const) {
			expect(refusal(new ApiError(400, code, "A sentence."))).toEqual({ [place]: "A sentence." });
		}
		expect(refusal(new TypeError("none of people's business"))).toEqual({ form: expect.stringMatching(/^Something/) });
	});
});

describe("a session that ran out", () => {
	const asked: string[] = [];
	let isRenewed = false;

	beforeEach(() => {
		asked.length = 0;
		isRenewed = false;
		vi.resetModules();
		vi.stubGlobal("navigator", { onLine: true });
		vi.stubGlobal("fetch", async (path: string, { method }: RequestInit) => {
			asked.push(`${method} ${path}`);
			if (path === "/api/auth/refresh") isRenewed = true;
			return isRenewed
				? Response.json({ passkeys: [] })
				: Response.json({ error: { code: "not_signed_in", message: "Sign in." } }, { status: 401 });
		});
	});
	afterEach(() => vi.unstubAllGlobals());

	it("is renewed for the passkeys one has", async () => {
		const { listPasskeys } = await import("../src/api/passkey");
		expect(await listPasskeys()).toEqual([]);
		expect(asked).toEqual(["GET /api/auth/passkeys", "POST /api/auth/refresh", "GET /api/auth/passkeys"]);
	});

	it("is renewed before one more is made, and not by a wrong passkey", async () => {
		const { addPasskey, signInWithPasskey } = await import("../src/api/passkey");
		await expect(signInWithPasskey()).rejects.toMatchObject({ status: 401 });
		expect(asked).toEqual(["POST /api/auth/passkey/login/start"]);
		asked.length = 0;
		// There is no authenticator here.
		await expect(addPasskey()).rejects.toThrow();
		expect(asked).toEqual([
			"GET /api/auth/me",
			"POST /api/auth/refresh",
			"GET /api/auth/me",
			"POST /api/auth/passkey/register/start",
		]);
	});
});
