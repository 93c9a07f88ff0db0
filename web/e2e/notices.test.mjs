// What reaches one who looks elsewhere: the title's number, notes of the system, pushes; and the switches for them.

import assert from "node:assert/strict";
import { setTimeout as pass } from "node:timers/promises";
import { audit } from "./axe.mjs";
import { stories, until } from "./harness.mjs";

const NOTED = { reducedMotion: "reduce", permissions: ["notifications"] };
/** Long enough for a worker to have shown what it was going to show. */
const SHOWN_MS = 500;

/** Writes to everyone. */
async function writes(person, words) {
	await person.page.focus("canvas.place");
	await person.press("t");
	await until(`${person.name} may write`, () =>
		person.page.evaluate(() => document.activeElement?.matches(".chat-field") ?? false),
	);
	await person.page.locator(".chat-field").fill(words);
	await person.press("Enter");
}

/** Opens a page of the settings. */
async function opens(person, page) {
	await person.page.getByRole("button", { name: /^More/ }).click();
	await person.page.getByRole("menuitem", { name: "Settings" }).click();
	await person.page.getByRole("tab", { name: page }).click();
}

/**
 * Keeps what a page asks, and what it has shown as notes of the system, with a service worker and without one. To ask the browser which ones
 * are shown while it is about to show one makes it forget that one.
 */
const listens = (person) =>
	person.page.addInitScript(() => {
		window.noted = [];
		window.asked = 0;
		window.Notification = class {
			static permission = "granted";
			static requestPermission = async () => {
				window.asked += 1;
				return "granted";
			};
			constructor(title, options) {
				window.noted.push({ title, ...options });
			}
			close() {}
		};
		const { showNotification } = ServiceWorkerRegistration.prototype;
		ServiceWorkerRegistration.prototype.showNotification = async function (title, options) {
			await showNotification.call(this, title, options);
			window.noted.push({ title, ...options });
		};
	});

const pushed = (person) =>
	person.page.evaluate(async () => {
		const worker = await navigator.serviceWorker.getRegistration("/");
		const shown = (await worker?.getNotifications()) ?? [];
		return shown.map(({ title, body, data, tag }) => ({ title, body, data, tag }));
	});
const notes = ({ page }) => page.evaluate(() => window.noted);

/** Why there might be no note. */
const standing = ({ page }) =>
	page.evaluate(async () => {
		const worker = await navigator.serviceWorker.getRegistration("/");
		const states = ["installing", "waiting", "active"].map((each) => worker?.[each]?.state ?? null);
		return JSON.stringify([document.title, document.hidden, localStorage.getItem("earshot.settings"), states]);
	});

const toggle = (person, name) => person.page.getByRole("switch", { name });
/** The real switch lies under its picture. */
const presses = (person, name) => toggle(person, name).press("Space");

stories("notices", (story) => {
	story("count in the title what is unread, and take it back when it is read", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
		await writes(bob, "one");
		await writes(bob, "two");
		await until("Ada's title counts two", async () => /^\(2\) /.test(await ada.page.title()));
		await until("and so does its picture", () =>
			ada.page.evaluate(() => document.querySelector('link[rel~="icon"]').href.startsWith("data:image/png")),
		);
		await ada.page.focus("canvas.place");
		await ada.press("t");
		await until("they are read", async () => !/^\(/.test(await ada.page.title()));
		await until("the picture is the usual one", () =>
			ada.page.evaluate(() => document.querySelector('link[rel~="icon"]').href.endsWith("/icon.svg")),
		);
	});

	story("are asked for by a switch and by nothing else, and come only while one looks elsewhere", async (world) => {
		const ada = await world.browserFor("Ada", NOTED);
		await listens(ada);
		await ada.enter(world.space);
		const bob = await world.guest("Bob");
		assert.equal(await ada.page.evaluate(() => window.asked), 0, "nobody was asked");
		await opens(ada, "Notifications");
		await presses(ada, /Tell me when I look elsewhere/);
		await until("it is on", () => toggle(ada, /Tell me when I look elsewhere/).isChecked());
		assert.equal(await ada.page.evaluate(() => window.asked), 1);
		await ada.reads("Only while Earshot is open somewhere.", ".settings");
		await ada.press("Escape");
		const mention = `<@${await ada.userId()}> look here`;
		await writes(bob, mention);
		await until("it came", async () => /^\(1\) /.test(await ada.page.title()));
		await ada.hides();
		await writes(bob, `${mention}, **please**`);
		await until("a note is shown", async () => (await notes(ada)).length > 0, { why: () => standing(ada) });
		const shown = await notes(ada);
		assert.equal(shown.length, 1, "not for the one that came while the page was looked at");
		assert.match(shown[0].title, /^Bob mentioned you/);
		assert.equal(shown[0].body, "@Ada look here, please");

		await ada.returns();
		await opens(ada, "Notifications");
		await presses(ada, "Mentions of me");
		await until("it is off", async () => !(await toggle(ada, "Mentions of me").isChecked()));
		await ada.press("Escape");
		await ada.hides();
		await writes(bob, `${mention} again`);
		await until("it came", async () => /^\(3\) /.test(await ada.page.title()));
		assert.equal((await notes(ada)).length, 1, "switched off");
	});

	story("keep their switches, and quiet hours, wherever one signs in", async (world) => {
		const ada = await world.guest("Ada", { reducedMotion: "reduce" });
		await opens(ada, "Notifications");
		await until("they came", () => toggle(ada, "Direct messages").isEnabled());
		await presses(ada, "Direct messages");
		await presses(ada, /Quiet hours/);
		await ada.page.getByLabel("From", { exact: true }).fill("21:30");
		await until("it is kept", async () => {
			const kept = await ada.page.evaluate(async () => (await fetch("/api/notices")).json());
			return kept.quiet?.from_min === 21 * 60 + 30 && kept.directs === false;
		});
		await audit(ada, "notifications");
		await ada.reload();
		await opens(ada, "Notifications");
		await until(
			"they are found again",
			async () => (await ada.page.getByLabel("From", { exact: true }).inputValue()) === "21:30",
		);
		assert.equal(await toggle(ada, "Direct messages").isChecked(), false);
	});

	story("are pushed while no page is looked at, and only then", async (world) => {
		const ada = await world.browserFor("Ada", NOTED);
		await ada.enter(world.space);
		await opens(ada, "Notifications");
		await presses(ada, /Tell me when I look elsewhere/);
		await until("the worker is there", () =>
			ada.page.evaluate(
				async () => (await navigator.serviceWorker.getRegistration("/"))?.active?.state === "activated",
			),
		);
		const session = await ada.context.newCDPSession(ada.page);
		let registrationId = null;
		session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
			for (const each of registrations) if (!each.isDeleted) registrationId = each.registrationId;
		});
		await session.send("ServiceWorker.enable");
		await until("its number is known", async () => registrationId);
		const push = (told) =>
			session.send("ServiceWorker.deliverPushMessage", {
				origin: world.url,
				registrationId,
				data: JSON.stringify(told),
			});
		const told = { kind: "direct", title: "Bob", body: "Are you there?", url: `/s/${world.space}`, tag: "direct u_b" };
		await push(told);
		await pass(SHOWN_MS);
		assert.deepEqual(await pushed(ada), [], "the page is looked at");

		await ada.page.goto("about:blank");
		await push(told);
		await push({ ...told, url: "https://elsewhere.example/trap", tag: "other" });
		await pass(SHOWN_MS);
		await ada.page.goto(`${world.url}/robots.txt`);
		const { title, body, tag, url } = told;
		await until("both are shown", async () => (await pushed(ada)).length === 2, {
			why: async () => JSON.stringify(await pushed(ada)),
		});
		const [direct, other] = ["direct u_b", "other"].map(async (of) =>
			(await pushed(ada)).find((each) => each.tag === of),
		);
		assert.deepEqual(await direct, { title, body, tag, data: { url } });
		assert.equal((await other).data.url, "/", "only to pages of our own");
	});
});
