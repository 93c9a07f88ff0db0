// The one harness of the browser tests: a runtime, browsers, and people before them. Stories read as
// `const ada = await world.guest("Ada")`.
//
// Absent on purpose: retries, and waiting for time to pass where something can be waited for.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { Person } from "./person.mjs";
import { startRuntime } from "./runtime.mjs";

export { openNetwork, randomFrom } from "./network.mjs";
export { agree, distance, Person, placesOf, TILE, until } from "./person.mjs";
export { startBots, startRuntime } from "./runtime.mjs";

const CHROMIUM = process.env.EARSHOT_CHROMIUM ?? "/usr/bin/chromium";
/** Far above what any file takes; a hung browser must not hang all. */
const FILE_MS_MAX = 180_000;
const FIREFOX = process.env.EARSHOT_FIREFOX ?? "/usr/bin/firefox-esr";
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
	#people = [];

	constructor(runtime, browser) {
		Object.assign(this, { runtime, browser, url: runtime.url, space: "commons" });
	}

	/** A new space for a story of its own: nobody of the story before lingers in it. */
	async newPlace(template = "office") {
		const { access_token } = await this.#post("/api/auth/guest", { name: "Landlady" });
		const space = await this.#post("/api/spaces", { name: "A place for a story", template }, access_token);
		this.space = space.id;
	}

	/** A browser that was never here: no cookies, no storage. */
	async browserFor(name, { url = this.url, ...options } = {}) {
		const context = await this.browser.newContext({ viewport: { width: 1000, height: 700 }, ...options });
		const person = new Person(await context.newPage(), url, name);
		person.context = context;
		await context.addInitScript(countFrames);
		person.page.on("pageerror", (error) => person.problems.push(`${error.stack ?? error}`));
		this.#people.push(person);
		return person;
	}

	/** Somebody who opened the link and is inside. */
	async guest(name, options) {
		const person = await this.browserFor(name, options);
		return person.enter(this.space);
	}

	/** Somebody with Firefox. */
	async guestInFirefox(name) {
		this.firefox ??= await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
		const context = await this.firefox.createBrowserContext();
		const page = await context.newPage();
		await page.setViewport({ width: 1000, height: 700 });
		const person = new Person(page, this.url, name);
		// It counts a refused socket among the errors of a page.
		page.on("pageerror", (error) => {
			if (!/establish a connection|was interrupted/.test(`${error}`)) person.problems.push(`${error}`);
		});
		person.context = context;
		this.#people.push(person);
		return person.enter(this.space);
	}

	/** Everybody goes home. A story fails if one of its pages had an error that nobody caught. */
	async tidy() {
		const problems = this.#people.flatMap((person) => person.problems);
		this.#people = [];
		for (const context of this.browser.contexts()) await context.close();
		await this.firefox?.close();
		this.firefox = undefined;
		assert.deepEqual(problems, []);
	}

	async close() {
		await this.browser.close();
		await this.runtime.stop();
	}

	async #post(path, body, token) {
		const answer = await fetch(`${this.url}${path}`, {
			method: "POST",
			headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
			body: JSON.stringify(body),
		});
		assert.equal(answer.status, 201, await answer.clone().text());
		return answer.json();
	}
}

/** Runs in the page before anything else: how often anything there asked to draw. */
function countFrames() {
	const ask = window.requestAnimationFrame.bind(window);
	window.framesAsked = 0;
	window.requestAnimationFrame = (callback) => {
		window.framesAsked += 1;
		return ask(callback);
	};
}

/** For the stories of a file: one runtime and browser for all, a new place for each. */
export function stories(title, tell) {
	describe(title, { timeout: FILE_MS_MAX }, () => {
		const world = {};
		before(async () => {
			world.now = await openWorld();
		});
		beforeEach(() => world.now.newPlace());
		afterEach(() => world.now.tidy());
		after(() => world.now?.close());
		tell((name, story) => it(name, (test) => story(world.now, test)));
	});
}

/** The map of a space as the server tells it, for choosing spots in it. */
export async function mapOf(person, space) {
	const { width, height, tilewidth } = await person.page.evaluate(
		async (id) => (await fetch(`/api/spaces/${id}/map`)).json(),
		space,
	);
	return { columns: width, rows: height, width: width * tilewidth, height: height * tilewidth };
}
