import { describe, expect, it } from "vitest";
import { askedBy } from "../src/chat/asked";

describe("what an address asks for", () => {
	it("is a message, in a channel or in that of all", () => {
		expect(askedBy("?channel=c/3&message=12&inspect")).toEqual({ place: "c/3", message: 12 });
		expect(askedBy("?channel=c%2F3&message=12")).toEqual({ place: "c/3", message: 12 });
		expect(askedBy("?message=7")).toEqual({ place: "everyone", message: 7 });
	});

	it("is a conversation with somebody", () => {
		expect(askedBy("?direct=u_k3v7m2q5x4b6d5fa")).toEqual({ place: "dm/u_k3v7m2q5x4b6d5fa", message: 0 });
	});

	it("is nothing where it could not be", () => {
		for (const search of [
			"",
			"?inspect",
			"?message=-1",
			"?message=1e99",
			"?message=x",
			"?channel=c/3",
			"?channel=nearby&message=1",
			"?channel=dm/x&message=1",
			"?direct=",
			"?direct=../../x",
		])
			expect(askedBy(search), search).toBeNull();
	});
});
