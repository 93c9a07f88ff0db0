// Two people walk, by keys and by clicks, and each sees exactly where the other is.

import assert from "node:assert/strict";
import { agree, distance, mapOf, stories, TILE, until } from "./harness.mjs";

stories("two people", (story) => {
	story("see each other walk by keyboard", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		await agree(ada, bob);
		for (const key of ["ArrowLeft", "KeyW", "ArrowDown", "KeyD"]) {
			await ada.walk(key, 50);
			await bob.walk(key === "KeyD" ? "ArrowRight" : "ArrowUp", 30);
		}
		const [from] = await agree(ada, bob);
		assert.ok((await ada.walk("ArrowLeft", 60)) >= 60);
		const [to] = await agree(ada, bob);
		assert.ok(from.x - to.x >= 60, "Bob saw it too");
	});

	story("never walk through a wall, however long a key is held", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		for (const [hers, his] of [
			["ArrowUp", "ArrowDown"],
			["ArrowLeft", "ArrowLeft"],
		]) {
			await Promise.all([ada.walk(hers, Number.POSITIVE_INFINITY), bob.walk(his, Number.POSITIVE_INFINITY)]);
			await agree(ada, bob);
		}
	});

	story("see each other walk by click, around what is in the way", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		const map = await mapOf(ada, world.space);
		for (const person of [ada, bob]) {
			const goal = await spotBehindSomething(person, map);
			const from = await person.position();
			await person.clickMinimap(goal, map);
			await until(`${person.name} sets off`, async () => distance(from, await person.position()) > 4);
			await person.reads("You have arrived.", "[role=status]");
			const [adaAt, bobAt] = await agree(ada, bob);
			const at = person === ada ? adaAt : bobAt;
			assert.ok(distance(at, goal) <= TILE, `${person.name} is at ${JSON.stringify(at)}, not ${JSON.stringify(goal)}`);
		}
	});

	story("walk to the very spot they click in the place", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		await agree(ada, bob);
		const from = await ada.position();
		const goal = await ada.client((c, { x, y }) => {
			const spots = [-3, 3, -2, 2].flatMap((dx) =>
				[-2, -3, 2, 3].map((dy) => ({ x: x + dx * 32 + 5, y: y + dy * 32 + 3 })),
			);
			return spots.find((spot) => c.pathPreview(spot.x, spot.y).length > 0);
		}, from);
		await ada.clickSpot(goal);
		await until("Ada sets off", async () => distance(from, await ada.position()) > 4);
		const [at] = await agree(ada, bob);
		assert.ok(distance(at, goal) < TILE, `${JSON.stringify(at)} is not ${JSON.stringify(goal)}`);
	});
});

/** A free tile not far away whose straight line from here is blocked, though there is a way. */
async function spotBehindSomething(person, map) {
	const from = await person.position();
	return person.client(
		(c, { from, columns, rows }) => {
			const blockedBetween = (a, b) => {
				for (let i = 1; i < 40; i++) {
					const [x, y] = [a.x + ((b.x - a.x) * i) / 40, a.y + ((b.y - a.y) * i) / 40];
					if (c.blocked(Math.floor(x / 32), Math.floor(y / 32))) return true;
				}
				return false;
			};
			const spots = [];
			for (let row = 0; row < rows; row++)
				for (let column = 0; column < columns; column++) spots.push({ x: column * 32 + 16, y: row * 32 + 16 });
			const near = (spot) => Math.hypot(spot.x - from.x, spot.y - from.y);
			return spots
				.filter((spot) => near(spot) > 96 && near(spot) < 640)
				.sort((a, b) => near(a) - near(b))
				.find(
					(s) =>
						!c.blocked((s.x - 16) / 32, (s.y - 16) / 32) &&
						blockedBetween(from, s) &&
						c.pathPreview(s.x, s.y).length >= 6,
				);
		},
		{ from, columns: map.columns, rows: map.rows },
	);
}
