// Through the relay: because nothing else passes, or because nobody is to learn an address. A real coturn with the
// configuration of deploy/, credentials from the real Worker, and browsers in networks of their own.

import assert from "node:assert/strict";
import { noFarWorld, openFarWorld } from "./far.mjs";
import { ON_CAMERA, stories, TALKING, until } from "./harness.mjs";

const RELAY_ONLY = { ...TALKING, relayOnly: true };

const tell = (story) => {
	story("helps two whom their networks keep apart", async (world) => {
		world.lab.allowsDirect(false);
		try {
			const [ada, bob] = await two(world, ON_CAMERA, ON_CAMERA);
			await Promise.all([ada.hears(bob), bob.hears(ada), ada.watches(bob), bob.watches(ada)]);
			for (const way of [await ada.traffic(bob), await bob.traffic(ada)]) {
				assert.ok(way.local === "relay" || way.remote === "relay", JSON.stringify(way));
			}
		} finally {
			world.lab.allowsDirect(true);
		}
	});

	story("helps them although only TCP gets out", async (world) => {
		for (const home of world.homes) home.ip("rule", "add", "ipproto", "udp", "prohibit");
		try {
			const [ada, bob] = await two(world, TALKING, TALKING);
			await Promise.all([ada.hears(bob, { ms: 20_000 }), bob.hears(ada, { ms: 20_000 })]);
			assert.equal((await ada.traffic(bob)).local, "relay");
		} finally {
			for (const home of world.homes) home.ip("rule", "del", "ipproto", "udp", "prohibit");
		}
	});

	story("is the only way where the space wants that, on both sides", async (world) => {
		await world.changePlace({ relay_only: true });
		const [ada, bob] = await two(world, TALKING, TALKING);
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
		for (const person of [ada, bob]) {
			const other = person === ada ? bob : ada;
			const { local, remote } = await person.traffic(other);
			assert.deepEqual([local, remote], ["relay", "relay"]);
			await person.reads("nobody learns your address");
		}
		assert.ok(
			!(await ada.everHeardOf(bob)).some((ip) => ip.startsWith("198.51.100.")),
			"Ada never learned an address of Bob's",
		);
		await until("both were counted", async () => (await world.counters()).connected.relay >= 2);
	});

	story("is the only way for one who wants that alone", async (world) => {
		const [ada, bob] = await two(world, RELAY_ONLY, TALKING);
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
		assert.equal((await ada.traffic(bob)).local, "relay");
		assert.ok(
			!(await bob.everHeardOf(ada)).some((ip) => ip.startsWith("198.51.100.")),
			"Bob never learned an address of Ada's",
		);
	});
};

const two = (world, hers, his) =>
	Promise.all([
		world.guestFrom(world.homes[0], "Ada", { preferences: hers }),
		world.guestFrom(world.homes[1], "Bob", { preferences: his }),
	]);

stories("the relay", tell, { skip: noFarWorld ?? false, open: () => openFarWorld([{ delay: 5 }, { delay: 5 }]) });
