// Accounts and spaces of one's own.

import assert from "node:assert/strict";
import { audit } from "./axe.mjs";
import { stories, until } from "./harness.mjs";

stories("spaces of one's own", (story) => {
	story("are made from every template, shared by link, renamed and deleted", async (world) => {
		const ada = await world.browserFor("Ada", { permissions: ["clipboard-read", "clipboard-write"] });
		const { page } = ada;
		await page.goto(`${world.url}/signin`);
		await page.getByRole("button", { name: "Create account" }).first().click();
		await page.getByLabel("What should people call you?").fill("Ada");
		await page.getByLabel("E-mail").fill("ada@example.com");
		await page.getByLabel("Password", { exact: true }).fill("four unrelated words here");
		await page.locator("form").getByRole("button", { name: "Create account" }).click();
		await ada.reads("Places you can walk into.");

		const { templates } = await page.evaluate(async () => (await fetch("/api/templates")).json());
		assert.equal(templates.length, 4);
		await page.getByRole("button", { name: "New space" }).click();
		const field = page.getByLabel("Name", { exact: true });
		const hasFocus = () => field.evaluate((it) => it === document.activeElement);
		await until("the name is asked for", hasFocus);
		await page.keyboard.type("A name that is much too long for it");
		await ada.reads("That name is a little long.", "[role=dialog]");
		await field.fill("");
		await until("there is a template to build from", () => page.getByRole("radio", { checked: true }).count());
		await page.getByRole("button", { name: "Create and walk in" }).click();
		await ada.reads("It needs a name.", "[role=dialog]");
		await until("one is taken to the name", hasFocus);
		await ada.press("Escape");
		for (const { id, name } of templates) {
			await page.getByRole("button", { name: "New space" }).click();
			await page.getByLabel("Name", { exact: true }).fill(`Ada's ${name}`);
			await page.locator(".template", { has: page.locator(`[value="${id}"]`) }).click();
			await page.getByRole("button", { name: "Create and walk in" }).click();
			await ada.reads(`Ada's ${name}`, ".sign");
			await page.getByRole("link", { name: "All spaces" }).click();
			await ada.reads("Places you can walk into.");
		}
		const [{ name: first }] = templates;
		await page.getByRole("link", { name: `Ada's ${first}` }).click();
		await ada.reads(`Ada's ${first}`, ".sign");
		await page.getByRole("button", { name: "Copy link" }).click();
		await ada.reads("Link copied.", ".notices");
		const link = await page.evaluate(() => navigator.clipboard.readText());

		const bob = await world.browserFor("Bob");
		await bob.page.goto(link);
		await bob.reads(`Walk into Ada's ${first}`);
		await bob.page.getByLabel("What should people call you?").fill("Bob");
		await bob.page.getByRole("button", { name: "Walk in" }).click();
		await bob.reads(`Ada's ${first}`, ".sign");
		await until("Ada sees him", async () => (await ada.row("Bob"))?.badges.includes("guest"));

		await page.getByRole("link", { name: "All spaces" }).click();
		await page.getByRole("button", { name: `More for Ada's ${first}` }).click();
		await page.getByRole("menuitem", { name: "Rename" }).click();
		await page.getByLabel("Name", { exact: true }).fill("The Attic");
		await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
		await ada.reads("The Attic");

		// Closed to all but members, and opened again.
		await page.getByRole("button", { name: "More for The Attic" }).click();
		await page.getByRole("menuitem", { name: "Privacy" }).click();
		const closed = page.getByRole("switch", { name: /Members only/ });
		const answered = page.waitForResponse((response) => response.request().method() === "PATCH");
		await closed.press("Space");
		await bob.showsElement(".cover [role=alert]");
		assert.equal((await answered).status(), 200);
		await audit(ada, "privacy");
		await bob.page.goto(link);
		await bob.reads("This one is for members");
		await closed.press("Space");
		await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
		// It waits for the answer.
		await page.getByRole("dialog").waitFor({ state: "detached" });
		await bob.page.goto(link);
		await bob.reads("The Attic", ".sign");

		await page.getByRole("button", { name: "More for The Attic" }).click();
		await page.getByRole("menuitem", { name: "Delete" }).click();
		await ada.reads("Delete The Attic?", "[role=dialog]");
		await page.getByRole("button", { name: "Delete space" }).click();
		await ada.readsNoMore("The Attic");
		await bob.showsElement(".cover [role=alert]");
		await bob.page.goto(link);
		await bob.reads("There is no place here");
	});
});
