// Before one is heard: the device check, by keyboard alone; and everybody who has no devices, or wants to give none.

import assert from "node:assert/strict";
import { audit } from "./axe.mjs";
import { stories, TALKING, until } from "./harness.mjs";

const QUESTION = "How do you want to be heard?";

stories("the device check", (story) => {
	story("is passed by keyboard: seen, heard, chosen, remembered", async (world) => {
		const bob = await world.guest("Bob", { preferences: TALKING });
		const ada = await newcomer(world, "Ada");
		await ada.reads("Bob is right here and will hear you as soon as you start.");
		await ada.tabsTo("Use microphone and camera");
		await ada.press("Enter");
		await ada.showsElement("[role=dialog] video");
		await until("the picture moves", () =>
			ada.page.evaluate(() => {
				const video = document.querySelector("[role=dialog] video");
				return video.readyState >= 2 && video.videoWidth > 0 && !video.paused;
			}),
		);
		await until("the level moves", () =>
			ada.page.evaluate(
				() => Number(document.querySelector(".check-meter .meter")?.style.getPropertyValue("--level")) > 0,
			),
		);
		assert.equal((await ada.traffic(bob))?.audioOut ?? 0, 0, "nobody hears her yet");
		await bob.hearsNothingOf(ada);
		await ada.tabsTo("Play a test sound");
		await ada.press("Enter");
		await ada.tabsTo("Start with microphone and camera");
		await ada.press("Enter");
		await ada.readsNoMore(QUESTION);
		await Promise.all([bob.hears(ada), bob.watches(ada), ada.hears(bob)]);
		assert.ok((await ada.walk("ArrowLeft", 20)) >= 20, "and the keys walk again");

		await ada.page.reload();
		await ada.inside();
		assert.ok(!(await ada.words()).includes(QUESTION), "it is asked once");
		await Promise.all([bob.hears(ada), ada.hears(bob)]);
	});

	story("is left with Escape: then one listens", async (world) => {
		const bob = await world.guest("Bob", { preferences: TALKING });
		const ada = await newcomer(world, "Ada");
		await ada.press("Escape");
		await ada.readsNoMore(QUESTION);
		await ada.hears(bob);
		assert.equal((await ada.traffic(bob)).audioOut, 0);
		assert.equal(await ada.devicesOpened(), 0, "no device was opened");
	});

	for (const [what, devices, words] of [
		["has no microphone and no camera", "missing", /no microphone/i],
		["does not allow them", "denied", /./],
	]) {
		story(`lets in who ${what}, who hears everybody and walks`, async (world) => {
			const bob = await world.guest("Bob", { preferences: TALKING });
			const ada = await newcomer(world, "Ada", { devices });
			await ada.page.getByRole("button", { name: "Use microphone and camera" }).click();
			await ada.reads("You can walk in all the same");
			assert.match(await ada.words(), words);
			await ada.page.getByRole("dialog").getByRole("button", { name: "Just listen" }).last().click();
			await ada.readsNoMore(QUESTION);
			await ada.hears(bob);
			assert.ok((await ada.walk("ArrowLeft", 20)) >= 20);
			assert.equal((await bob.peers()).get(await ada.id()).state, "connected");
		});
	}

	story("and all screens of a conversation give axe nothing to say", async (world) => {
		const calm = { reducedMotion: "reduce" };
		const ada = await newcomer(world, "Ada", calm);
		await audit(ada, "device check, asking");
		await ada.page.getByRole("button", { name: "Use microphone and camera" }).click();
		await ada.showsElement("[role=dialog] video");
		await audit(ada, "device check");
		await ada.page.getByRole("button", { name: "Start with microphone and camera" }).click();
		await ada.readsNoMore(QUESTION);
		const bob = await world.guest("Bob", { ...calm, preferences: { ...TALKING, startWithCamera: true } });
		await Promise.all([ada.hears(bob), ada.watches(bob)]);
		await audit(ada, "conversation");
		await ada.page.getByRole("button", { name: "Mute", exact: true }).click();
		await ada.page.getByRole("button", { name: "Lock conversation" }).click();
		await ada.reads("Locked: nobody else can join this conversation.");
		await audit(ada, "muted and locked");
		const options = async () => {
			await ada.page.locator(`.tile[data-peer="${await bob.id()}"] .tile-more`).click();
			await ada.reads("Connection details");
		};
		await options();
		await audit(ada, "options of a tile");
		// Another size of the window closed them.
		if (!(await ada.words()).includes("Connection details")) await options();
		await ada.page.getByText("Connection details").click();
		await ada.showsElement(".stats-peer");
		await audit(ada, "connection details");
	});
});

/** Somebody who has never been here, before the question. */
async function newcomer(world, name, options) {
	const person = await world.browserFor(name, { devices: "asked", ...options, preferences: null });
	await person.page.goto(`${world.url}/s/${world.space}?inspect`);
	await person.showsElement("#name");
	await person.page.focus("#name");
	await person.page.keyboard.type(name);
	await person.press("Enter");
	await person.reads(QUESTION);
	await until(`${name} is inside`, () => person.client((c) => c?.ownPosition() != null));
	return person;
}
