// Two people walk up to each other, hear and see each other, and part. Everything is measured where it arrives.

import assert from "node:assert/strict";
import { meadow, ON_CAMERA, stories, TALKING, TILE, until } from "./harness.mjs";

/** Beyond 8 tiles nobody is heard, within 7 everybody is. */
const [NEAR_PX, AWAY_PX] = [6 * TILE, 9 * TILE];
const FAR_PX = 12 * TILE;
const CLOSE_PX = 2 * TILE;
const APPROACHES = 50;
/** So often one enters and leaves, the approaches included. */
const ROUNDS = 100;
/** What the issue asks for; on a machine of two cores that also runs the server and both browsers. */
const CONNECTED_P95_MS = 2_000;
const SILENCE_MS = 500;
/** A closed connection is an object until nothing speaks of it any more; the last ones may still be spoken of. */
const KEPT_MAX = 2;

stories(
	"two people",
	(story) => {
		story("hear and see each other when they meet, and neither when they part", async (world) => {
			await world.newPlace("social-space");
			const [ada, bob] = [
				await world.guest("Ada", { preferences: ON_CAMERA }),
				await world.guest("Bob", { preferences: ON_CAMERA }),
			];
			const spot = await meadow(ada, FAR_PX);
			await bob.goes(spot);
			await ada.goes({ x: spot.x + FAR_PX, y: spot.y });
			await ada.hearsNothingOf(bob);
			assert.equal((await ada.peers()).size, 0);

			await ada.goes({ x: spot.x + CLOSE_PX, y: spot.y });
			await Promise.all([ada.hears(bob), bob.hears(ada), ada.watches(bob), bob.watches(ada)]);
			assert.equal((await ada.peers()).get(await bob.id()).state, "connected");

			await ada.goes({ x: spot.x + FAR_PX, y: spot.y });
			await Promise.all([ada.hearsNothingOf(bob), bob.hearsNothingOf(ada)]);
			for (const [person, other] of [
				[ada, bob],
				[bob, ada],
			]) {
				assert.equal(await person.traffic(other), null, `${person.name} has no connection any more`);
			}
		});

		story("send each other nothing any more half a second after it ended, whoever else goes on", async (world) => {
			await world.newPlace("social-space");
			const ada = await world.guest("Ada", { preferences: TALKING });
			const mallory = await world.browserFor("Mallory", { preferences: TALKING });
			// Mallory's browser never ends a connection by itself, and never stops sending.
			await mallory.context.addInitScript(() => {
				RTCPeerConnection.prototype.close = () => {};
			});
			await mallory.enter(world.space);
			const spot = await meadow(ada, FAR_PX);
			await mallory.goes(spot);
			await ada.goes({ x: spot.x + CLOSE_PX, y: spot.y });
			await Promise.all([ada.hears(mallory), mallory.hears(ada)]);

			const seen = ada.watchesTheEnd(mallory);
			await ada.goes({ x: spot.x + FAR_PX, y: spot.y });
			const { before, half, later } = await seen;
			assert.ok(before.packets > 0, "there was something to end");
			assert.equal(half.state, "closed", "Ada's side is closed, whatever Mallory does");
			assert.equal(later.packets, half.packets, `no packet later than ${SILENCE_MS} ms`);
			await ada.hearsNothingOf(mallory);
		});

		story("are connected within two seconds, every time, and leave nothing behind", async (world, test) => {
			await world.newPlace("social-space");
			const [ada, bob] = [
				await world.guest("Ada", { preferences: TALKING }),
				await world.guest("Bob", { preferences: TALKING }),
			];
			const spot = await meadow(ada, AWAY_PX);
			const [near, away] = [NEAR_PX, AWAY_PX].map((px) => ({ x: spot.x + px, y: spot.y }));
			await bob.goes(spot);
			await ada.goes(away);
			const gone = () =>
				Promise.all(
					[ada, bob].map((person) => until(`${person.name} is alone`, async () => (await person.peers()).size === 0)),
				);
			await gone();
			// Once round first: what is kept for good (a device, a context) is there from then on.
			await ada.goes(near);
			await Promise.all([ada.hears(bob), bob.hears(ada)]);
			await ada.goes(away);
			await gone();
			const before = await Promise.all([ada, bob].map(resources));
			const countedBefore = await world.counters();

			const took = [];
			for (let round = 0; round < ROUNDS; round++) {
				// The others turn back at once, in the middle of whatever connecting is.
				const met = round < APPROACHES ? Promise.all([ada.meets(bob), bob.meets(ada)]) : [];
				await ada.goes(near);
				if (round < APPROACHES) took.push(Math.max(...(await met)));
				await ada.goes(away);
				await gone();
			}
			took.sort((a, b) => a - b);
			const at = (share) => Math.round(took[Math.ceil(share * took.length) - 1]);
			test.diagnostic(
				`connected, both ways, in: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${at(1)} ms of ${took.length}`,
			);
			assert.ok(at(0.95) < CONNECTED_P95_MS, `p95 is ${at(0.95)} ms`);

			// The browser ends what was closed when it finds the time.
			await until("the browser has let the connections go", async () => (await kept(ada)) <= KEPT_MAX, {
				why: () => kept(ada),
			});
			for (const [i, person] of [ada, bob].entries()) {
				const now = await resources(person);
				assert.deepEqual(now.held, before[i].held, `${person.name} holds as much as before`);
				assert.equal(now.opened, now.closed, `${person.name}: each connection that was opened was closed`);
				assert.ok(now.opened - before[i].opened >= APPROACHES);
				assert.ok(now.browser.connections <= KEPT_MAX);
				const grown = (kind) => now.browser[kind] - before[i].browser[kind];
				test.diagnostic(`${person.name}: ${grown("listeners")} more listeners, ${grown("nodes")} more nodes`);
				assert.ok(grown("listeners") < ROUNDS / 4, `${person.name}: ${grown("listeners")} more listeners`);
				// Less than one for each round: a tile that is kept would be a dozen.
				assert.ok(grown("nodes") < ROUNDS, `${person.name}: ${grown("nodes")} more nodes`);
			}
			const counted = await world.counters();
			assert.equal(counted.peerings, 0);
			assert.equal(counted.sessions, 2);
			assert.equal(counted.peerings_begun, counted.peerings_ended);
			assert.equal(counted.peerings_begun - countedBefore.peerings_begun, ROUNDS);
		});
	},
	{ timeout: 300_000 },
);

const kept = async (person) => (await person.browserCounts()).connections;

/** What of the page's resources is in use: by the engine's own count, and by the browser's. */
async function resources(person) {
	const { opened, closed, ...held } = await person.counts();
	return { opened, closed, held, browser: await person.browserCounts() };
}
