// Cameras in a crowd: they are seen through a room, and whoever does not see one is told why.

import assert from "node:assert/strict";
import { ON_CAMERA, openWorld, stories } from "./harness.mjs";
import { meetInACrowd, seesThroughRoom } from "./sight.mjs";

/** A node counts as full when it does anything at all. */
const FULL = ["--full-percent", "1"];
/** It has to be full for a while before pictures are left out, and again until all are. */
const FULL_MS_MAX = 60_000;

stories(
	"cameras in a crowd",
	(story) => {
		story("are seen both ways through a room", async (world, test) => {
			const people = await two(world, test);
			const [ada, bob] = people;
			await Promise.all([ada.hears(bob), bob.hears(ada)]);
			await Promise.all([seesThroughRoom(ada, bob), seesThroughRoom(bob, ada)]);
			for (const one of people) assert.equal(await one.page.locator(".tile-quiet").count(), 0, "nothing is missing");
		});
	},
	{ open: () => openWorld({ nodes: 1 }) },
);

stories(
	"cameras where the node is full",
	(story) => {
		story("give way to voices, and their tiles say so", async (world, test) => {
			const [ada, bob] = await two(world, test);
			const tile = bob.page.locator(`.tile[data-peer="${await ada.id()}"]`);
			await tile.locator(".tile-quiet").waitFor({ timeout: FULL_MS_MAX });
			assert.equal(await tile.locator(".tile-quiet").textContent(), "Sound only");
			assert.equal(await tile.locator("video").count(), 0, "no picture stands still");
			await Promise.all([ada.hears(bob), bob.hears(ada)]);
			await tile.getByRole("button", { name: "Volume and options" }).click();
			await bob.reads("only sound goes through", ".tile-reason");
			await bob.press("Escape");
		});
	},
	{ open: () => openWorld({ nodes: 1, flags: FULL }) },
);

/** Ada and Bob, on camera, in a crowd's room. */
async function two(world, test) {
	await world.newPlace("social-space");
	const ada = await world.guest("Ada", { preferences: ON_CAMERA });
	const bob = await world.guest("Bob", { preferences: ON_CAMERA });
	await meetInACrowd(world, test, [ada, bob]);
	return [ada, bob];
}
