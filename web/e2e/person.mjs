// Somebody in front of a browser. What a person does goes through keys, clicks and words on the page; only positions are
// read from the space client, which the page shows where its address asks for it (`?inspect`).
//
// The same class sits before Chromium (Playwright) and Firefox (Puppeteer): it uses only what both have.

import assert from "node:assert/strict";
import { Senses } from "./senses.mjs";

export const TILE = 32;
const FRAME_STRIDE = 8;
const POSES = ["stand", "walk", "run", "sit"];
const WAIT_MS_MAX = 15_000;
const POLL_MS = 25;

/** Waits until `ask` answers something true, and gives that back; fails with `what`, and the last answer or `why()`. */
export async function until(what, ask, { ms = WAIT_MS_MAX, why } = {}) {
	const end = performance.now() + ms;
	for (;;) {
		const answer = await ask().catch(leaving);
		if (answer) return answer;
		if (performance.now() > end)
			assert.fail(
				`waited ${ms} ms in vain: ${what}${why ? `; ${await Promise.resolve().then(why).catch(String)}` : ""}`,
			);
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
}

/** A page on its way to another answers nothing; that is no failure. */
function leaving(error) {
	if (/context was destroyed|navigat/i.test(error.message)) return null;
	throw error;
}

export class Person extends Senses {
	constructor(page, url, name) {
		super();
		Object.assign(this, { page, url, name, problems: [] });
	}

	/** Opens a space's link as a guest does: says a name at the door and walks in. */
	async enter(space) {
		await this.page.goto(`${this.url}/s/${space}?inspect`);
		await this.showsElement("#name");
		await this.page.focus("#name");
		await this.page.keyboard.press("Control+A").catch(() => {});
		await this.page.keyboard.type(this.name);
		await this.page.keyboard.press("Enter");
		await this.inside();
		return this;
	}

	/** Is in the space, and sees it. */
	async inside() {
		await until(`${this.name} is inside`, () => this.client((c) => c?.ownPosition() != null), {
			ms: 30_000,
			why: () => this.page.evaluate(() => document.body.innerText.slice(0, 300)),
		});
		await this.showsElement(".bottom-bar");
		await this.page.focus("canvas.place");
	}

	async reload() {
		await this.page.reload();
		await this.inside();
	}

	// ---- what one sees ---------------------------------------------------------------------------------------------

	/** Runs `ask(client, argument)` in the page. */
	client(ask, argument) {
		return this.page.evaluate(
			`(() => { const c = window.earshot?.client ?? null; return (${ask})(c, ${JSON.stringify(argument ?? null)}); })()`,
		);
	}

	id() {
		return this.client((c) => c.self);
	}

	/** Where oneself is, in pixels of the map, with the fractions of a pixel. */
	async position() {
		const [x, y] = await this.client((c) => c.ownPosition());
		return { x: x / 256, y: y / 256 };
	}

	/** Every avatar as it would be drawn now. */
	async sees() {
		const { frame, moving } = await this.client((c) => {
			const now = performance.now();
			return { frame: [...c.frame(now)], moving: c.moving(now) };
		});
		const avatars = new Map();
		for (let at = 0; at < frame.length; at += FRAME_STRIDE) {
			const [id, x, y, facing, pose, , flags] = frame.slice(at, at + FRAME_STRIDE);
			avatars.set(id, { x, y, facing, pose: POSES[pose], self: (flags & 1) !== 0, connected: (flags & 2) === 0 });
		}
		return { avatars, moving };
	}

	statistics() {
		return this.client((c) => c.statistics());
	}

	/** Nothing in view moves or is being smoothed. */
	async rests() {
		await until(`all is still in ${this.name}'s view`, () =>
			this.client((c) => {
				const now = performance.now();
				const frame = c.frame(now);
				let still = !c.moving(now);
				for (let at = 4; at < frame.length; at += 8) still &&= frame[at] === 0 || frame[at] === 3;
				return still;
			}),
		);
	}

	/** Tiles that an avatar stands in although they are blocked; empty unless something is wrong. */
	blockedStanders() {
		return this.client((c) => {
			const frame = c.frame(performance.now());
			const wrong = [];
			for (let at = 0; at < frame.length; at += 8) {
				const tile = [Math.floor(frame[at + 1] / 32), Math.floor(frame[at + 2] / 32)];
				if (frame[at + 4] === 0 && c.blocked(...tile)) wrong.push({ id: frame[at], tile });
			}
			return wrong;
		});
	}

	showsElement(selector) {
		return until(`${this.name} sees ${selector}`, () =>
			this.page.evaluate((s) => document.querySelector(s) !== null, selector),
		);
	}

	/** Waits for a text somewhere on the page, or in one part of it. */
	/** Of all that fits: there are several places where a page says something. */
	#wordsIn(selector) {
		return this.page.evaluate(
			(s) => [...document.querySelectorAll(s)].map((element) => element.innerText).join("\n"),
			selector,
		);
	}

	reads(text, within = "body") {
		const words = () => this.#wordsIn(within);
		return until(`${this.name} reads “${text}”`, async () => (await words()).includes(text), { why: words });
	}

	readsNoMore(text, within = "body") {
		const words = () => this.#wordsIn(within);
		return until(`${this.name} no longer reads “${text}”`, async () => !(await words()).includes(text), { why: words });
	}

	/** All that is written on the page. */
	words() {
		return this.page.evaluate(() => document.body.innerText);
	}

	/** Connected, and told so: no banner is left. */
	online() {
		return this.page.evaluate(
			() => window.earshot?.client?.ownPosition() != null && document.querySelector(".banner") === null,
		);
	}

	/** Who one is, beyond this connection. */
	userId() {
		return this.page.evaluate(async () => (await (await fetch("/api/auth/me")).json()).user.id);
	}

	/** What the page did so far: frames that came, and drawing that was asked for. */
	async activity() {
		const { frames, sent } = await this.statistics();
		return { frames, sent, drawn: await this.page.evaluate(() => window.framesAsked) };
	}

	/** Nothing passing is on the page any more: no note, and no drawing in the last third of a second. */
	async settled() {
		const look = () => this.page.evaluate(() => [window.framesAsked, document.querySelectorAll(".toast").length]);
		const [drawn] = await look();
		await new Promise((resolve) => setTimeout(resolve, 350));
		const [now, notes] = await look();
		return notes === 0 && now === drawn;
	}

	/** Another tab comes to the front. A browser without a screen shows all of its tabs, so the page is only told so. */
	hides() {
		return this.#visibility("hidden");
	}

	returns() {
		return this.#visibility("visible");
	}

	#visibility(state) {
		return this.page.evaluate((now) => {
			Object.defineProperty(document, "visibilityState", { configurable: true, get: () => now });
			Object.defineProperty(document, "hidden", { configurable: true, get: () => now === "hidden" });
			document.dispatchEvent(new Event("visibilitychange"));
		}, state);
	}

	/** From now on keeps every frame that is drawn, and every key that goes down. */
	records() {
		return this.client((c) => {
			const draw = c.frame.bind(c);
			window.drawn = [];
			window.keys = [];
			c.frame = (now) => {
				const avatars = draw(now);
				const places = {};
				for (let at = 0; at < avatars.length; at += 8)
					places[avatars[at]] = [avatars[at + 1], avatars[at + 2], avatars[at + 4]];
				window.drawn.push({ at: now, places });
				return avatars;
			};
			window.addEventListener("keydown", () => window.keys.push(performance.now()), { capture: true });
		});
	}

	recorded() {
		return this.page.evaluate(() => ({ drawn: window.drawn, keys: window.keys }));
	}

	/** Tabs on until the focus is on something with these words. */
	async tabsTo(words) {
		const focused = () =>
			this.page.evaluate(() => {
				const it = document.activeElement === document.body ? null : document.activeElement;
				const label = it?.labels?.[0]?.innerText;
				return `${it?.getAttribute("aria-label") ?? label ?? it?.innerText ?? ""}`;
			});
		for (let step = 0; step < 40; step++) {
			if ((await focused()).includes(words)) return;
			await this.press("Tab");
		}
		assert.fail(`no way with Tab to “${words}”; the last was “${await focused()}”`);
	}

	/** Looks at the page again, as after opening a laptop: it asks at once whether its connection lives. */
	looksAgain() {
		return this.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	}

	/** Leaves a mark that a reload would wipe away. */
	marks() {
		return this.page.evaluate(() => {
			window.marked = true;
		});
	}

	isMarked() {
		return this.page.evaluate(() => window.marked === true);
	}

	async row(name) {
		await this.opensPeople();
		return (await this.peopleListed()).find((row) => row.name === name);
	}

	async statusOf(name) {
		return (await this.row(name))?.status;
	}

	async badgesOf(name) {
		return (await this.row(name))?.badges ?? [];
	}

	/** The rows of the people list, as read. */
	peopleListed() {
		return this.page.evaluate(() =>
			[...document.querySelectorAll(".person")].map((row) => ({
				name: row.querySelector(".person-name").firstChild.textContent,
				badges: [...row.querySelectorAll(".badge")].map((badge) => badge.textContent),
				status: row.querySelector(".person-status").innerText.trim(),
			})),
		);
	}

	// ---- what one does ---------------------------------------------------------------------------------------------

	press(...keys) {
		return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
	}

	async opensPeople() {
		if (await this.page.evaluate(() => document.querySelector(".side-panel") !== null)) return;
		await this.page.focus("canvas.place");
		await this.press("p");
		await this.showsElement(".side-panel");
	}

	/** Chooses a status in the menu, with the keyboard. */
	async chooses(status) {
		await this.page.focus(".bottom-bar .me");
		await this.press("Enter");
		await this.showsElement("[role=menu]");
		const focused = () =>
			this.page.evaluate(() => document.activeElement?.closest("[role^=menuitem]")?.innerText ?? "");
		await until("the menu has the focus", focused);
		for (let step = 0; !(await focused()).startsWith(status); step++) {
			assert.ok(step < 8, `no status ${status} in the menu`);
			await this.press("ArrowDown");
		}
		await this.press("Enter");
		await this.reads(status, ".bottom-bar .me");
		// A closing menu gives the focus back, and would take it from wherever it went too early.
		await until("the menu has closed", () =>
			this.page.evaluate(
				() => !document.querySelector("[role=menu]") && document.activeElement?.matches(".bottom-bar .me"),
			),
		);
		await this.page.focus("canvas.place");
	}

	/** Holds a key until the avatar has gone `px`, or stopped before something. */
	async walk(key, px = 64) {
		const from = await this.position();
		await this.page.keyboard.down(key);
		let last = from;
		let stuck = 0;
		await until(`${this.name} walks`, async () => {
			const at = await this.position();
			stuck = at.x === last.x && at.y === last.y ? stuck + 1 : 0;
			last = at;
			return distance(at, from) >= px || stuck > 12;
		});
		await this.page.keyboard.up(key);
		return distance(last, from);
	}

	/** Is led to a spot, running, as by a click there; the way must be free. */
	async goes(spot) {
		const set = await this.client((c, { x, y }) => c.walkTo(Math.round(x), Math.round(y), true), spot);
		assert.ok(set, `${this.name} finds a way to ${JSON.stringify(spot)}`);
		await until(`${this.name} is at ${JSON.stringify(spot)}`, async () => distance(await this.position(), spot) < 2, {
			why: async () => JSON.stringify(await this.position()),
		});
	}

	/** Where on the page a spot of the map is. It is asked of the page itself: it looks up the way to where a mouse rests. */
	async spotOnPage(spot) {
		const probes = [
			{ x: 300, y: 200 },
			{ x: 420, y: 320 },
		];
		const found = [];
		for (const probe of probes) {
			await this.client((c) => {
				c.probed = null;
				c.askedBefore ??= c.pathPreview.bind(c);
				c.pathPreview = (x, y) => {
					c.probed = [x, y];
					return c.askedBefore(x, y);
				};
			});
			await this.page.mouse.move(probe.x, probe.y);
			found.push(await until("the page looks up a way", () => this.client((c) => c.probed)));
		}
		const [[ax, ay], [bx, by]] = found;
		const scale = (probes[1].x - probes[0].x) / (bx - ax);
		assert.ok(Math.abs(scale - (probes[1].y - probes[0].y) / (by - ay)) < 1e-6, "the map is drawn square");
		return { x: probes[0].x + (spot.x - ax) * scale, y: probes[0].y + (spot.y - ay) * scale };
	}

	/** Clicks a spot in the place. */
	async clickSpot(spot) {
		const { x, y } = await this.spotOnPage(spot);
		await this.page.mouse.click(x, y);
	}

	/** Clicks a spot on the little map. */
	async clickMinimap(spot, map) {
		const box = await this.page.evaluate(() => {
			const { left, top, width, height } = document.querySelector(".minimap canvas").getBoundingClientRect();
			return { left, top, width, height };
		});
		await this.page.mouse.click(
			box.left + (spot.x / map.width) * box.width,
			box.top + (spot.y / map.height) * box.height,
		);
	}
}

export const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/** Waits until both stand still and see each other exactly where the other is; gives the two places back. */
export async function agree(a, b) {
	await Promise.all([a.rests(), b.rests()]);
	const [idA, idB] = [await a.id(), await b.id()];
	let seen = {};
	const look = async () => {
		const [viewA, viewB] = [await a.sees(), await b.sees()];
		seen = { [a.name]: placesOf(viewA, [idA, idB]), [b.name]: placesOf(viewB, [idA, idB]) };
		return same(seen[a.name], seen[b.name]) && !viewA.moving && !viewB.moving;
	};
	await until(`${a.name} and ${b.name} agree`, look, { ms: 5_000, why: () => JSON.stringify(seen) });
	for (const person of [a, b]) assert.deepEqual(await person.blockedStanders(), [], "somebody stands in a wall");
	return seen[a.name];
}

/** Where a view shows these. */
export const placesOf = ({ avatars }, ids) => ids.map((id) => avatars.get(id)).map((at) => at && { x: at.x, y: at.y });
const same = (a, b) => a.every((at, i) => at && b[i] && Math.abs(at.x - b[i].x) < 0.5 && Math.abs(at.y - b[i].y) < 0.5);
