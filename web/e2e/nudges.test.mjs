// Asking somebody to come, asking to join, knocking at a locked conversation; and what is said where it cannot be.

import assert from "node:assert/strict";
import { audit } from "./axe.mjs";
import { distance, stories, until } from "./harness.mjs";

const CALM = { reducedMotion: "reduce" };

/** Asks somebody out of the list of people. */
async function asks(person, name, what) {
	await person.opensPeople();
	const row = person.page.getByRole("button", { name: new RegExp(`^${name}`) }).first();
	if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
	await person.page.getByRole("button", { name: what }).click();
}

const near = (a, b, px) => async () => distance(await a.position(), await b.position()) < px;
const card = (person) => person.page.locator(".nudge");
const spoken = (person, words) =>
	until(`${person.name} hears “${words}”`, async () =>
		(await person.page.locator("[role=status]").allTextContents()).some((each) => each.includes(words)),
	);

/** Far enough not to hear each other. */
async function apart(world) {
	const [ada, bob] = [await world.guest("Ada", CALM), await world.guest("Bob", CALM)];
	await bob.walk("ArrowLeft", 330);
	await Promise.all([ada.rests(), bob.rests()]);
	assert.ok(distance(await ada.position(), await bob.position()) > 250, "they are apart");
	return [ada, bob];
}

stories("nudges", (story) => {
	story("who is asked to come gets a card, and walks over", async (world) => {
		const [ada, bob] = await apart(world);
		await asks(ada, "Bob", "Ask to come here: Bob");
		await ada.reads("You asked Bob to come over.", ".notices");
		await bob.reads("Ada asks you to come over.", ".nudges");
		await spoken(bob, "Ada asks you to come over.");
		await bob.tabsTo("Come");
		await bob.press("Enter");
		await until("the place has the focus back", () =>
			bob.page.evaluate(() => document.activeElement?.matches("canvas.place")),
		);
		await ada.reads("Bob is on the way to you.", ".notices");
		await until("Bob is with Ada", near(ada, bob, 64));
		assert.equal(await card(bob).count(), 0);
	});

	story("who may join is led there, and who cannot just now is told kindly", async (world) => {
		const [ada, bob] = await apart(world);
		await asks(ada, "Bob", "Ask to join them: Bob");
		await bob.reads("Ada would like to join you.", ".nudges");
		await bob.page.getByRole("button", { name: "Yes, come" }).click();
		await ada.reads("Bob is glad if you join.", ".notices");
		await until("Ada is with Bob", near(ada, bob, 64));

		await asks(bob, "Ada", "Ask to come here: Ada");
		await ada.reads("Bob asks you to come over.", ".nudges");
		await ada.page.getByRole("button", { name: "Not now" }).click();
		await bob.reads("Ada can't right now.", ".notices");
	});

	story("who is not to be disturbed is not, and who asks again too soon waits", async (world) => {
		const [ada, bob] = await apart(world);
		await bob.chooses("Do not disturb");
		await until("Ada reads it", async () => (await ada.statusOf("Bob")) === "Do not disturb");
		await asks(ada, "Bob", "Ask to come here: Bob");
		await ada.reads("Bob does not want to be disturbed right now.", ".notices");
		assert.equal(await card(bob).count(), 0, "he sees nothing of it");
		await bob.chooses("Available");
		await until("Ada reads it", async () => (await ada.statusOf("Bob")) === "Available");
		const ask = ada.page.getByRole("button", { name: "Ask to come here: Bob" });
		await until("asking again and again is refused", async () => {
			await ask.click();
			return (await ada.words()).includes("You just asked.");
		});
	});

	story("a knock at a locked conversation opens it, where those inside want that", async (world) => {
		const [ada, bob] = [await world.guest("Ada", CALM), await world.guest("Bob", CALM)];
		const cleo = await world.guest("Cleo", CALM);
		await cleo.walk("ArrowLeft", 330);
		await until("Ada may lock", () => ada.page.getByRole("button", { name: "Lock conversation" }).isEnabled());
		await ada.page.focus("canvas.place");
		await ada.press("k");
		await ada.reads("Locked", ".sign");
		await bob.reads("Locked", ".sign");
		await asks(cleo, "Ada", "Ask to join them: Ada");
		await ada.reads("Cleo knocks and would like to come in.", ".nudges");
		await ada.page.getByRole("button", { name: "Open and let in" }).click();
		await ada.readsNoMore("Locked", ".sign");
		await cleo.reads("Ada is glad if you join.", ".notices");
		await until("Cleo is with them", near(cleo, ada, 70));
	});

	story("axe finds nothing at the cards", async (world) => {
		const [ada, bob] = await apart(world);
		await asks(bob, "Ada", "Ask to come here: Ada");
		await asks(bob, "Ada", "Ask to join them: Ada");
		await until("Ada has two cards", async () => (await card(ada).count()) === 2);
		await audit(ada, "cards of who asks");
		await bob.page.getByRole("button", { name: "More about Ada" }).click();
		await audit(bob, "what one may do about somebody");
	});
});
