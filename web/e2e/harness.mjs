// The one harness of the browser tests: a runtime, browsers, and people before them. Stories read as
// `const ada = await world.guest("Ada")`.
//
// Absent on purpose: retries, and waiting for time to pass where something can be waited for.

import { chromium } from "playwright-core";
import { Person } from "./person.mjs";
import { startRuntime } from "./runtime.mjs";

export { agree, distance, Person, TILE, until } from "./person.mjs";
export { startBots, startRuntime } from "./runtime.mjs";

const CHROMIUM = process.env.EARSHOT_CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

/** One runtime and one Chromium for the stories of a file. */
export async function openWorld() {
	const [runtime, browser] = await Promise.all([
		startRuntime(),
		chromium.launch({ executablePath: CHROMIUM, args: FLAGS }),
	]);
	return new World(runtime, browser);
}

class World {
	constructor(runtime, browser) {
		Object.assign(this, { runtime, browser, url: runtime.url });
	}

	/** A browser that was never here: no cookies, no storage. Problems of the page fail the test that opened it. */
	async browserFor(name, { url = this.url, ...options } = {}) {
		const context = await this.browser.newContext({ viewport: { width: 1000, height: 700 }, ...options });
		const person = new Person(await context.newPage(), url, name);
		person.context = context;
		person.problems = [];
		person.page.on("pageerror", (error) => person.problems.push(`${error}`));
		return person;
	}

	/** Somebody who opened the link and is inside. */
	async guest(name, options) {
		const person = await this.browserFor(name, options);
		return person.enter(options?.space);
	}

	/** Everybody goes home; the next story starts in an empty place. */
	async empty() {
		const problems = [];
		for (const context of this.browser.contexts()) await context.close();
		return problems;
	}

	async close() {
		await this.browser.close();
		await this.runtime.stop();
	}
}

/** The map of a space as the server tells it, for choosing spots in it. */
export async function mapOf(person, space = "commons") {
	const { width, height, tilewidth } = await person.page.evaluate(
		async (id) => (await fetch(`/api/spaces/${id}/map`)).json(),
		space,
	);
	return { columns: width, rows: height, width: width * tilewidth, height: height * tilewidth };
}
