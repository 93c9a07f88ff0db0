// A line that becomes poor in a crowd: voices go on, pictures are left out and said to be, and come back when it is better.

import assert from "node:assert/strict";
import { noFarWorld, openFarWorld } from "./far.mjs";
import { ON_CAMERA, stories, TALKING } from "./harness.mjs";
import { meetInACrowd, seesThroughRoom } from "./sight.mjs";

/** Ada's and Bob's. */
const WEATHERS = [
	{ delay: 20, seed: 21 },
	{ delay: 20, seed: 22 },
];
/** Two voices and what goes with them, and not a picture more. */
const POOR_KBPS = 120;
/** A picture that was withheld comes back late, and later each time. */
const BACK_MS_MAX = 60_000;

stories(
	"a line that becomes poor in a crowd",
	(story) => {
		story("keeps the voices; the tile says why there is no picture, and shows it again", async (world, test) => {
			await world.newPlace("social-space");
			const ada = await world.guestFrom(world.homes[0], "Ada", { preferences: TALKING });
			const bob = await world.guestFrom(world.homes[1], "Bob", { preferences: ON_CAMERA });
			await meetInACrowd(world, test, [ada, bob]);
			await seesThroughRoom(ada, bob);
			const tile = ada.page.locator(`.tile[data-peer="${await bob.id()}"]`);
			const quiet = tile.locator(".tile-quiet");
			assert.equal(await quiet.count(), 0);

			const begin = performance.now();
			await world.homes[0].says(`rate ${POOR_KBPS}`);
			await quiet.waitFor({ timeout: BACK_MS_MAX });
			test.diagnostic(`said after ${Math.round(performance.now() - begin)} ms`);
			await Promise.all([ada.hears(bob), bob.hears(ada)]);
			await tile.getByRole("button", { name: "Volume and options" }).click();
			await ada.reads("too slow for this picture", ".tile-reason");
			await ada.press("Escape");

			const better = performance.now();
			await world.homes[0].says("rate 0");
			await quiet.waitFor({ state: "detached", timeout: BACK_MS_MAX });
			await seesThroughRoom(ada, bob);
			test.diagnostic(`back after ${Math.round(performance.now() - better)} ms`);
			await Promise.all([ada.hears(bob), bob.hears(ada)]);
		});
	},
	{ skip: noFarWorld ?? false, open: () => openFarWorld(WEATHERS, { nodes: 1 }) },
);
