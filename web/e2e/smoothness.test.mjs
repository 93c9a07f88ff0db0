// A far-away network: a hundred milliseconds there and back, thirty of jitter. One's own feet answer at once, others glide.

import assert from "node:assert/strict";
import { setTimeout as pass } from "node:timers/promises";
import { agree, openNetwork, randomFrom, stories } from "./harness.mjs";

const FAR = { roundTrip_ms: 100, jitter_ms: 30 };
const WALK_MS = 25_000;
/** Where the keys come from; any number is as good. */
const SEED = 20_26;
const CORRECTIONS_MAX = 1 / 1000;
/** The first frame after a key is the one in which the walk begins; the second shows it begun. */
const FRAMES_TO_MOVE_MAX = 2;
/** Running, in pixels of the map a second, and how much faster others may be drawn while they catch up. */
const RUN_PX_S = 224;
const CATCH_UP = 2;
/** Rounding, and the unevenness of a busy machine's clock. */
const SLACK_PX = 3;
const SITTING = 3;

stories("far away", (story) => {
	story("one's own feet answer at once, and others glide", async (world, test) => {
		const networks = [await openNetwork(world.runtime.port, { ...FAR, seed: 1 })];
		networks.push(await openNetwork(world.runtime.port, { ...FAR, seed: 2 }));
		try {
			const [ada, bob] = await Promise.all([
				world.guest("Ada", { url: networks[0].url, viewport: { width: 640, height: 480 } }),
				world.guest("Bob", { url: networks[1].url, viewport: { width: 640, height: 480 } }),
			]);
			await agree(ada, bob);
			const [adaId, bobId] = [await ada.id(), await bob.id()];

			await ada.records();
			const delays = [];
			for (const key of ["ArrowLeft", "ArrowRight", "ArrowLeft", "ArrowRight", "ArrowLeft"]) {
				await ada.walk(key, 40);
				await ada.rests();
				const { drawn, keys } = await ada.recorded();
				delays.push(framesToMove(drawn, keys.at(-1), adaId));
				await ada.client(() => {
					window.drawn.length = 0;
				});
			}
			test.diagnostic(`frames from a key to the first step: ${delays.join(", ")}`);

			await bob.records();
			await Promise.all([keysAtRandom(ada, randomFrom(SEED)), keysAtRandom(bob, randomFrom(SEED + 1))]);
			await agree(ada, bob);
			for (const [person, other] of [
				[ada, bobId],
				[bob, adaId],
			]) {
				const { intents, corrections, correctionPxMax, lateCourses, latePxMax, courses, roundTripMs } =
					await person.statistics();
				const { drawn } = await person.recorded();
				const worst = worstJump(drawn, other);
				test.diagnostic(
					`${person.name}: round trip ${roundTripMs} ms, ${intents} intents, ${corrections} corrections (${correctionPxMax} px), ` +
						`${courses} courses, ${lateCourses} late (${latePxMax} px), ${drawn.length} frames, ` +
						`the other's longest step ${worst.longest.step.toFixed(1)} px in ${worst.longest.time_ms.toFixed(0)} ms`,
				);
				assert.ok(corrections <= intents * CORRECTIONS_MAX, `${corrections} corrections in ${intents} intents`);
				assert.ok(worst.excess <= SLACK_PX, `a jump of ${worst.step} px in ${worst.time_ms} ms`);
			}
			for (const frames of delays) assert.ok(frames <= FRAMES_TO_MOVE_MAX, `it took ${frames} frames`);
		} finally {
			for (const network of networks) network.close();
		}
	});
});

/** Holds keys as they come, one or two at a time, sometimes none, sometimes running. */
async function keysAtRandom(person, random) {
	const { keyboard } = person.page;
	const pick = (list) => list[Math.floor(random() * list.length)];
	const end = performance.now() + WALK_MS;
	while (performance.now() < end) {
		const keys = new Set([pick(["ArrowLeft", "ArrowRight"]), pick(["ArrowUp", "ArrowDown", "Shift"])]);
		if (random() < 0.5) keys.delete([...keys][0]);
		for (const key of keys) await keyboard.down(key);
		await pass(60 + random() * 400);
		for (const key of keys) await keyboard.up(key);
		if (random() < 0.4) await pass(random() * 300);
	}
}

/** How many frames were drawn after a key until one shows another place. */
function framesToMove(drawn, key_ms, id) {
	const before = drawn.filter((frame) => frame.at < key_ms).at(-1) ?? drawn[0];
	const after = drawn.filter((frame) => frame.at >= key_ms);
	const [x, y] = before.places[id];
	return after.findIndex(({ places }) => places[id][0] !== x || places[id][1] !== y) + 1 || Number.POSITIVE_INFINITY;
}

/** The step from one frame to the next that exceeds most what the time between them explains. */
function worstJump(drawn, id) {
	let worst = { step: 0, time_ms: 0, excess: Number.NEGATIVE_INFINITY };
	let longest = { step: 0, time_ms: 0 };
	drawn.slice(1).forEach((frame, index) => {
		const [from, to] = [drawn[index].places[id], frame.places[id]];
		// Sitting down and getting up is one step, onto the seat and off it.
		if (!from || !to || from[2] === SITTING || to[2] === SITTING) return;
		const time_ms = frame.at - drawn[index].at;
		const step = Math.hypot(to[0] - from[0], to[1] - from[1]);
		const excess = step - (time_ms / 1000) * RUN_PX_S * CATCH_UP;
		if (excess > worst.excess) worst = { step, time_ms, excess };
		if (step > longest.step) longest = { step, time_ms };
	});
	return { ...worst, longest };
}
