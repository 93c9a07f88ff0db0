// Everything breaks once: the server, the network, the laptop's sleep. Nobody reloads, and everybody is where they were.

import assert from "node:assert/strict";
import { agree, openNetwork, stories, until } from "./harness.mjs";

const BANNER = ".banner";

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
