// Where words are written: areas, named channels, direct messages; and how they are found again.

import assert from "node:assert/strict";
import { audit } from "./axe.mjs";
import { badge, chooses, goesTo, lines, mayWrite, message, opensChat, readsLines, uses, writes } from "./chat.mjs";
import { stories, until } from "./harness.mjs";

/** Asks the API as the page of somebody does. */
const asks = (person, method, path, body) =>
	person.page.evaluate(
		async ([method, path, body]) => {
			const headers = body ? { "content-type": "application/json" } : {};
			const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
			if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
			return answer.status === 204 ? null : answer.json();
		},
		[method, path, body],
	);

/** Somebody with a space of their own, inside of it. */
async function owner(world, name) {
	const person = await world.guest(name);
	const { id } = await asks(person, "POST", "/api/spaces", {
		name: `${name}'s place`,
		template: "office",
		access: "link",
	});
	world.space = id;
	await person.page.goto(`${world.url}/s/${id}?inspect`);
	await person.inside();
	return person;
}

/** A free spot in an area of the map, and one outside of all of them. */
const spots = (person, area) =>
	person.client((c, area) => {
		const free = [];
		for (let y = 1; y < 60; y++)
			for (let x = 1; x < 80; x++) {
				const spot = { x: x * 32 + 16, y: y * 32 + 16 };
				const clear = [-1, 0, 1].every((d) => !c.blocked(x + d, y) && !c.blocked(x, y + d));
				if (clear && c.pathPreview(spot.x, spot.y).length > 0) free.push({ ...spot, area: c.areaAt(spot.x, spot.y) });
			}
		const inside = free.filter((spot) => spot.area === area);
		return { inside: [inside[0], inside.at(-1)], outside: free.find((spot) => spot.area === null) };
	}, area);

const places = ({ page }) => page.locator(".chat-place-name bdi").allInnerTexts();
const opensList = ({ page }) => page.getByRole("button", { name: /^All conversations/ }).click();

stories("places to write", (story) => {
	story("an area's words stay in it", async (world) => {
		const [ada, bob, cleo] = [await world.guest("Ada"), await world.guest("Bob"), await world.guest("Cleo")];
		const { inside, outside } = await spots(ada, "Willow");
		await Promise.all([ada.goes(inside[0]), bob.goes(inside[1]), cleo.goes(outside)]);
		await opensChat(ada);
		await goesTo(ada, "Willow");
		await ada.reads("Whoever is inside Willow reads this, now and later", ".chat-panel");
		await writes(ada, "between us");
		await until("Bob's button counts it", async () => (await badge(bob)) === "1");
		await opensChat(bob);
		await goesTo(bob, "Willow");
		await readsLines(bob, ["between us"]);
		await uses(bob, "between us", "React 👍");
		await until(
			"Ada sees it",
			async () => (await ada.page.locator(".chat-reaction[data-mine], .chat-reaction").count()) > 0,
		);
		await opensChat(cleo);
		await opensList(cleo);
		assert.ok(!(await places(cleo)).includes("Willow"));
		assert.equal(await badge(cleo), null);
		assert.ok(!(await cleo.words()).includes("between us"));
		// Who leaves has it no more; who comes finds it.
		await Promise.all([bob.goes(outside), bob.reads("You left Willow. What is said there stays there.")]);
		await until(
			"Bob is with everyone",
			async () => (await bob.page.locator(".chat-title h2").innerText()) === "Everyone",
		);
		assert.ok(!(await bob.page.locator(".chat-panel").innerText()).includes("between us"));
		await cleo.goes(inside[1]);
		await until("Cleo sees its channel", async () => (await places(cleo)).includes("Willow"));
		await cleo.page.locator(".chat-place", { hasText: "Willow" }).click();
		await readsLines(cleo, ["between us"]);
	});

	story("named channels come and go, and in some only few write", async (world) => {
		const ada = await owner(world, "Ada");
		const bob = await world.guest("Bob");
		const at = `/api/spaces/${world.space}/channels`;
		const lamps = await asks(ada, "POST", at, { name: "lamps", topic: "All about light" });
		await asks(ada, "POST", at, { name: "news", announcements: true });
		await opensChat(ada);
		await goesTo(ada, "lamps");
		await ada.reads("All about light", ".chat-panel");
		await writes(ada, "let there be");
		await until("Bob's button counts it", async () => (await badge(bob)) === "1");
		await opensChat(bob);
		await opensList(bob);
		await bob.reads("Ada: let there be", ".chat-panel");
		await bob.page.locator(".chat-place", { hasText: "lamps" }).click();
		await readsLines(bob, ["let there be"]);
		await bob.showsElement(".chat-new");
		assert.equal(await badge(bob), null);
		await opensList(bob);
		await bob.page.locator(".chat-place", { hasText: "news" }).click();
		await bob.reads("Only those who look after this space write here.", ".chat-panel");
		assert.equal(await bob.page.locator(".chat-field").count(), 0);
		await goesTo(ada, "news");
		await writes(ada, "read all about it");
		await readsLines(bob, ["read all about it"]);
		await opensList(bob);
		await bob.page.locator(".chat-place", { hasText: "lamps" }).click();
		await asks(ada, "DELETE", `${at}/${lamps.number}`);
		await until(
			"Bob is with everyone",
			async () => (await bob.page.locator(".chat-title h2").innerText()) === "Everyone",
		);
		await opensList(bob);
		assert.ok(!(await places(bob)).includes("lamps"));
		// Slow mode is for all but those who look after the space.
		await asks(ada, "PATCH", `/api/spaces/${world.space}`, { slow_mode_s: 5 });
		await bob.page.locator(".chat-place", { hasText: "Everyone" }).click();
		await bob.reads("Slow mode: one message every 5 s", ".chat-panel");
		await writes(bob, "one");
		await writes(bob, "two");
		await bob.reads("Slow mode: the next message goes in", ".chat-panel");
		await readsLines(bob, ["one", "two"]);
		await until(
			"both are said by themselves",
			async () => (await bob.page.locator(".chat-line:not([data-state=said])").count()) === 0,
		);
		await asks(ada, "PATCH", `/api/spaces/${world.space}`, { slow_mode_s: 0, words: ["turnip"] });
		await writes(bob, "a Turnip!");
		await bob.reads("there is a word in it that is not wanted in this space", ".chat-panel");
		await bob.page.getByRole("button", { name: "Discard" }).click();
		// Who looks after the space deletes what others wrote, and sees what it was.
		await goesTo(ada, "Everyone");
		await chooses(ada, "two", "Delete…");
		await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
		await ada.page.getByRole("button", { name: "What it said before…" }).click();
		await ada.reads("Ada deleted it");
		await ada.reads("two", ".chat-trace");
		await bob.reads("Message deleted", ".chat-panel");
		assert.equal(await bob.page.getByRole("button", { name: "What it said before…" }).count(), 0);
	});

	story("direct messages reach somebody in another space, and stay", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		const [adaId, bobId] = [await ada.userId(), await bob.userId()];
		await world.newPlace();
		await bob.page.goto(`${world.url}/s/${world.space}?inspect`);
		await bob.inside();
		const path = (peer) => `/api/directs/${peer}`;
		await asks(ada, "POST", path(bobId), { reference: "00000000000000aa", text: "first, from a program" });
		await until("Bob's button counts it", async () => (await badge(bob)) === "1");
		await until("Bob hears of it", async () =>
			(await bob.page.locator("[role=status]").allTextContents()).some((each) =>
				each.includes("Ada writes to you: first"),
			),
		);
		await opensChat(bob);
		await goesTo(bob, "Ada");
		await bob.reads("Only Ada and you read this", ".chat-panel");
		await readsLines(bob, ["first, from a program"]);
		await bob.showsElement(".chat-new");
		assert.equal(await badge(bob), null);
		await writes(bob, "hello **Ada**");
		await until("it is kept", async () => (await bob.page.locator(".chat-line:not([data-state=said])").count()) === 0);
		await until("Ada's button counts it", async () => (await badge(ada)) === "1");
		await opensChat(ada);
		await goesTo(ada, "Bob");
		await readsLines(ada, ["first, from a program", "hello Ada"]);
		await uses(ada, "hello", "React 👍");
		await until("Bob sees the reaction", async () => (await bob.page.locator(".chat-reaction").count()) > 0);
		await writes(ada, "tpyo");
		await ada.page.locator(".chat-line[data-state=said]", { hasText: "tpyo" }).waitFor();
		await ada.press("ArrowUp");
		await writes(ada, "typo");
		await readsLines(bob, ["first, from a program", "hello Ada", "typo (edited)"]);
		await chooses(ada, "typo", "Delete…");
		await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
		await bob.reads("Message deleted", ".chat-panel");
		await bob.reload();
		assert.equal(await badge(bob), null, "what was read is read after a reload");
		await opensChat(bob);
		await goesTo(bob, "Ada");
		await readsLines(bob, ["first, from a program", "hello Ada"]);
		// What cannot be sent just now goes once, later.
		await ada.context.setOffline(true);
		await writes(ada, "from a tunnel");
		await ada.page.locator(".chat-line[data-state]:not([data-state=said])", { hasText: "tunnel" }).waitFor();
		await ada.context.setOffline(false);
		await readsLines(bob, ["first, from a program", "hello Ada", "from a tunnel"], { ms: 40_000 });
		// And who is blocked writes no more.
		await asks(bob, "PUT", `/api/blocks/${adaId}`);
		await writes(ada, "are you there?");
		await ada.reads("Not sent: one of you has blocked the other.", ".chat-panel");
	});

	story("what was said is found, and led to", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		await opensChat(ada);
		for (const text of ["the blue lamp", "nothing of that", "a red **lamp**"]) await writes(ada, text);
		await opensChat(bob);
		await until("all are there", async () => (await lines(bob)).length === 3);
		await bob.press("Control+f");
		await until("the field has the focus", () =>
			bob.page.evaluate(() => document.activeElement?.matches(".chat-search input")),
		);
		await bob.page.keyboard.type("lamp");
		await until("two are found", async () => (await bob.page.locator(".chat-result").count()) === 2, { ms: 20_000 });
		assert.deepEqual(await bob.page.locator(".chat-result mark").allInnerTexts(), ["lamp", "lamp"]);
		await audit(bob, "results");
		await bob.page.locator(".chat-result", { hasText: "blue" }).click();
		await until("it is shown", async () =>
			(await message(bob, "the blue lamp").getAttribute("class")).includes("chat-flash"),
		);
		await bob.press("Control+f");
		await bob.page.keyboard.type("zeppelin");
		await bob.reads("Nothing found for “zeppelin”.", ".chat-panel");
		await bob.press("Escape");
		await bob.press("Escape");
		await bob.showsElement(".chat-field");
	});

	// The record is the test's own here, and long.
	story("a jump far back loads what is around it, and what lies between as one goes on", async (world) => {
		const ada = await world.browserFor("Ada");
		const asked = [];
		await ada.page.route(/\/api\/spaces\/[^/]+\/(messages|search)\?/, (route) => {
			const url = new URL(route.request().url());
			if (url.pathname.endsWith("search"))
				return route.fulfill({ json: { messages: [recorded(500)], more: false, before: null } });
			const [before, after] = ["before", "after"].map((name) => url.searchParams.get(name));
			const limit = Number(url.searchParams.get("limit"));
			asked.push(url.search);
			const ids = after
				? Array.from({ length: Math.min(limit, 1_000 - after) }, (_, n) => Number(after) + n + 1)
				: Array.from(
						{ length: Math.min(limit, Number(before ?? 1_001) - 1) },
						(_, n) => Number(before ?? 1_001) - 1 - n,
					);
			const more = after ? (ids.at(-1) ?? 1_000) < 1_000 : (ids.at(-1) ?? 1) > 1;
			return route.fulfill({ json: { messages: ids.map(recorded), more } });
		});
		await ada.enter(world.space);
		await opensChat(ada);
		await until("the newest are there", async () => (await lines(ada)).at(-1) === "message 1000");
		await ada.press("Control+f");
		await until("one may type", () => ada.page.evaluate(() => document.activeElement?.matches(".chat-search input")));
		await ada.page.keyboard.type("five");
		await ada.page.locator(".chat-result").click();
		const it = ada.page.locator('[data-id="500"]');
		await it.waitFor();
		const inView = () =>
			it.evaluate((line) => {
				const [at, box] = [line, line.closest(".chat-scroll")].map((each) => each.getBoundingClientRect());
				return at.top >= box.top && at.bottom <= box.bottom;
			});
		await until("it is in view", inView);
		assert.ok(
			asked.some((query) => query.includes("before=501")) && asked.some((query) => query.includes("after=500")),
		);
		// On through the gap, from above.
		for (let n = 0; n < 4; n++) {
			const count = (await lines(ada)).length;
			await ada.page
				.locator(".chat-missing")
				.last()
				.evaluate((row) => row.scrollIntoView({ block: "end" }));
			await until("more came", async () => (await lines(ada)).length > count);
		}
		assert.ok(asked.some((query) => query.includes("after=525")));
		const ids = (await lines(ada)).map((line) => Number(line.replace("message ", "")));
		assert.deepEqual(
			ids,
			[...new Set(ids)].sort((a, b) => a - b),
			"each once, and in order",
		);
		await ada.page.getByRole("button", { name: /^Go to the newest message/ }).click();
		await until("one is at the end", async () => (await ada.page.locator(".chat-jump").count()) === 0);
		assert.equal((await lines(ada)).at(-1), "message 1000");
	});

	story("all of it goes by keyboard alone", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		await opensChat(ada);
		await writes(ada, "first");
		await writes(ada, "second");
		await opensChat(bob);
		await readsLines(bob, ["first", "second"]);
		await bob.press("Shift+Tab");
		await until("the list has the focus", () => bob.page.evaluate(() => document.activeElement?.matches("[role=log]")));
		await bob.press("ArrowUp");
		await bob.press("ArrowUp");
		assert.ok(await message(bob, "first").evaluate((line) => line === document.activeElement));
		await bob.tabsTo("React 👍");
		await bob.press("Enter");
		await until("Ada sees it", async () => (await ada.page.locator(".chat-reaction").count()) > 0);
		await message(bob, "first").focus();
		await bob.press("Enter");
		await bob.page.getByRole("menuitem", { name: "Answer" }).waitFor();
		await bob.press("Enter");
		await bob.reads("Answering Ada", ".chat-panel");
		await mayWrite(bob);
		await bob.page.keyboard.type("to the first");
		await bob.press("Enter");
		await readsLines(ada, ["first", "second", "to the first"]);
		await bob.press("ArrowUp");
		await bob.reads("Editing your message", ".chat-panel");
		await bob.press("Escape");
		await bob.readsNoMore("Editing your message", ".chat-panel");
		await mayWrite(bob);
		await bob.press("Control+f");
		await until("search has the focus", () =>
			bob.page.evaluate(() => document.activeElement?.matches(".chat-search input")),
		);
		await bob.press("Escape");
		await bob.tabsTo("All conversations");
		await bob.press("Enter");
		await until("the list has the focus", () =>
			bob.page.evaluate(() => document.activeElement?.matches(".chat-place")),
		);
		await audit(bob, "all conversations");
		await bob.tabsTo("Nearby");
		await bob.press("Enter");
		await mayWrite(bob);
		await bob.press("Escape");
		assert.ok(await bob.page.evaluate(() => document.activeElement?.matches("canvas.place")));
		await bob.press("Escape");
		await until("the panel is closed", () => bob.page.evaluate(() => !document.querySelector(".chat-panel")));
	});
});

const recorded = (id) => ({
	id,
	channel: "everyone",
	author_id: id % 7 < 3 ? "u_old" : "u_older",
	author_name: id % 7 < 3 ? "Old Friend" : "Older",
	text: `message ${id}`,
	reply_to: null,
	reference: id.toString(16).padStart(16, "0"),
	said_at: 1_790_000_000_000 + id * 60_000,
	edited_at: null,
	deleted: false,
	thought: false,
	reactions: [],
});
