// The people list: finding someone, going there, following; and what others see of one's status.

import assert from "node:assert/strict";
import { distance, stories, TALKING, until } from "./harness.mjs";

stories("the people list", (story) => {
	story("finds, shows, walks to and follows someone", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob Builder")];
		await world.guest("Cleo");
		await bob.walk("ArrowLeft", 200);
		await bob.rests();
		await ada.opensPeople();
		await until("all are listed", async () => (await ada.peopleListed()).length === 3);
		assert.deepEqual(
			(await ada.peopleListed()).map((row) => row.name),
			["Ada", "Bob Builder", "Cleo"],
		);

		await ada.page.getByRole("searchbox", { name: "Find someone" }).fill("build");
		await until("one is left", async () => (await ada.peopleListed()).length === 1);
		await ada.page.getByRole("searchbox", { name: "Find someone" }).fill("nobody at all");
		await ada.reads("Nobody here goes by “nobody at all”.");
		await ada.page.getByRole("button", { name: "Clear search" }).click();
		await ada.page.getByRole("button", { name: /Bob Builder/ }).click();

		await ada.page.getByRole("button", { name: "Show where Bob Builder is" }).click();
		await ada.reads("Here is Bob Builder.", ".notices");
		await ada.reads("Looking around", ".notices");

		const apart = distance(await ada.position(), await bob.position());
		await ada.page.getByRole("button", { name: "Walk over to Bob Builder" }).click();
		await ada.reads("Walking over to Bob Builder.", ".notices");
		const near = async () => distance(await ada.position(), await bob.position()) < Math.min(64, apart);
		await until("Ada is with Bob", near);
		await ada.rests();

		await ada.page.getByRole("button", { name: "Follow Bob Builder" }).click();
		await ada.reads("Following Bob Builder", ".notices");
		await bob.walk("ArrowRight", 250);
		await until("Ada has come along", near);
		await ada.page.getByRole("button", { name: "Stop", exact: true }).first().click();
		await ada.readsNoMore("Following Bob Builder", ".notices");
		await ada.rests();
		const left = await ada.position();
		await bob.walk("ArrowLeft", 150);
		assert.deepEqual(await ada.position(), left, "she follows no more");
	});

	story("leaves the microphone within reach where its sheet covers the bar", async (world) => {
		const bob = await world.guest("Bob", { preferences: TALKING });
		const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
		const ada = await world.guest("Ada", { preferences: TALKING, ...phone });
		await bob.hears(ada);
		await ada.page.getByRole("button", { name: "People, 2" }).tap();
		await ada.showsElement(".side-panel");
		const reach = ada.page.getByRole("region", { name: "Microphone and camera" });
		await reach.getByRole("button", { name: "Mute", exact: true }).tap();
		await bob.hearsNothingOf(ada);
		const covered = () => ada.page.evaluate(() => document.querySelector(".bottom-bar").inert);
		assert.ok(await covered(), "nobody gets to what nobody sees");
		await ada.page.getByRole("button", { name: "Close people" }).tap();
		await until("the bar is back", async () => !(await covered()));
	});

	story("shows others the status one chooses, and forgets who leaves", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		for (const status of ["Busy", "Do not disturb", "Away", "Available"]) {
			await ada.chooses(status);
			await until(`Bob reads ${status}`, async () => (await bob.statusOf("Ada")) === status);
		}
		await ada.page.getByRole("button", { name: "More" }).click();
		await ada.page.getByRole("menuitem", { name: "Leave this space" }).click();
		await ada.reads("Places you can walk into.");
		await until("she is gone from Bob's list", async () => (await bob.row("Ada")) === undefined);
	});

	// The page's clock is moved on by five minutes; the space's is not.
	story("says who is away after five minutes without a touch, until they move", async (world) => {
		const ada = await world.browserFor("Ada");
		await ada.page.clock.install();
		await ada.enter(world.space);
		const bob = await world.guest("Bob");
		await ada.page.clock.fastForward("05:01");
		await until("Bob reads that she is away", async () => (await bob.statusOf("Ada")) === "Away", { ms: 30_000 });
		await ada.walk("ArrowLeft", 10);
		await until("Bob reads that she is back", async () => (await bob.statusOf("Ada")) === "Available");
	});
});
