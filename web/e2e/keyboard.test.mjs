// Everything without a mouse: from the front page to walking, finding someone, following them, and being busy.

import assert from "node:assert/strict";
import { distance, stories, until } from "./harness.mjs";

stories("with the keyboard alone", (story) => {
	story("one walks in, walks, follows someone and changes one's status", async (world) => {
		const bob = await world.guest("Bob");
		const ada = await world.browserFor("Ada");
		await ada.page.goto(world.url);
		await ada.showsElement("#name");
		await ada.tabsTo("What should people call you?");
		await ada.page.keyboard.type("Ada");
		await ada.press("Enter");
		await ada.reads("The Commons", ".sign");

		// Bob is in another space; the positions of this one are read from here on.
		await ada.page.goto(`${world.url}/s/${world.space}?inspect`);
		await until("she is inside", () => ada.client((c) => c?.ownPosition() != null));
		await ada.showsElement(".bottom-bar");
		assert.ok((await ada.walk("ArrowLeft", 60)) >= 60, "the place takes arrow keys from the start");

		await ada.press("p");
		await ada.showsElement(".side-panel");
		await until("Bob is listed", async () => (await ada.peopleListed()).some(({ name }) => name === "Bob"));
		await ada.tabsTo("Bob");
		await ada.press("Enter");
		await ada.tabsTo("Follow Bob");
		await ada.press("Enter");
		await ada.reads("Following Bob", ".notices");
		await bob.walk("ArrowRight", 150);
		await until("Ada has come along", async () => distance(await ada.position(), await bob.position()) < 80);
		await ada.press("Escape");
		await ada.readsNoMore("Following Bob", ".notices");
		await ada.press("Escape");
		await until("the list is closed, and the place has the focus back", () =>
			ada.page.evaluate(
				() => !document.querySelector(".side-panel") && document.activeElement?.matches("canvas.place"),
			),
		);

		await ada.tabsTo("status and avatar");
		await ada.press("Enter");
		await ada.showsElement("[role=menu]");
		await until("the menu has the focus", () =>
			ada.page.evaluate(() => document.activeElement?.closest("[role=menu]") !== null),
		);
		await ada.press("ArrowDown", "Enter");
		await until("Bob reads that she is busy", async () => (await bob.statusOf("Ada")) === "Busy");
		await ada.readsNoMore("Happy to talk");
		await ada.rests();
		const steps = [];
		for (const key of ["KeyW", "KeyA"]) steps.push(await ada.walk(key, 30));
		assert.ok(Math.max(...steps) >= 30, `she walks on, although the focus is on the bar: ${steps}`);
	});
});
