// The main flow in Firefox: in as a guest, walking, two who see each other, coming back after the server was killed; talking, and in a
// crowd through a media room.

import assert from "node:assert/strict";
import { startCast } from "./cast.mjs";
import { agree, meadow, ON_CAMERA, openWorld, stories, TILE, until } from "./harness.mjs";
import { everywhere } from "./node.mjs";

stories("Firefox", (story) => {
	story("lets two in, who walk, see each other and come back", async (world) => {
		const [ada, bob] = [await world.guestInFirefox("Ada"), await world.guest("Bob")];
		await agree(ada, bob);
		assert.ok((await ada.walk("ArrowLeft", 60)) >= 60);
		await bob.walk("ArrowRight", 40);
		const before = await agree(ada, bob);
		assert.equal((await ada.row("Bob")).status, "Available");
		await ada.marks();

		await world.runtime.kill9();
		await ada.reads("Reconnecting", ".banner");
		await world.runtime.start();
		for (const person of [ada, bob]) await until(`${person.name} is back`, () => person.online(), { ms: 30_000 });
		assert.deepEqual(await agree(ada, bob), before);
		assert.ok(await ada.isMarked(), "nobody reloaded");
	});

	story("lets a second Firefox in, and both agree", async (world) => {
		const [ada, bob] = [await world.guestInFirefox("Ada"), await world.guestInFirefox("Bob")];
		await ada.page.bringToFront();
		await ada.walk("ArrowLeft", 40);
		await agree(ada, bob);
		await bob.page.bringToFront();
		await bob.walk("ArrowUp", 40);
		await agree(ada, bob);
	});

	story("talks with Chromium: both hear and see the other, and neither when they part", async (world) => {
		const ada = await world.guestInFirefox("Ada", { preferences: ON_CAMERA });
		const bob = await world.guest("Bob", { preferences: ON_CAMERA });
		await Promise.all([ada.hears(bob), bob.hears(ada), ada.watches(bob), bob.watches(ada)]);
		await ada.press("v");
		await bob.hearsNothingOf(ada);
		await ada.hears(bob);
		await ada.press("v");
		await bob.hears(ada);
		await bob.chooses("Do not disturb");
		await Promise.all([ada.hearsNothingOf(bob), bob.hearsNothingOf(ada)]);
		await bob.chooses("Available");
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
	});
});

/** Frames of somebody's picture that came through a room so far; 0 while its tile shows none of it. Firefox does not count those drawn. */
const framesOf = async (person, other) =>
	person.page.evaluate(
		async (id) => {
			const video = document.querySelector(`.tile[data-peer="${id}"] video`);
			if (!(video?.videoWidth > 0) || video.paused) return 0;
			const receivers = window.earshot.media.roomReceivers(id, "camera");
			const stats = await Promise.all(receivers.map((receiver) => receiver.getStats()));
			const all = stats.flatMap((each) => [...each.values()]).filter(({ type }) => type === "inbound-rtp");
			return all.reduce((n, { framesDecoded = 0 }) => n + framesDecoded, 0);
		},
		await other.id(),
	);

const sees = async (person, other) => {
	let first = 0;
	await until(`${person.name} sees ${other.name}`, async () => {
		const frames = await framesOf(person, other);
		first ||= frames;
		return first > 0 && frames >= first + 5;
	});
};

const isInRoom = ({ page }) =>
	page.evaluate(() => {
		const { media } = window.earshot;
		const rooms = media.rooms();
		return (
			media.connections().size === 0 && rooms.length > 0 && rooms.every(({ joined, leaving }) => joined && !leaving)
		);
	});

stories(
	"Firefox in a crowd",
	(story) => {
		story("hears and sees Chromium through a room, and the other way round", async (world, test) => {
			await world.newPlace("social-space");
			const ada = await world.guestInFirefox("Ada", { preferences: ON_CAMERA });
			const bob = await world.guest("Bob", { preferences: ON_CAMERA });
			const spot = await meadow(bob, 5 * TILE);
			await ada.goes(spot);
			await bob.goes({ x: spot.x + TILE, y: spot.y });
			const at = { x: Math.floor(spot.x / TILE) + 1, y: Math.floor(spot.y / TILE) + 1 };
			const cast = await startCast(world.runtime, { space: world.space, count: 10, at, speakers: 1 });
			test.after(() => cast.stop());
			for (const one of [ada, bob]) await until(`${one.name} is in a room`, () => isInRoom(one), { ms: 60_000 });
			await Promise.all([ada.hears(bob), bob.hears(ada)]);
			await Promise.all([sees(ada, bob), sees(bob, ada)]);
			await ada.press("v");
			await ada.showsElement('[aria-label="Unmute"]');
			await bob.hearsNothingOf(ada, { within_ms: 3_000 });
			await ada.hears(bob);
		});
	},
	{ open: () => openWorld({ nodes: 1, listens: everywhere() }) },
);
