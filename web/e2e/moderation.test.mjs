// Looking after a space: channels and rules, reports, bans; and what everybody has: blocking, and deleting one's account.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { audit } from "./axe.mjs";
import { stories, until } from "./harness.mjs";

const CALM = { reducedMotion: "reduce" };

/** Somebody with a space of their own, inside it; the others of the story meet there. */
async function hostess(world) {
	const ada = await world.guest("Ada", CALM);
	world.space = await ada.page.evaluate(async () => {
		const made = await fetch("/api/spaces", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ name: "Ada's place", template: "office", access: "link" }),
		});
		return (await made.json()).id;
	});
	await ada.page.goto(`${world.url}/s/${world.space}?inspect`);
	await ada.inside();
	return ada;
}

const more = async (person, item) => {
	await person.page
		.getByRole("button", { name: /^More( in|,|$)/ })
		.first()
		.click();
	await person.page.getByRole("menuitem", { name: item }).click();
};

/** Chooses something about somebody, out of the list of people. */
async function about(person, name, item) {
	await person.opensPeople();
	const row = person.page.getByRole("button", { name: new RegExp(`^${name}`) }).first();
	if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
	await person.page.getByRole("button", { name: `More about ${name}` }).click();
	await person.page.getByRole("menuitem", { name: item }).click();
}

const press = (person, name) => person.page.getByRole("button", { name, exact: true }).click();

async function writes(person, words) {
	await person.page.focus("canvas.place");
	await person.press("t");
	await until(`${person.name} may write`, () =>
		person.page.evaluate(() => document.activeElement?.matches(".chat-field") ?? false),
	);
	await person.page.locator(".chat-field").fill(words);
	await person.press("Enter");
}

stories("looking after a space", (story) => {
	story("makes, changes and deletes channels", async (world) => {
		const ada = await hostess(world);
		await more(ada, "Chat of this space");
		await ada.reads("No channels yet.", ".modal");
		await press(ada, "New channel");
		await ada.page.getByLabel("Name").fill("Kitchen");
		await ada.page.getByLabel("Topic (if you like)").fill("Who cooks?");
		await press(ada, "Make channel");
		await ada.reads("Who cooks?", ".list-row");
		await audit(ada, "the chat of a space");
		await press(ada, "Change Kitchen");
		await ada.page.getByLabel("Name").fill("Garden");
		await ada.page.getByRole("switch", { name: /Announcements/ }).press("Space");
		await ada.page.getByRole("button", { name: "Save", exact: true }).first().click();
		await ada.reads("Garden", ".list-row");
		await ada.reads("Announcements", ".list-row");
		await press(ada, "Delete Garden");
		await ada.reads("Delete “Garden” and all that was written in it?", ".modal");
		await press(ada, "Delete channel");
		await ada.reads("No channels yet.", ".modal");
	});

	story("sets pace and words, and takes everything along in one file", async (world) => {
		const ada = await hostess(world);
		await writes(ada, "first");
		await writes(ada, "second");
		await ada.press("Escape", "Escape");
		await more(ada, "Chat of this space");
		await ada.page.getByLabel(/^Slow mode/).fill("7");
		await ada.page.getByLabel(/^Keep messages/).fill("30");
		await ada.page.getByLabel("Words that are not taken").fill("Frog\ntoad, frog");
		await ada.page.getByRole("button", { name: "Save", exact: true }).click();
		await ada.reads("Saved.", ".modal");
		const space = await ada.page.evaluate(async (id) => (await fetch(`/api/spaces/${id}`)).json(), world.space);
		assert.deepEqual([space.slow_mode_s, space.retention_days, space.words], [7, 30, ["frog", "toad"]]);
		const coming = ada.page.waitForEvent("download");
		await press(ada, "Download all messages");
		const file = await coming;
		assert.equal(file.suggestedFilename(), "ada-s-place-messages.ndjson");
		const lines = (await readFile(await file.path(), "utf8")).trim().split("\n");
		assert.deepEqual(
			lines.map((line) => JSON.parse(line).text),
			["first", "second"],
		);
		await ada.reads("2 messages are in the file.", ".modal");
	});

	story("reads reports, deletes, bans and lifts", async (world) => {
		const ada = await hostess(world);
		const [bob, cleo] = [await world.guest("Bob", CALM), await world.guest("Cleo", CALM)];
		await writes(bob, "you are all frogs");
		await writes(bob, "all of you");
		const said = await until("it is in the record", async () => {
			const { messages } = await cleo.page.evaluate(
				async (id) => (await fetch(`/api/spaces/${id}/messages?channel=everyone`)).json(),
				world.space,
			);
			return messages?.length === 2 && messages;
		});
		const reported = await cleo.page.evaluate(
			async ({ space, user_id, message_id }) =>
				(
					await fetch(`/api/spaces/${space}/reports`, {
						method: "POST",
						headers: { "content-type": "application/json" },
						body: JSON.stringify({ user_id, message_id, reason: "harassment", text: "not nice" }),
					})
				).status,
			{ space: world.space, user_id: await bob.userId(), message_id: said[1].id },
		);
		assert.equal(reported, 204);
		await ada.reads("Somebody reported something.", ".notices");
		await about(cleo, "Bob", "Report");
		await cleo.page.getByText("Spam", { exact: true }).click();
		await audit(cleo, "a report");
		await press(cleo, "Send report");
		await cleo.reads("Thank you.", ".notices");

		await more(ada, /^Moderation \(2 open\)/);
		await until("there are two", async () => (await ada.page.locator(".list-card").count()) === 2);
		await ada.reads("you are all frogs", ".quoted");
		await ada.reads("not nice", ".modal");
		await audit(ada, "moderation");
		await press(ada, "Delete message");
		await ada.reads("The message is deleted.", ".modal");
		await ada.page.locator(".list-card").first().getByRole("button", { name: "Dismiss" }).click();
		await until("one is left", async () => (await ada.page.locator(".list-card").count()) === 1);
		await press(ada, "Ban Bob");
		await ada.page.getByRole("alertdialog").getByRole("button", { name: "Ban" }).click();
		await ada.reads("by Ada", ".list-row");
		await bob.reads("You have left the space");
		await bob.page.reload();
		await bob.reads("You can't come in here");
		await press(ada, "Lift the ban of Bob");
		await ada.reads("Nobody is banned.", ".modal");
		await bob.page.goto(`${world.url}/s/${world.space}?inspect`);
		await bob.inside();
	});

	story("sends somebody out who may come back, and asks first", async (world) => {
		const ada = await hostess(world);
		const bob = await world.guest("Bob", CALM);
		await about(ada, "Bob", "Send out");
		await ada.reads("They may come back through the link.", ".modal");
		await press(ada, "Cancel");
		await about(ada, "Bob", "Send out");
		await press(ada, "Send out");
		await ada.reads("Bob was sent out.", ".notices");
		await bob.reads("You have left the space");
		await bob.page.goto(`${world.url}/s/${world.space}?inspect`);
		await bob.inside();
	});
});

stories("keeping away from somebody", (story) => {
	story("blocks, finds them in the settings, and takes it back", async (world) => {
		const [ada, bob] = [await world.guest("Ada", CALM), await world.guest("Bob", CALM)];
		await ada.showsElement(".tile");
		await about(ada, "Bob", "Block");
		await ada.reads("They are not told.", ".modal");
		await audit(ada, "blocking");
		await press(ada, "Block");
		await ada.reads("You blocked Bob.", ".notices");
		await until("she hears him no more", async () => (await ada.page.locator(".tile[data-peer]").count()) === 0);
		await writes(bob, "can you read this?");
		await ada.press("Escape");
		await more(ada, "Settings");
		await ada.page.getByRole("tab", { name: "Blocked" }).click();
		await ada.reads("Bob", ".list-row");
		await audit(ada, "blocked people");
		await press(ada, "Unblock Bob");
		await ada.reads("You have blocked nobody.", ".settings");
		await ada.press("Escape");
		await ada.showsElement(".tile[data-peer]");
	});

	story("rings for a member who is somewhere else", async (world) => {
		const ada = await hostess(world);
		const home = world.space;
		const bob = await world.guest("Bob", CALM);
		await more(bob, "Leave this space");
		await bob.reads("Places you can walk into.");
		await bob.page.goto(`${world.url}/s/commons?inspect`);
		await bob.inside();
		await ada.opensPeople();
		await ada.page.getByRole("button", { name: "Ring for Bob" }).click();
		await ada.reads("You rang for Bob.", ".notices");
		await bob.reads("Ada rings: would you come to Ada's place?", ".nudges");
		await bob.page.getByRole("link", { name: "Go to Ada's place" }).click();
		await bob.inside();
		assert.ok(bob.page.url().includes(home));
	});

	story("deletes the account, with the word typed", async (world) => {
		const ada = await world.guest("Ada", CALM);
		await ada.page.goto(`${world.url}/profile`);
		await press(ada, "Delete everything");
		await audit(ada, "deleting the account");
		const button = ada.page.getByRole("button", { name: "Delete for good" });
		assert.ok(await button.isDisabled());
		await ada.page.getByLabel(/^Type/).fill("delete");
		await button.click();
		await until("she is at the entrance", async () => new URL(ada.page.url()).pathname === "/");
		const status = await ada.page.evaluate(async () => (await fetch("/api/auth/me")).status);
		assert.equal(status, 401);
	});
});
