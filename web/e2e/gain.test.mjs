// How loud who is: by distance, by walls, by locks and by wishes. Measured at the loudspeaker.

import assert from "node:assert/strict";
import { setTimeout as pass } from "node:timers/promises";
import { distance, meadow, stories, TALKING, TILE, until } from "./harness.mjs";
import { SILENT } from "./senses.mjs";

/** A voice fades to nothing over this distance. */
const REACH_PX = 256;
const TILES_APART = [1, 2, 4, 5, 6];
/** The gain glides; what is left of it when it is looked at. */
const GAIN_ERROR_MAX = 0.02;
/** Of the measured energy: codecs are not exact. */
const ENERGY_ERROR_MAX = 0.12;

stories("how loud", (story) => {
	for (const [how, preferences] of [
		["by an element's volume", TALKING],
		["in stereo, through a graph", { ...TALKING, stereo: true }],
	]) {
		story(`follows the distance, ${how}`, async (world, test) => {
			await world.newPlace("social-space");
			const [ada, bob] = [
				await world.guest("Ada", { preferences }),
				await world.guest("Bob", { preferences: TALKING }),
			];
			const spot = await meadow(ada, 7 * TILE);
			await bob.goes(spot);
			const measured = [];
			for (const tiles of TILES_APART) {
				await ada.goes({ x: spot.x + tiles * TILE, y: spot.y });
				await Promise.all([ada.rests(), bob.rests()]);
				const apart = distance(await ada.position(), await bob.position());
				const expected = 1 - apart / REACH_PX;
				await until(
					`the gain at ${apart} px is ${expected}`,
					async () => Math.abs((await ada.gainOf(bob)) - expected) < GAIN_ERROR_MAX,
					{
						why: () => ada.gainOf(bob),
					},
				);
				await ada.hears(bob);
				measured.push({ apart, expected, ...(await steady(ada, bob)) });
			}
			// What comes out, as a share of what comes in, is the gain, wherever one stands.
			for (const { apart, expected, arriving, played } of measured) {
				const share = played / arriving;
				test.diagnostic(`${Math.round(apart)} px: gain ${expected.toFixed(3)}, measured ${share.toFixed(3)}`);
				assert.ok(Math.abs(share - expected) < ENERGY_ERROR_MAX, `${apart} px: ${share} is not ${expected}`);
			}
			for (let i = 1; i < measured.length; i++) assert.ok(measured[i].played < measured[i - 1].played, "ever less");
		});
	}

	story("does not pass the edge of a private area, either way", async (world) => {
		const [ada, bob, cleo] = [
			await world.guest("Ada", { preferences: TALKING }),
			await world.guest("Bob", { preferences: TALKING }),
			await world.guest("Cleo", { preferences: TALKING }),
		];
		await ada.hears(bob);
		const { inside, outside } = await doorOf(ada, "Willow");
		await Promise.all([ada.goes(inside[0]), bob.goes(inside[1]), cleo.goes(outside)]);
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
		assert.ok(
			distance(await ada.position(), await cleo.position()) < 7 * TILE,
			"Cleo stands in earshot, but for the wall",
		);
		for (const person of [ada, bob]) {
			await Promise.all([cleo.hearsNothingOf(person), person.hearsNothingOf(cleo)]);
			assert.equal(await cleo.traffic(person), null, "nothing is sent that could be listened to");
		}
		// Inside, distance counts for nothing.
		await until("Ada hears Bob at full volume", async () => (await ada.gainOf(bob)) === 1);

		await cleo.goes(inside[2]);
		await Promise.all([cleo.hears(ada), cleo.hears(bob), ada.hears(cleo), bob.hears(cleo)]);
		await ada.goes(outside);
		await Promise.all([ada.hearsNothingOf(bob), ada.hearsNothingOf(cleo), bob.hears(cleo)]);
	});

	story("is nothing in a silent area, and for who is not to be disturbed", async (world) => {
		const [ada, bob] = [
			await world.guest("Ada", { preferences: TALKING }),
			await world.guest("Bob", { preferences: TALKING }),
		];
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
		await ada.chooses("Do not disturb");
		await Promise.all([ada.hearsNothingOf(bob), bob.hearsNothingOf(ada)]);
		assert.equal(await bob.traffic(ada), null);
		await ada.chooses("Available");
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
		// The library of the office is silent, and its readers do not hear each other either.
		const { inside } = await doorOf(ada, "Library");
		await Promise.all([ada.goes(inside[0]), bob.goes(inside[1])]);
		await Promise.all([ada.hearsNothingOf(bob), bob.hearsNothingOf(ada)]);
		assert.equal(await bob.traffic(ada), null);
	});

	story("is nothing while one is muted: not a packet of sound is sent", async (world) => {
		const [ada, bob] = [
			await world.guest("Ada", { preferences: TALKING }),
			await world.guest("Bob", { preferences: TALKING }),
		];
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
		await ada.press("v");
		await bob.hearsNothingOf(ada);
		const before = [await ada.traffic(bob), await bob.traffic(ada)];
		await bob.hearsNothingOf(ada);
		await ada.hears(bob);
		const after = [await ada.traffic(bob), await bob.traffic(ada)];
		assert.equal(after[0].audioOut, before[0].audioOut, "Ada sends none");
		assert.equal(after[1].audioIn, before[1].audioIn, "and none comes");
		assert.ok(after[0].audioIn > before[0].audioIn, "while Bob's go on");
		// The other key works from anywhere.
		await ada.press("Control+d");
		await bob.hears(ada);
	});

	story("is nothing through a lock, until it is opened", async (world) => {
		const [ada, bob] = [
			await world.guest("Ada", { preferences: TALKING }),
			await world.guest("Bob", { preferences: TALKING }),
		];
		await Promise.all([ada.hears(bob), bob.hears(ada)]);
		await ada.page.getByRole("button", { name: "Lock conversation" }).click();
		await bob.reads("Locked: nobody else can join this conversation.");
		const cleo = await world.guest("Cleo", { preferences: TALKING });
		await Promise.all([cleo.hearsNothingOf(ada), cleo.hearsNothingOf(bob), ada.hearsNothingOf(cleo)]);
		await ada.hears(bob);
		await cleo.reads("A locked conversation is going on here.");
		await bob.page.getByRole("button", { name: "Unlock conversation" }).click();
		await Promise.all([cleo.hears(ada), cleo.hears(bob), ada.hears(cleo), bob.hears(cleo)]);
	});

	story("can be told from another's that is cut, however short it is", async (world) => {
		const ada = await world.browserFor("Ada");
		await ada.page.goto(world.url);
		const [bob, cleo] = [560, 680].map((hz) => ({ name: `${hz} Hz`, hz, id: async () => 0 }));
		// Three joins a second in one voice, as a late network makes them.
		const cut = await plays(ada, bob.hz, { pieceMs: 330, restMs: 0 });
		let most = 0;
		for (let n = 0; n < 20; n++) {
			most = Math.max(most, (await ada.loudness(cleo)).played);
			await pass(40);
		}
		assert.ok(most > SILENT, `a cut is at all frequencies: ${most}`);
		await ada.hearsNothingOf(cleo, { within_ms: 0 });
		await cut.stop();
		await ada.hearsNothingOf(bob);
		// And a single frame of a voice, now and then, is not overheard.
		await plays(ada, cleo.hz, { pieceMs: 20, restMs: 180 });
		await assert.rejects(ada.hearsNothingOf(cleo), /hears 680 Hz/);
	});
});

/** At somebody's loudspeaker: pieces of a tone that do not fit each other, with rests between them. */
async function plays({ page }, hz, { pieceMs, restMs }) {
	const source = await page.evaluateHandle(
		async ({ hz, pieceMs, restMs }) => {
			const context = new AudioContext();
			const [piece, rest] = [pieceMs, restMs].map((ms) => Math.round((ms / 1_000) * context.sampleRate));
			const pieces = 12;
			const buffer = context.createBuffer(1, (piece + rest) * pieces, context.sampleRate);
			const samples = buffer.getChannelData(0);
			for (let n = 0; n < pieces; n++)
				for (let at = 0; at < piece; at++)
					samples[n * (piece + rest) + at] = 0.25 * Math.sin((2 * Math.PI * hz * at) / context.sampleRate + n * 2);
			const source = new AudioBufferSourceNode(context, { buffer, loop: true });
			source.connect(context.destination);
			await context.resume();
			source.start();
			return source;
		},
		{ hz, pieceMs, restMs },
	);
	return { stop: () => source.evaluate((node) => node.stop()) };
}

/** The mean of some looks. */
async function steady(person, other) {
	const looks = [];
	// Until the analysers look at nothing older.
	await pass(300);
	for (let i = 0; i < 8; i++) looks.push(await person.loudness(other));
	const mean = (of) => looks.reduce((n, look) => n + look[of], 0) / looks.length;
	return { arriving: mean("arriving"), played: mean("played") };
}

/** Three free spots inside an area, and the nearest free one outside to the first, in the open. */
async function doorOf(person, name) {
	const spots = await person.client((c, area) => {
		const free = [];
		for (let y = 1; y < 60; y++)
			for (let x = 1; x < 80; x++) {
				const spot = { x: x * 32 + 16, y: y * 32 + 16 };
				const clear = [-1, 0, 1].every((d) => !c.blocked(x + d, y) && !c.blocked(x, y + d));
				if (clear && c.pathPreview(spot.x, spot.y).length > 0)
					free.push({ ...spot, inside: c.areaAt(spot.x, spot.y) === area, open: c.areaAt(spot.x, spot.y) === null });
			}
		const pairs = free
			.filter((spot) => spot.inside)
			.flatMap((spot) =>
				free
					.filter((other) => other.open)
					.map((other) => [spot, other, Math.hypot(spot.x - other.x, spot.y - other.y)]),
			);
		const [first, outside] = pairs.sort((a, b) => a[2] - b[2])[0];
		const apart = (spot) => Math.hypot(spot.x - first.x, spot.y - first.y);
		const others = free.filter((spot) => spot.inside && apart(spot) >= 64).sort((a, b) => apart(a) - apart(b));
		return { inside: [first, others[0], others.at(-1)], outside };
	}, name);
	assert.ok(spots.outside && spots.inside[2], `there are free spots in and before ${name}`);
	return spots;
}
