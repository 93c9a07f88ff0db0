// By what one signs in: a passkey, a password, and what becomes of other devices.

import assert from "node:assert/strict";
import { audit } from "./axe.mjs";
import { stories, until } from "./harness.mjs";

stories("an account", (story) => {
	story("by passkey is made, signed in to, and keeps its last way in", async (world) => {
		const ada = await withPasskeys(world, "Ada");
		const { page } = ada;
		await page.goto(`${ada.url}/signin`);
		await page.getByRole("button", { name: "Create account" }).first().click();
		await page.getByLabel("What should people call you?").fill("Ada Keys");
		await page.getByRole("button", { name: "Create with a passkey" }).click();
		await ada.reads("Places you can walk into.");
		await page.getByRole("link", { name: "Profile: Ada Keys" }).click();
		await page.getByRole("button", { name: "Sign out", exact: true }).click();
		await page.getByRole("link", { name: "Sign in" }).click();
		await page.getByRole("button", { name: "Sign in with a passkey" }).click();
		await ada.reads("Ada Keys", ".shell-nav");
		await page.getByRole("link", { name: "Profile: Ada Keys" }).click();
		await ada.reads("last used", ".list");
		await ada.reads("This passkey is your only way in");
		assert.equal(await page.getByRole("button", { name: /^Remove/ }).count(), 0);

		await page.getByRole("button", { name: "Set Password" }).click();
		await page.getByLabel("E-mail").fill("ada.keys@example.com");
		await page.getByLabel("Password", { exact: true }).fill("four unrelated words here");
		await page.getByRole("button", { name: "Set a password" }).click();
		await ada.reads("Password set.");
		await ada.reads("ada.keys@example.com", ".list");

		await ada.tabsTo("Remove");
		await ada.press("Enter");
		await ada.reads("Remove passkey 1?");
		await audit(ada, "removing a passkey");
		await ada.press("Enter");
		await ada.readsNoMore("Remove passkey 1?");
		assert.match(await focused(ada), /^Remove/, "one goes on from where one was");
		await ada.press("Enter");
		await ada.reads("Remove passkey 1?");
		await ada.tabsTo("Remove");
		await ada.press("Enter");
		await ada.reads("Passkey removed.");
		await ada.readsNoMore("Passkey 1", ".list");
		assert.equal(await focused(ada), "How you sign in");
	});

	story("gets another password by keyboard, and other devices are signed out", async (world) => {
		const ada = await world.browserFor("Ada", { reducedMotion: "reduce" });
		const { page } = ada;
		await page.goto(`${world.url}/signin`);
		await page.getByRole("button", { name: "Create account" }).first().click();
		await page.getByLabel("What should people call you?").fill("Ada");
		await page.getByLabel("E-mail").fill("ada.words@example.com");
		await page.getByLabel("Password", { exact: true }).fill("four unrelated words here");
		await page.locator("form").getByRole("button", { name: "Create account" }).click();
		await ada.reads("Places you can walk into.");
		const [phone, tablet] = [
			await signedIn(world, "four unrelated words here"),
			await signedIn(world, "four unrelated words here"),
		];

		await page.goto(`${world.url}/profile`);
		await ada.showsElement("#ways");
		await page.focus("#profile-name");
		await ada.tabsTo("Change");
		await ada.press("Enter");
		await page.keyboard.type("four unrelated words, wrong");
		await ada.tabsTo("New password");
		await page.keyboard.type("short");
		await ada.press("Enter");
		await ada.reads("A little longer, please");
		assert.equal(await focused(ada), "New password");
		await page.keyboard.type(" and then some more");
		await ada.press("Enter");
		await ada.reads("That is not your current password.");
		assert.equal(await focused(ada), "Current password");
		await audit(ada, "changing the password");
		await ada.press("Control+A");
		await page.keyboard.type("four unrelated words here");
		await ada.press("Enter");
		await ada.reads("Password changed, and your other devices are signed out.");
		assert.match(await focused(ada), /^Change/);
		await isOut(phone);
		await isOut(tablet);

		const laptop = await signedIn(world, "short and then some more");
		await ada.tabsTo("Sign out other devices");
		await ada.press("Enter");
		await ada.reads("Your other devices are signed out.");
		await audit(ada, "ways to sign in");
		await isOut(laptop);
		await forgets(ada);
		await page.reload();
		await ada.showsElement("#ways");
	});
});

/** Somebody whose browser has a place for passkeys. They belong to a name, never to an address of numbers. */
async function withPasskeys(world, name) {
	const url = world.url.replace("127.0.0.1", "localhost");
	const person = await world.browserFor(name, { url, reducedMotion: "reduce" });
	const devtools = await person.context.newCDPSession(person.page);
	await devtools.send("WebAuthn.enable");
	await devtools.send("WebAuthn.addVirtualAuthenticator", {
		options: {
			protocol: "ctap2",
			transport: "internal",
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
	return person;
}

/** One more device of Ada's. */
async function signedIn(world, password) {
	const device = await world.browserFor("Ada");
	await device.page.goto(`${world.url}/signin`);
	await device.page.getByLabel("E-mail").fill("ada.words@example.com");
	await device.page.getByLabel("Password", { exact: true }).fill(password);
	await device.page.locator("form").getByRole("button", { name: "Sign in", exact: true }).click();
	await device.reads("Places you can walk into.");
	return device;
}

/** As if a quarter of an hour had passed. */
const forgets = (device) => device.context.clearCookies({ name: "earshot_access" });

async function isOut(device) {
	await forgets(device);
	await device.page.goto(`${device.url}/profile`);
	await device.reads("Nobody is signed in");
}

/** The name of what has the focus, once anything has. */
const focused = (person) =>
	until("something has the focus", () =>
		person.page.evaluate(() => {
			const it = document.activeElement;
			return it === document.body ? "" : (it?.labels?.[0]?.innerText ?? it?.textContent ?? "");
		}),
	);
