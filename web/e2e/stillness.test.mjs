// Where nothing happens, nothing is done: no frames, no drawing, and the space sleeps.

import assert from "node:assert/strict";
import { setTimeout as pass } from "node:timers/promises";
import { agree, stories, until } from "./harness.mjs";

/** The platform puts an object to sleep after ten seconds without work; a heartbeat falls into this time, too. */
const STILL_MS = 20_000;

stories("stillness", (story) => {
	// Slow life, like water and blinking, goes on for a minute after the last event, so these two want no motion.
	story("two people stand, and nothing is sent, drawn or kept awake", async (world, test) => {
		const calm = { reducedMotion: "reduce" };
		const [ada, bob] = [await world.guest("Ada", calm), await world.guest("Bob", calm)];
		await ada.walk("ArrowLeft", 50);
		const before = await agree(ada, bob);
		for (const person of [ada, bob]) await until("notes have gone", () => person.settled());

		const counted = await Promise.all([ada.activity(), bob.activity()]);
		await pass(STILL_MS);
		assert.deepEqual(await Promise.all([ada.activity(), bob.activity()]), counted);

		const woken = world.runtime.hears(/space_restored/);
		await ada.walk("ArrowUp", 40);
		test.diagnostic(await woken);
		await bob.walk("ArrowRight", 40);
		const after = await agree(ada, bob);
		assert.notDeepEqual(after[0], before[0]);
		assert.notDeepEqual(after[1], before[1]);
	});

	story("a hidden tab draws nothing, and shows the present when it is looked at again", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		await agree(ada, bob);
		await ada.hides();
		const { drawn } = await ada.activity();
		const from = await bob.position();
		await bob.walk("ArrowLeft", 80);
		await until("Ada's page was told", async () => {
			const at = await ada.client((c, id) => c.locate(id), await bob.id());
			return at && Math.abs(at.x - from.x) > 60;
		});
		assert.equal((await ada.activity()).drawn, drawn, "nothing was drawn");
		await ada.returns();
		await until("she draws again", async () => (await ada.activity()).drawn > drawn);
		await agree(ada, bob);
	});
});
