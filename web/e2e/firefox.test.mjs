// The main flow in Firefox: in as a guest, walking, two who see each other, coming back after the server was killed; talking, and in a
// crowd through a media room.

import assert from "node:assert/strict";
import { agree, ON_CAMERA, openWorld, stories, until } from "./harness.mjs";
import { everywhere } from "./node.mjs";
import { meetInACrowd, seesThroughRoom } from "./sight.mjs";

stories("Firefox", (story) => {
	story("lets two in, who walk, see each other and come back", async (world) => {
		const [ada, bob] = [await world.guestInFirefox("Ada"), await world.guest("Bob")];
		await agree(ada, bob);
		assert.ok((await ada.walk("ArrowLeft", 60)) >= 60);
		await bob.walk("ArrowRight", 40);
		const before = await agree(ada, bob);
		assert.equal((await ada.row("Bob")).status, "Available");
		await ada.marks();

		await world.runtime.kill9();
		await ada.reads("Reconnecting", ".banner");
		await world.runtime.start();
		for (const person of [ada, bob]) await until(`${person.name} is back`, () => person.online(), { ms: 30_000 });
		assert.deepEqual(await agree(ada, bob), before);
		assert.ok(await ada.isMarked(), "nobody reloaded");
	});

	story("lets a second Firefox in, and both agree", async (world) => {
		const [ada, bob] = [await world.guestInFirefox("Ada"), await world.guestInFirefox("Bob")];
		await ada.page.bringToFront();
		await ada.walk("ArrowLeft", 40);
		await agree(ada, bob);
		await bob.page.bringToFront();
		await bob.walk("ArrowUp", 40);
		await agree(ada, bob);
	});

	story("talks with Chromium: both hear and see the other, and neither when they part", async (world) => {
		const ada = await world.guestInFirefox("Ada", { preferences: ON_CAMERA });
		const bob = await world.guest("Bob", { preferences: ON_CAMERA });
		await Promise.all([ada.hears(bob), bob.hears(ada), ada.watches(bob), bob.watches(ada)]);
		await ada.press("v");
		await bob.hearsNothingOf(ada);
		await ada.hears(bob);
		await ada.press("v");
		await bob.hears(ada);
		await bob.chooses("Do not disturb");
		await Promise.all([ada.hearsNothingOf(bob), bob.hearsNothingOf(ada)]);
		await bob.chooses("Available");
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
	});
});

stories(
	"Firefox in a crowd",
	(story) => {
		story("hears and sees Chromium through a room, and the other way round", async (world, test) => {
			await world.newPlace("social-space");
			const ada = await world.guestInFirefox("Ada", { preferences: ON_CAMERA });
			const bob = await world.guest("Bob", { preferences: ON_CAMERA });
			await meetInACrowd(world, test, [bob, ada]);
			await Promise.all([ada.hears(bob), bob.hears(ada)]);
			await Promise.all([seesThroughRoom(ada, bob), seesThroughRoom(bob, ada)]);
			await ada.press("v");
			await ada.showsElement('[aria-label="Unmute"]');
			await bob.hearsNothingOf(ada, { within_ms: 3_000 });
			await ada.hears(bob);
		});
	},
	{ open: () => openWorld({ nodes: 1, listens: everywhere() }) },
);
