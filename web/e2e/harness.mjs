// The one harness of the browser tests: a runtime, browsers, and people before them. Stories read as
// `const ada = await world.guest("Ada")`.
//
// Absent on purpose: retries, and waiting for time to pass where something can be waited for.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { fleetSecrets, startNode } from "./node.mjs";
import { Person, TILE } from "./person.mjs";
import { startRuntime } from "./runtime.mjs";
import { CHECKED, installSenses, nextTone } from "./senses.mjs";

export { openNetwork, randomFrom } from "./network.mjs";
export { agree, distance, Person, placesOf, TILE, until } from "./person.mjs";
export { startBots, startRuntime } from "./runtime.mjs";
export { CHECKED, ON_CAMERA, TALKING } from "./senses.mjs";

const CHROMIUM = process.env.EARSHOT_CHROMIUM ?? "/usr/bin/chromium";
/**
 * With EARSHOT_MEASURE=1 it is measured how well things work, on a machine that does nothing else: the bounds are those that the
 * project promises. Without it, that they work, on whatever machine: a busy one is late itself.
 */
export const MEASURED = process.env.EARSHOT_MEASURE === "1";
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
	// A tone and a moving picture instead of devices; whether a page may have them is up to each person.
	"--use-fake-device-for-media-stream",
];
/** A machine without a network has no other address. */
const LOOPBACK = "--allow-loopback-in-peer-connection";
/** Without a sound card its audio graphs do not run: it speaks in its fake device's own tone, and hears by what it decodes. */
const FIREFOX_TONE_HZ = 1_000;
const FIREFOX_PREFERENCES = {
	"media.navigator.audio.fake_frequency": FIREFOX_TONE_HZ,
	"media.navigator.streams.fake": true,
	"media.navigator.permission.disabled": true,
	"media.peerconnection.ice.loopback": true,
	"media.peerconnection.ice.obfuscate_host_addresses": false,
	"media.autoplay.default": 0,
};

/** One runtime and one Chromium for the stories of a file. `variables` are the Worker's; `nodes` is how many forward media, `listens` where, with which further `flags`. */
export async function openWorld({ variables, nodes = 0, listens, flags } = {}) {
	const all = nodes > 0 ? { ...fleetSecrets(), ...variables } : variables;
	const opening = [startRuntime({ variables: all }), launchChromium()];
	const started = [];
	try {
		const world = new World(...(await Promise.all(opening)));
		for (let n = 0; n < nodes; n++) started.push(await world.node(`node-${n + 1}`, { listens, flags }));
		return world;
	} catch (error) {
		// What runs on would keep the file from ever ending.
		const [runtime, browser] = await Promise.allSettled(opening);
		await browser.value?.close();
		for (const node of started) await node.stop();
		await runtime.value?.stop();
		throw error;
	}
}

/** One more, of another program or with more flags; `loopback` is whether its calls may use the loopback interface. */
export function launchChromium({ program = CHROMIUM, flags = [], loopback = true } = {}) {
	return chromium.launch({ executablePath: program, args: [...FLAGS, ...(loopback ? [LOOPBACK] : []), ...flags] });
}

export class World {
	#people = [];
	/** Programs that forward media. */
	nodes = [];
	/** What the story's space belongs to. */
	#landlady = null;
	#willing = null;

	constructor(runtime, browser) {
		Object.assign(this, { runtime, browser, url: runtime.url, space: "commons" });
	}

	/** A new space for a story of its own: nobody of the story before lingers in it. */
	async newPlace(template = "office") {
		this.#landlady = null;
		({ access_token: this.#landlady } = await this.#ask("POST", "/api/auth/guest", { name: "Landlady" }));
		const made = await this.#ask("POST", "/api/spaces", { name: "A place for a story", template });
		this.space = made.id;
	}

	/** One more node of the fleet. */
	async node(id, options) {
		const node = await startNode(this.runtime, { id, ...options });
		this.nodes.push(node);
		return node;
	}

	/** What the space has counted so far. */
	counters() {
		return this.#ask("GET", `/api/spaces/${this.space}/counters`);
	}

	/** The owner changes the space. */
	changePlace(change) {
		return this.#ask("PATCH", `/api/spaces/${this.space}`, change);
	}

	/**
	 * A browser that was never here: no cookies, and of storage only what the device check would have left in it. `within` is
	 * another browser than the one for all; `devices` are "given" before, given when "asked", "missing", or "denied".
	 */
	async browserFor(
		name,
		{ url = this.url, within = this.browser, preferences = CHECKED, devices = "given", ...options } = {},
	) {
		if (devices === "asked") {
			// This one says yes to every question of a page.
			this.#willing ??= await launchChromium({ flags: ["--use-fake-ui-for-media-stream"] });
			within = this.#willing;
		}
		const permissions = [...(options.permissions ?? []), ...(devices === "given" ? ["microphone", "camera"] : [])];
		const viewport = { width: 1000, height: 700 };
		const context = await within.newContext({ viewport, ...options, permissions });
		const person = new Person(await context.newPage(), url, name);
		Object.assign(person, { context, hz: nextTone() });
		await context.addInitScript(countFrames);
		await context.addInitScript(installSenses, { hz: person.hz, preferences, missing: devices === "missing" });
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
	async guestInFirefox(name, { preferences = CHECKED } = {}) {
		this.firefox ??= await puppeteer.launch({
			browser: "firefox",
			executablePath: FIREFOX,
			headless: true,
			extraPrefsFirefox: FIREFOX_PREFERENCES,
		});
		const context = await this.firefox.createBrowserContext();
		const page = await context.newPage();
		await page.setViewport({ width: 1000, height: 700 });
		const person = new Person(page, this.url, name);
		person.hz = FIREFOX_TONE_HZ;
		await page.evaluateOnNewDocument(installSenses, { hz: person.hz, preferences, hasGraphs: false });
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
		await this.#willing?.close();
		this.#willing = null;
		assert.deepEqual(problems, []);
	}

	async close() {
		await this.browser.close();
		for (const node of this.nodes) await node.stop();
		await this.runtime.stop();
	}

	#ask(method, path, body) {
		return this.runtime.ask(method, path, { body, token: this.#landlady });
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

/**
 * For the stories of a file: one runtime and browser for all, a new place for each. `skip` says why there are none here;
 * `open` makes another world than the usual one.
 */
export function stories(title, tell, { skip = false, open = openWorld, timeout = FILE_MS_MAX } = {}) {
	describe(title, { timeout, skip }, () => {
		const world = {};
		before(async () => {
			world.now = await open();
		});
		beforeEach(() => world.now.newPlace());
		afterEach(() => world.now?.tidy());
		after(() => world.now?.close());
		tell((name, story) => it(name, (test) => story(world.now, test)));
	});
}

/** The left end of a stretch of open ground, `length_px` long, the nearest to somebody. */
export async function meadow(person, length_px) {
	const from = await person.position();
	const spot = await person.client(
		(c, { from, tiles }) => {
			const free = (x, y) => [-1, 0, 1].every((dy) => !c.blocked(x, y + dy));
			const stretch = (x, y) =>
				Array.from({ length: tiles + 2 }, (_, i) => x + i - 1).every((column) => free(column, y));
			const found = [];
			for (let y = 1; y < 120; y++)
				for (let x = 1; x < 120; x++) if (stretch(x, y)) found.push({ x: x * 32 + 16, y: y * 32 + 16 });
			const way = ({ x, y }) => Math.hypot(x - from.x, y - from.y);
			return found.sort((a, b) => way(a) - way(b)).find(({ x, y }) => c.pathPreview(x, y).length > 0);
		},
		{ from, tiles: Math.ceil(length_px / TILE) },
	);
	assert.ok(spot, `there is open ground of ${length_px} px`);
	return spot;
}

/** The map of a space as the server tells it, for choosing spots in it. */
export async function mapOf(person, space) {
	const { width, height, tilewidth } = await person.page.evaluate(
		async (id) => (await fetch(`/api/spaces/${id}/map`)).json(),
		space,
	);
	return { columns: width, rows: height, width: width * tilewidth, height: height * tilewidth };
}
