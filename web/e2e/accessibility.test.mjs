// axe-core looks at every screen, in light and dark, on a desk and on a phone, and finds nothing; a finger finds every button.

import { audit } from "./axe.mjs";
import { stories, until } from "./harness.mjs";

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

stories("a finger finds", (story) => {
	story("every button of the bar, however wide the window is", async (world) => {
		const ada = await world.guest("A name as long as names may be..");
		const { page } = ada;
		for (const width of [320, 390, 600, 760, 844, 920, 1040, 1280]) {
			await page.setViewportSize({ width, height: 700 });
			await until(`they stand apart at ${width} px`, () => page.evaluate(standApart));
		}
	});
});

/** At least the eight of a phone, within the window, none over another, and none narrower than 24 px. In the page. */
function standApart() {
	const boxes = [...document.querySelectorAll(".bottom-bar .tool")]
		.filter((tool) => tool.checkVisibility())
		.map((tool) => tool.getBoundingClientRect());
	return (
		boxes.length >= 8 &&
		boxes.every(
			({ left, right, width }, i) =>
				width >= 24 && left >= (i === 0 ? 0 : boxes[i - 1].right - 0.5) && right <= innerWidth,
		)
	);
}

/** Without motion nothing is half faded in when it is looked at. */
const calm = (world, name) => world.browserFor(name, { reducedMotion: "reduce" });

/** Shows a screen, and looks at it in every scheme and size. */
async function check(person, screen, show) {
	await show();
	await audit(person, screen);
}
