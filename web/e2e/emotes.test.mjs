// Emotes: what one does with one's body is seen by oneself and by others, moves only while it lasts, and rests otherwise.

import assert from "node:assert/strict";
import { setTimeout as pass } from "node:timers/promises";
import { audit } from "./axe.mjs";
import { distance, stories, until } from "./harness.mjs";

const CALM = { reducedMotion: "reduce" };

/** The pixels around an avatar, as they are drawn now: names and light included. */
const around = (person, id) =>
	person.page.evaluate(async (id) => {
		const { client } = window.earshot;
		// Drawn first, looked at then.
		await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
		const canvas = document.querySelector("canvas.place");
		const frame = client.frame(performance.now());
		const places = new Map();
		for (let at = 0; at < frame.length; at += 8) places.set(frame[at], [frame[at + 1], frame[at + 2]]);
		const [own, other] = [places.get(client.self), places.get(id)];
		if (!own || !other) return "";
		// Oneself stands in the middle, two device pixels a map pixel; near a map's edge that is not so, and the box is wide enough.
		const scale = 2;
		const x = canvas.width / 2 + (other[0] - own[0]) * scale;
		const y = canvas.height / 2 + (other[1] - own[1]) * scale;
		const copy = document.createElement("canvas");
		[copy.width, copy.height] = [120, 170];
		copy.getContext("2d").drawImage(canvas, x - 60, y - 140, 120, 170, 0, 0, 120, 170);
		return copy.toDataURL();
	}, id);

/** A spot on a stage with room around it, in the page. */
const freeOnStage = (client) => {
	for (let y = 0; y < 40; y++)
		for (let x = 0; x < 60; x++) {
			const spot = { x: x * 32 + 16, y: y * 32 + 16 };
			const clear = [-1, 0, 1].every((d) => !client.blocked(x + d, y) && !client.blocked(x, y + d));
			if (clear && client.stageAt(spot.x, spot.y) && client.pathPreview(spot.x, spot.y).length > 0) return spot;
		}
	return null;
};

stories("emotes", (story) => {
	story("are seen by oneself and by others, and pass", async (world) => {
		const [ada, bob] = [await world.guest("Ada", CALM), await world.guest("Bob", CALM)];
		const id = await ada.id();
		await ada.walk("ArrowLeft", 60);
		for (const person of [ada, bob]) await until("all is still", () => person.settled());
		const [own, his] = [await around(ada, id), await around(bob, id)];
		assert.notEqual(own, "");
		await ada.press("1");
		await until("Ada sees herself wave", async () => (await around(ada, id)) !== own);
		await until("Bob sees it", async () => (await around(bob, id)) !== his);
		await until("it passes for her", async () => (await around(ada, id)) === own, { ms: 8_000 });
		await until("and for him", async () => (await around(bob, id)) === his, { ms: 8_000 });
		for (const person of [ada, bob]) await until("nothing is drawn any more", () => person.settled());
	});

	story("move while they last, and a dance until one walks", async (world) => {
		const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob", CALM)];
		const id = await ada.id();
		await bob.walk("ArrowLeft", 60);
		await until("all is still", () => bob.settled());
		const his = await around(bob, id);
		await ada.press("2");
		const seen = new Set();
		await until("she moves in her own view", async () => seen.add(await around(ada, id)).size >= 3);
		// Bob wants no motion: a still pose, and no drawing.
		await until("Bob sees that she dances", async () => (await around(bob, id)) !== his);
		await until("his view is still", () => bob.settled());
		const offered = async () => {
			await ada.press("e");
			await ada.showsElement(".emote-wheel");
			const label = await ada.page.locator(".emote").nth(1).getAttribute("aria-label");
			await ada.press("Escape");
			return label;
		};
		assert.equal(await offered(), "Stop dancing");
		await ada.walk("ArrowRight", 40);
		await until("she has stopped", async () => (await offered()) === "Dance");
	});

	story("raised hands stand in line, and are lowered by their own", async (world) => {
		const [ada, bob] = [await world.guest("Ada", CALM), await world.guest("Bob", CALM)];
		await bob.press("5");
		await pass(50);
		await ada.opensPeople();
		await ada.reads("1 hand is up", ".side-panel");
		await ada.page.focus("canvas.place");
		await ada.press("5");
		await ada.reads("2 hands are up", ".side-panel");
		const places = () => ada.page.locator(".hand-place").allInnerTexts();
		await until("Bob is first", async () => (await places()).join(" ").replaceAll(/\s+/g, " ").includes("2"));
		await ada.page.getByRole("button", { name: "Lower hand" }).click();
		await ada.reads("1 hand is up", ".side-panel");
		await until("Bob heard of it", async () =>
			(await bob.page.locator("[role=status]").allTextContents()).some((words) => words.includes("Ada raised a hand")),
		);
	});

	story("call somebody up, who comes onto the stage", async (world) => {
		await world.newPlace("club-room");
		const [ada, bob] = [await world.guest("Ada", CALM), await world.guest("Bob", CALM)];
		await bob.press("5");
		await ada.opensPeople();
		await ada.reads("1 hand is up", ".side-panel");
		assert.equal(await ada.page.getByRole("button", { name: "Invite Bob up" }).count(), 0, "not from the floor");
		await ada.goes(await ada.client(freeOnStage));
		await ada.page.getByRole("button", { name: "Invite Bob up" }).click();
		await ada.reads("You invited Bob up.", ".notices");
		await bob.reads("Ada invites you up on stage.", ".nudges");
		await bob.page.getByRole("button", { name: "Come", exact: true }).click();
		await until("Bob walks", async () => distance(await ada.position(), await bob.position()) < 50);
		await bob.rests();
		const [adaAt, bobAt] = [await ada.position(), await bob.position()];
		assert.ok(await bob.client((c, { x, y }) => c.stageAt(x, y), bobAt), "Bob is on stage");
		const apart = distance(adaAt, bobAt);
		assert.ok(apart > 20 && apart < 50, `beside her, and not on her feet: ${apart} px`);
	});

	story("are chosen from the wheel by keys, and by pointing while its key is held", async (world) => {
		const ada = await world.guest("Ada", CALM);
		const id = await ada.id();
		await until("all is still", () => ada.settled());
		const still = await around(ada, id);
		await ada.press("e");
		await ada.showsElement(".emote-wheel");
		const focused = () => ada.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
		await until("the first has the focus", async () => (await focused()) === "Wave");
		await ada.press("ArrowRight", "ArrowRight", "End");
		assert.equal(await focused(), "Confetti");
		await ada.press("Escape");
		await until("it is closed", () => ada.page.evaluate(() => !document.querySelector(".emote-wheel")));
		assert.ok(await ada.page.evaluate(() => document.activeElement?.matches("canvas.place")));
		assert.equal(await around(ada, id), still, "nothing was done");

		await ada.page.getByRole("button", { name: "Emotes" }).click();
		await ada.press("Home", "ArrowRight", "ArrowRight", "Enter");
		await until("she sits", async () => (await around(ada, id)) !== still);
		await ada.press("e");
		await until("it offers to stand up", () =>
			ada.page.evaluate(() => document.querySelector('[role=menuitem][aria-label="Stand up"]') !== null),
		);
		await ada.press("3");
		await until("she stands", async () => (await around(ada, id)) === still);

		// Held: what the mouse points at is done when the key is let go.
		await ada.page.keyboard.down("e");
		await ada.showsElement(".emote-wheel");
		await pass(400);
		const box = await ada.page.locator(".emote-wheel").boundingBox();
		await ada.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
		await ada.page.mouse.move(box.x + box.width / 2 + 100, box.y + box.height / 2);
		await ada.page.keyboard.up("e");
		await until("it is closed", () => ada.page.evaluate(() => !document.querySelector(".emote-wheel")));
		await ada.page.mouse.move(5, 400);
		await until("she sits again", async () => (await around(ada, id)) !== still);
	});

	story("axe finds nothing at the wheel", async (world) => {
		const ada = await world.guest("Ada", CALM);
		await ada.press("e");
		await ada.showsElement(".emote-wheel");
		await audit(ada, "the wheel of emotes");
	});
});
