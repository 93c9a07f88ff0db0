// axe-core looks at every screen, in light and dark, on a desk and on a phone, and finds nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { stories, until } from "./harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCHEMES = ["light", "dark"];
const SIZES = [
	{ width: 1280, height: 800 },
	{ width: 390, height: 844 },
];

stories("axe finds nothing", (story) => {
	story("before the door", async (world) => {
		const ada = await calm(world, "Ada");
		await check(ada, "landing", () => ada.page.goto(world.url).then(() => ada.showsElement("#name")));
		await check(ada, "sign-in", () => ada.page.goto(`${world.url}/signin`).then(() => ada.showsElement("#email")));
		await check(ada, "create account", () => ada.page.getByRole("button", { name: "Create account" }).first().click());
		await check(ada, "door", () => ada.page.goto(`${world.url}/s/commons`).then(() => ada.reads("The Commons")));
	});

	story("in the lobby and the profile", async (world) => {
		const ada = await calm(world, "Ada");
		await ada.enter(world.space);
		await check(ada, "lobby", () => ada.page.goto(`${world.url}/spaces`).then(() => ada.showsElement(".space-card a")));
		await check(ada, "space menu", () =>
			ada.page
				.getByRole("button", { name: /^More for/ })
				.first()
				.click(),
		);
		await ada.press("Escape");
		await check(ada, "create dialog", async () => {
			await ada.page.getByRole("button", { name: "New space" }).click();
			await until("templates are there", async () => (await ada.page.locator(".template").count()) === 4);
		});
		await check(ada, "profile", () =>
			ada.page.goto(`${world.url}/profile`).then(() => ada.showsElement("#profile-name")),
		);
	});

	story("in the space, its panels and menus", async (world) => {
		const ada = await calm(world, "Ada");
		await ada.enter(world.space);
		await (await world.browserFor("Bob")).enter(world.space);
		const { page } = ada;
		await check(ada, "space", () => ada.showsElement(".bottom-bar"));
		await check(ada, "people", async () => {
			await ada.opensPeople();
			await page.getByRole("button", { name: /^Bob/ }).click();
		});
		await ada.press("Escape");
		await check(ada, "status menu", () => page.locator(".bottom-bar .me").click());
		await ada.press("Escape");
		await check(ada, "more menu", () => page.getByRole("button", { name: "More", exact: true }).click());
		await check(ada, "help", () => page.getByRole("menuitem", { name: /Keyboard shortcuts/ }).click());
		await ada.press("Escape");
		await page.getByRole("button", { name: "More", exact: true }).click();
		await check(ada, "settings", () => page.getByRole("menuitem", { name: "Settings" }).click());
	});
});

/** Without motion nothing is half faded in when it is looked at. */
const calm = (world, name) => world.browserFor(name, { reducedMotion: "reduce" });

/** Shows a screen, and looks at it in every scheme and size. */
async function check(person, screen, show) {
	await show();
	const found = [];
	for (const viewport of SIZES) {
		await person.page.setViewportSize(viewport);
		for (const colorScheme of SCHEMES) {
			await person.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			await finished(person.page);
			const violations = await person.page.evaluate(`(async () => {
				if (!window.axe) { ${AXE} }
				const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
				return violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.target.join(" ") + ": " + node.failureSummary) }));
			})()`);
			for (const { id, where } of violations)
				found.push(`${screen}, ${viewport.width} px, ${colorScheme}: ${id} at ${where.join(" | ")}`);
		}
	}
	await person.page.setViewportSize(SIZES[0]);
	assert.deepEqual(found, []);
}

/** Transitions of colour have begun, and ended. */
const finished = (page) =>
	page.evaluate(async () => {
		const passing = () =>
			document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY);
		const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
		do {
			await Promise.allSettled(passing().map((each) => each.finished));
			await drawn();
		} while (passing().some((each) => each.playState === "running"));
	});
