// Everything breaks once: the server, the network, the laptop's sleep. Nobody reloads, and everybody is where they were.

import assert from "node:assert/strict";
import { agree, openNetwork, stories, until } from "./harness.mjs";

const BANNER = ".banner";
const CALM = { reducedMotion: "reduce" };

/** The middle of the picture, where oneself stands, as it is drawn now. */
const middle = (person) =>
	person.page.evaluate(async () => {
		await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
		const canvas = document.querySelector("canvas.place");
		const copy = document.createElement("canvas");
		[copy.width, copy.height] = [120, 170];
		const [x, y] = [canvas.width / 2 - 60, canvas.height / 2 - 140];
		copy.getContext("2d").drawImage(canvas, x, y, 120, 170, 0, 0, 120, 170);
		return copy.toDataURL();
	});

stories("coming back", (story) => {
	story("after the server was killed and started again", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		await ada.walk("ArrowLeft", 70);
		await bob.walk("ArrowRight", 40);
		await ada.chooses("Do not disturb");
		await until("Bob sees her status", async () => (await bob.statusOf("Ada")) === "Do not disturb");
		const before = await agree(ada, bob);
		const ids = [await ada.userId(), await bob.userId()];
		await ada.marks();

		await world.runtime.kill9();
		await Promise.all([ada.reads("Reconnecting", BANNER), bob.reads("Reconnecting", BANNER)]);
		await world.runtime.start();

		for (const person of [ada, bob]) await until(`${person.name} is back`, () => person.online(), { ms: 30_000 });
		assert.deepEqual(await agree(ada, bob), before);
		assert.deepEqual([await ada.userId(), await bob.userId()], ids);
		assert.equal(await bob.statusOf("Ada"), "Do not disturb");
		assert.ok(await ada.isMarked(), "nobody reloaded");
		await ada.walk("ArrowLeft", 30);
		await agree(ada, bob);
	});

	story("after the network was gone for some seconds", async (world) => {
		const network = await openNetwork(world.runtime.port);
		try {
			const ada = await world.guest("Ada", { url: network.url });
			const bob = await world.guest("Bob");
			await ada.walk("ArrowLeft", 40);
			const before = await agree(ada, bob);
			await ada.marks();

			network.cut();
			await ada.context.setOffline(true);
			await bob.walk("ArrowRight", 60);
			await ada.looksAgain();
			await ada.reads("You are offline", BANNER);
			network.heal();
			await ada.context.setOffline(false);

			await until("Ada is back", () => ada.online(), { ms: 30_000 });
			const after = await agree(ada, bob);
			assert.deepEqual(after[0], before[0], "Ada is where she was");
			assert.notDeepEqual(after[1], before[1], "and sees where Bob went meanwhile");
			assert.ok(await ada.isMarked(), "nobody reloaded");
		} finally {
			network.close();
		}
	});

	story("after another window took the place, and one takes it back", async (world) => {
		const ada = await world.guest("Ada", CALM);
		await ada.walk("ArrowLeft", 60);
		await ada.rests();
		const [id, at] = [await ada.id(), await ada.position()];
		const other = await ada.context.newPage();
		await other.goto(`${world.url}/s/${world.space}`);
		await ada.reads("another window", ".cover");
		const key = { key: "ArrowDown", code: "ArrowDown", cancelable: true };
		const left = await ada.page.evaluate((key) => window.dispatchEvent(new KeyboardEvent("keydown", key)), key);
		assert.ok(left, "behind the card no key is taken for walking");

		// A tab that is not in front draws once a second.
		await ada.page.bringToFront();
		await ada.page.getByRole("button", { name: "Come back to this one" }).click();
		await ada.inside();
		assert.deepEqual([await ada.id(), await ada.position()], [id, at]);
		const fits = await ada.page.evaluate(() => {
			const { width, height, clientWidth, clientHeight } = document.querySelector("canvas.place");
			return width === clientWidth * devicePixelRatio && height === clientHeight * devicePixelRatio;
		});
		assert.ok(fits);
		assert.ok(await ada.walk("ArrowRight", 30));
		await ada.rests();
		await until("all is still", () => ada.settled());
		const standing = await middle(ada);
		await ada.press("1");
		await until("she sees herself wave", async () => (await middle(ada)) !== standing);
	});

	story("with what one chose and what one asked meanwhile", async (world) => {
		const network = await openNetwork(world.runtime.port);
		try {
			const ada = await world.guest("Ada", { url: network.url, ...CALM });
			const bob = await world.guest("Bob", CALM);
			await ada.opensPeople();
			network.cut({ serverIsTold: true });
			await ada.looksAgain();
			await ada.reads("Reconnecting", BANNER);
			await ada.page.getByRole("button", { name: /^Bob/ }).first().click();
			await ada.page.getByRole("button", { name: "Ask to come here: Bob" }).click();
			await ada.reads("You are not connected just now.", ".notices");
			await ada.page.locator(".bottom-bar .me").click();
			await ada.page.getByRole("menuitemradio", { name: /^Do not disturb/ }).click();
			await ada.reads("once you are connected again", ".notices");
			network.heal({ reset: false });
			await ada.looksAgain();
			await until("Bob sees her status", async () => (await bob.statusOf("Ada")) === "Do not disturb", { ms: 30_000 });
			assert.equal(await bob.page.locator(".nudge").count(), 0);
		} finally {
			network.close();
		}
	});

	story("after a sleep in which every connection died without a word", async (world) => {
		const network = await openNetwork(world.runtime.port);
		try {
			const ada = await world.guest("Ada", { url: network.url });
			const bob = await world.guest("Bob");
			const before = await agree(ada, bob);
			network.cut({ serverIsTold: true });
			await until("Bob sees that she is gone", async () => (await bob.badgesOf("Ada")).includes("reconnecting"));
			network.heal({ reset: false });
			await ada.looksAgain();
			await until("Bob sees that she is back", async () => !(await bob.badgesOf("Ada")).includes("reconnecting"));
			await until("Ada is back", () => ada.online(), { ms: 30_000 });
			assert.deepEqual(await agree(ada, bob), before);
			await ada.walk("ArrowUp", 30);
			await agree(ada, bob);
		} finally {
			network.close();
		}
	});
});
