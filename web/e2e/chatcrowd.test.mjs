// Two people write to each other among fifty bots that write too.

import assert from "node:assert/strict";
import { MEASURED, startBots, stories, until } from "./harness.mjs";

const BOTS = 50;
const MESSAGES = 24;
/** What the project promises between Enter and the words on the other's screen, and between any two clients; on a busy machine, that they come. */
const P99_MS_MAX = MEASURED ? 500 : 5_000;
/** Without a graphics card every pixel is the processor's, and the space shares it. */
const SMALL = { viewport: { width: 480, height: 480 }, reducedMotion: "reduce" };

/** From now on notes when each line of the chat came onto the page, by the clock that all pages of a machine share. */
const watch = ({ page }) =>
	page.evaluate(() => {
		window.seen = new Map();
		const note = () => {
			for (const line of document.querySelectorAll(".chat-text")) {
				const words = line.textContent;
				if (!window.seen.has(words)) window.seen.set(words, performance.timeOrigin + performance.now());
			}
		};
		new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
		note();
	});

const seenAt = ({ page }, words) => page.evaluate((words) => window.seen.get(words) ?? null, words);

async function opensChat(person) {
	await person.page.focus("canvas.place");
	await person.press("t");
	await until(`${person.name} may write`, () =>
		person.page.evaluate(() => document.activeElement?.matches(".chat-field") ?? false),
	);
}

stories("writing among fifty bots", (story) => {
	story("what two write reaches each other in time, and what the bots write reaches all", async (world, test) => {
		const [ada, bob] = [await world.guest("Ada", SMALL), await world.guest("Bob", SMALL)];
		const bots = startBots(world.runtime, {
			space: world.space,
			count: BOTS,
			warmUpSeconds: 3,
			seconds: 40,
			sayEveryMs: 5_000,
		});
		try {
			for (const person of [ada, bob]) {
				await opensChat(person);
				await watch(person);
			}
			await until("the bots write", async () => (await ada.page.locator(".chat-text").count()) > 10, { ms: 30_000 });
			const ways = [];
			for (let n = 0; n < MESSAGES; n++) {
				const [from, to] = n % 2 === 0 ? [ada, bob] : [bob, ada];
				const words = `number ${n} of ${from.name}`;
				await from.page.locator(".chat-field").fill(words);
				const at = Date.now();
				await from.press("Enter");
				ways.push((await until(`${to.name} reads ${words}`, () => seenAt(to, words))) - at);
				// Nobody types faster than one may speak.
				await new Promise((resolve) => setTimeout(resolve, 700));
			}
			ways.sort((a, b) => a - b);
			const report = await bots.report;
			test.diagnostic(
				`from Enter to the other's screen: p50 ${ways[MESSAGES / 2]?.toFixed(0)} ms, at most ${ways.at(-1)?.toFixed(0)} ms; among ` +
					`the bots: ${report.said} said, ${report.said_arrivals} told, p50 ${report.said_p50_ms} ms, p99 ${report.said_p99_ms} ms, ` +
					`at most ${report.said_max_ms} ms`,
			);
			assert.ok(ways.at(-1) < P99_MS_MAX, `one took ${ways.at(-1)} ms`);
			assert.ok(report.said_p99_ms < P99_MS_MAX, `p99 is ${report.said_p99_ms} ms`);
			// The last ones may still be on their way when the bots go.
			assert.ok(
				report.said_arrivals >= (report.said - 5) * BOTS,
				`${report.said_arrivals} of ${report.said} x ${BOTS}`,
			);
			assert.equal(report.ended, 0);
		} finally {
			bots.stop();
		}
	});
});
