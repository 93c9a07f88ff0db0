// What bodies do: which frame shows, how long it lasts, and that nothing moves where motion is not wanted.

import { describe, expect, it } from "vitest";
import { actFor, bodyOf, dancing, EMOTES, gestureOf, jumping } from "../src/render/acts";
import type { GesturesInfo } from "../src/render/sheet";

const info = {
	animations: {
		wave: { frames: 3, ms: 130 },
		raise: { frames: 1, ms: 1000 },
		raiseWalk: { frames: 6, ms: 90 },
		raiseSit: { frames: 1, ms: 1000 },
		clap: { frames: 2, ms: 110 },
		dance: { frames: 4, ms: [260, 140, 260, 140] },
		jump: { frames: 1, ms: 1000 },
	},
} as unknown as GesturesInfo;
const stands = { act: null, dances: false, hand: false, pose: 0, walkFrame: 0 };

describe("emotes", () => {
	it("has eight, of which those pass that do not stay with the person", () => {
		expect(EMOTES).toHaveLength(8);
		expect(EMOTES.filter((each) => actFor(each, 0) === null)).toEqual(["dance", "sit", "raise_hand"]);
	});

	it("swings a waving hand there and back, and asks for the next frame", () => {
		const act = actFor("wave", 1_000);
		const at = (ms: number) => gestureOf(info, { ...stands, act }, 1_000 + ms, true);
		expect([0, 130, 260, 390, 520].map((ms) => at(ms)?.frame)).toEqual([0, 1, 2, 1, 0]);
		expect(at(100)).toMatchObject({ gesture: "wave", next_ms: 30 });
	});

	it("holds one pose where motion is reduced, and asks for nothing", () => {
		for (const kind of ["wave", "clap", "jump"] as const) {
			const act = actFor(kind, 0);
			const [early, late] = [100, 500].map((ms) => gestureOf(info, { ...stands, act }, ms, false));
			expect(early).toEqual(late);
			expect(early?.next_ms).toBeNull();
		}
		expect(gestureOf(info, { ...stands, dances: true }, 300, false)).toMatchObject({ frame: 0, next_ms: null });
		expect(bodyOf({ act: actFor("jump", 0), pose: 0 }, 300, false).up_px).toBe(0);
	});

	it("leaves the ground and comes back to it", () => {
		expect(jumping(0).up_px).toBe(0);
		expect(jumping(0.5).up_px).toBeGreaterThan(12);
		expect(jumping(0.99).up_px).toBe(0);
		for (let share = 0; share < 1; share += 0.01) {
			const { wide, high } = jumping(share);
			expect(Math.abs(high - 1)).toBeLessThan(0.2);
			// What is pressed flat grows wide.
			expect(Math.sign(wide - 1)).toBe(-Math.sign(high - 1) || 0);
		}
	});

	it("dances by one clock, a few frames a second", () => {
		expect(dancing(info, 0)).toEqual(dancing(info, 800));
		expect(dancing(info, 0).next_ms).toBe(260);
		expect(dancing(info, 300).frame).toBe(1);
	});

	it("keeps a hand up while one walks and sits, but does not clap then", () => {
		const up = { ...stands, hand: true };
		expect(gestureOf(info, up, 0, true)?.gesture).toBe("raise");
		expect(gestureOf(info, { ...up, pose: 1, walkFrame: 4 }, 0, true)).toMatchObject({
			gesture: "raiseWalk",
			frame: 4,
		});
		expect(gestureOf(info, { ...up, pose: 3 }, 0, true)?.gesture).toBe("raiseSit");
		expect(gestureOf(info, { ...stands, act: actFor("clap", 0), pose: 1 }, 50, true)).toBeNull();
		expect(gestureOf(info, stands, 0, true)).toBeNull();
	});
});
