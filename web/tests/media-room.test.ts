// What a media node says over the data channel: read where it fits, and nothing where it does not.

import { describe, expect, it } from "vitest";
import { readRoomMessage } from "../src/media/room/words";

const read = (message: unknown) => readRoomMessage(JSON.stringify(message));

describe("a node's words", () => {
	it("say what is on which lane", () => {
		const slots = [
			{ picture: true, slot: 2, content: [7, "camera"] },
			{ picture: false, slot: 0, content: null },
		];
		expect(read({ type: "slots", slots })).toEqual({
			type: "slots",
			slots: [
				{ picture: true, slot: 2, id: 7, kind: "camera" },
				{ picture: false, slot: 0, id: null, kind: null },
			],
		});
	});

	it("say which pictures do not come, and why", () => {
		const picture = { session: 7, kind: "camera", cause: "link" };
		const pictures = [
			picture,
			{ ...picture, cause: "whim" },
			{ ...picture, session: -1 },
			{ ...picture, kind: "smell" },
		];
		expect(read({ type: "absent", pictures: [...pictures, null] })).toEqual({
			type: "absent",
			pictures: [{ id: 7, kind: "camera", cause: "link" }],
		});
		const many = read({ type: "absent", pictures: Array.from({ length: 300 }, () => picture) });
		expect(many?.type === "absent" && many.pictures.length, "no more than anybody wants").toBe(60);
	});

	it("say who speaks, and that it is over", () => {
		expect(read({ type: "beat", speakers: [3, -1, "4", 5] })).toEqual({ type: "beat", speakers: [3, 5] });
		expect(read({ type: "bye", reason: 7 })).toEqual({ type: "bye", reason: "" });
	});

	it("of another version, or of nobody, are nothing", () => {
		for (const message of [{ type: "news" }, {}, [], null, 7, { type: "slots", slots: "all" }]) {
			const got = read(message);
			expect(got === null || (got.type === "slots" && got.slots.length === 0), JSON.stringify(message)).toBe(true);
		}
		for (const text of ["", "{", new ArrayBuffer(8), `{"type":"beat","speakers":[${"1,".repeat(20_000)}1]}`])
			expect(readRoomMessage(text)).toBeNull();
	});
});
