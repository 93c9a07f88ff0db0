// A guest opens the link, says a name, and is there.

import assert from "node:assert/strict";
import { audit } from "./axe.mjs";
import { stories, until } from "./harness.mjs";

stories("a guest by link", (story) => {
	story("walks from the front page into the commons with nothing but a name", async (world) => {
		const ada = await world.browserFor("Ada");
		await ada.page.goto(world.url);
		await ada.page.getByLabel("What should people call you?").fill("Ada");
		await ada.page.getByRole("button", { name: "Walk in" }).click();
		await ada.reads("The Commons", ".sign");
		assert.equal(new URL(ada.page.url()).pathname, "/s/commons");
		await ada.page.keyboard.press("p");
		await until("the list names her", async () => (await ada.peopleListed()).length === 1);
		assert.deepEqual(await ada.peopleListed(), [{ name: "Ada", badges: ["you", "guest"], status: "Available" }]);
	});

	story("is told when the name is missing", async (world) => {
		const nobody = await world.browserFor("nobody");
		await nobody.page.goto(world.url);
		await nobody.page.getByRole("button", { name: "Walk in" }).click();
		await nobody.reads("A name first, then the door opens.");
		assert.equal(new URL(nobody.page.url()).pathname, "/");
	});

	story("finds the door as it was on coming back to it", async (world) => {
		const ada = await world.browserFor("Ada");
		await ada.page.goto(world.url);
		// Nobody answers: the page is left while the door opens.
		await ada.page.route("**/api/auth/guest", () => {});
		await ada.page.getByLabel("What should people call you?").fill("Ada");
		await ada.page.getByRole("button", { name: "Walk in" }).click();
		await ada.reads("Opening");
		// What a browser says that kept the page whole; one that is driven keeps none.
		await ada.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
		// Sooner than the asking is given up, after which it opens anyway.
		const opens = async () => (await ada.page.getByRole("button", { name: "Walk in" }).count()) > 0;
		await until("it opens again", opens, { ms: 5_000 });
		assert.equal(await ada.page.getByLabel("What should people call you?").inputValue(), "Ada");
	});

	story("is asked for no name in front of a place that is not there", async (world) => {
		const ada = await world.browserFor("Ada");
		await ada.page.goto(`${world.url}/s/nowhere`);
		await ada.reads("There is no place here");
		assert.equal(await ada.page.locator("#name").count(), 0);
		await audit(ada, "no place");
		await ada.page.getByRole("link", { name: "I have an account" }).click();
		await ada.reads("Sign in", "h1");
		await ada.page.goBack();
		await ada.page.getByRole("link", { name: "To the entrance" }).click();
		await until("the front page is there", async () => new URL(ada.page.url()).pathname === "/");
		// A link that was cut in the middle of a letter.
		await ada.page.goto(`${world.url}/s/%E0%A4`);
		await ada.reads("Nothing here");
	});

	story("is asked before signing out for good", async (world) => {
		const ada = await world.guest("Ada");
		await ada.page.goto(world.url);
		await ada.reads("Good to see you, Ada.");
		await ada.page.getByRole("link", { name: "Not you? Sign out" }).click();
		const dialog = ada.page.getByRole("dialog");
		await ada.reads("You can't come back as this guest.", "[role=dialog]");
		await audit(ada, "signing out as a guest");
		await dialog.getByRole("button", { name: "Stay", exact: true }).click();
		await ada.page.getByRole("button", { name: "Sign out", exact: true }).click();
		await dialog.getByRole("button", { name: "Sign out anyway" }).click();
		await ada.reads("No account needed.");
	});

	story("sees herself, on a free tile", async (world) => {
		const ada = await world.guest("Ada");
		const { avatars } = await ada.sees();
		const self = avatars.get(await ada.id());
		assert.ok(self.self);
		assert.deepEqual({ x: self.x, y: self.y }, await ada.position());
		assert.deepEqual(await ada.blockedStanders(), []);
	});

	story("is the same person in the same place after a reload", async (world) => {
		const ada = await world.guest("Ada");
		await ada.walk("ArrowDown", 40);
		await ada.rests();
		const [id, at] = [await ada.id(), await ada.position()];
		await ada.reload();
		await ada.rests();
		assert.equal(await ada.id(), id);
		assert.deepEqual(await ada.position(), at);
		assert.equal((await ada.sees()).avatars.size, 1, "no shadow of hers is left");
	});
});
