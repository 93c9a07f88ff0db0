// What becomes of words: edited, deleted, answered, reacted to, thought; and whom they call.

import assert from "node:assert/strict";
import { audit } from "./axe.mjs";
import { chooses, goesTo, message, opensChat, readsLines, uses, writes } from "./chat.mjs";
import { stories, until } from "./harness.mjs";

const two = async (world) => {
	const [ada, bob] = [await world.guest("Ada"), await world.guest("Bob")];
	await opensChat(ada);
	await opensChat(bob);
	return [ada, bob];
};
const field = ({ page }) => page.locator(".chat-field");
const status = (person, words) =>
	until(`${person.name} hears “${words}”`, async () =>
		(await person.page.locator("[role=status]").allTextContents()).some((each) => each.includes(words)),
	);

stories("words", (story) => {
	story("are drawn with their marks, and code is copied", async (world) => {
		const [ada, bob] = await two(world);
		await writes(ada, "**loud** and *soft*, `a<b>`\n> quoted\n\n- one\n- two\n\n```js\nlet a = 1;\n```");
		const text = message(bob, "loud");
		await text.waitFor();
		await until("the markup is read", async () => (await text.locator("strong").count()) === 1);
		assert.equal(await text.locator("strong").innerText(), "loud");
		assert.equal(await text.locator("em").innerText(), "soft");
		assert.equal(await text.locator(".chat-code").innerText(), "a<b>");
		assert.equal(await text.locator("blockquote").innerText(), "quoted");
		assert.deepEqual(await text.locator("li").allInnerTexts(), ["one", "two"]);
		assert.equal(await text.locator("pre").innerText(), "let a = 1;");
		await bob.context.grantPermissions(["clipboard-read", "clipboard-write"]);
		await text.locator(".chat-pre").hover();
		await text.getByRole("button", { name: "Copy code" }).click();
		await text.getByRole("button", { name: "Copied" }).waitFor();
		assert.equal(await bob.page.evaluate(() => navigator.clipboard.readText()), "let a = 1;");
	});

	story("are edited with the arrow up, and both see it", async (world) => {
		const [ada, bob] = await two(world);
		await writes(bob, "from Bob");
		await readsLines(ada, ["from Bob"]);
		await writes(ada, "helo");
		await readsLines(bob, ["from Bob", "helo"]);
		await ada.press("ArrowUp");
		await ada.reads("Editing your message", ".chat-panel");
		assert.equal(await field(ada).inputValue(), "helo");
		await writes(ada, "hello");
		await readsLines(bob, ["from Bob", "hello (edited)"]);
		await readsLines(ada, ["from Bob", "hello (edited)"]);
		await ada.readsNoMore("Editing your message", ".chat-panel");
		assert.equal(await field(ada).inputValue(), "", "what was typed before is there again");
		await ada.reload();
		await opensChat(ada);
		await readsLines(ada, ["from Bob", "hello (edited)"]);
		await message(bob, "hello").hover();
		await uses(bob, "hello", "More");
		assert.equal(await bob.page.getByRole("menuitem", { name: "Edit" }).count(), 0, "it is not Bob's");
		assert.equal(await bob.page.getByRole("menuitem", { name: "Delete…" }).count(), 0);
	});

	story("are deleted once one is asked, and nobody reads them any more", async (world) => {
		const [ada, bob] = await two(world);
		await writes(ada, "a secret");
		await readsLines(bob, ["a secret"]);
		await chooses(ada, "a secret", "Delete…");
		await ada.reads("Delete this message?");
		assert.ok(await ada.page.getByRole("button", { name: "Keep it" }).evaluate((it) => it === document.activeElement));
		await ada.press("Enter");
		await readsLines(bob, ["a secret"]);
		await chooses(ada, "a secret", "Delete…");
		await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
		await bob.reads("Message deleted", ".chat-panel");
		await bob.readsNoMore("a secret", ".chat-panel");
		await bob.reload();
		await opensChat(bob);
		await bob.reads("Message deleted", ".chat-panel");
		await bob.readsNoMore("a secret", ".chat-panel");
	});

	story("get reactions, counted and taken back", async (world) => {
		const [ada, bob] = await two(world);
		await writes(ada, "cake?");
		await readsLines(bob, ["cake?"]);
		await uses(bob, "cake?", "React 👍");
		const reaction = (person) => person.page.locator(".chat-reaction:not(.chat-reaction-add)");
		const counts = async (person, expected) =>
			until(
				`${person.name} sees ${expected}`,
				async () => (await reaction(person).allInnerTexts()).join().replace(/\s+/g, " ") === expected,
			);
		await counts(ada, "👍 1");
		await reaction(ada).click();
		await counts(bob, "👍 2");
		assert.equal(await reaction(bob).getAttribute("aria-pressed"), "true");
		assert.equal(await reaction(bob).getAttribute("aria-label"), "👍, 2: You and Ada");
		await reaction(bob).click();
		await counts(ada, "👍 1");
		await ada.reload();
		await opensChat(ada);
		await counts(ada, "👍 1");
		await reaction(ada).click();
		await until("none is left", async () => (await reaction(bob).count()) === 0);
		await message(bob, "cake?").hover();
		await uses(bob, "cake?", "React");
		const sought = bob.page.locator("emoji-picker").locator("input");
		await sought.fill("rocket");
		await bob.page.locator("emoji-picker").locator("#emo-🚀").click();
		await counts(ada, "🚀 1");
	});

	story("are answered, and the answer leads back", async (world) => {
		const [ada, bob] = await two(world);
		await writes(ada, "what is the **plan**?");
		await readsLines(bob, ["what is the plan?"]);
		await uses(bob, "what is the plan?", "Answer");
		await bob.reads("Answering Ada", ".chat-panel");
		await writes(bob, "cake");
		await until("the answer came", async () => (await ada.page.locator(".chat-quoted").count()) === 1);
		// What has just come has no inner text before it is laid out, with the next frame.
		const quoted = () => ada.page.locator(".chat-quoted").innerText();
		await until("it says what it answers", async () => /Ada\s+what is the plan\?/.test(await quoted()), {
			why: quoted,
		});
		await ada.page.locator(".chat-quoted").click();
		await until("the message is shown", () => ada.page.evaluate(() => document.querySelector(".chat-flash") !== null));
		assert.ok(await message(ada, "what is the plan?").evaluate((it) => it === document.activeElement));
		await bob.readsNoMore("Answering Ada", ".chat-panel");
	});

	story("call somebody by name, chosen with the keys", async (world) => {
		const [ada, bob] = await two(world);
		await ada.page.keyboard.type("hello @bo");
		const option = ada.page.getByRole("option", { name: "Bob" });
		await option.waitFor();
		assert.equal(await option.getAttribute("aria-selected"), "true");
		assert.equal(
			await field(ada).getAttribute("aria-activedescendant"),
			await option.getAttribute("id"),
			"what reads the page knows which is chosen",
		);
		await ada.press("Tab");
		assert.equal(await field(ada).inputValue(), "hello @Bob ");
		await ada.page.keyboard.type("again");
		await ada.press("Enter");
		await until(
			"Bob is called",
			async () => (await bob.page.locator(".chat-line[data-calls] .chat-mention-self").count()) === 1,
		);
		await readsLines(bob, ["hello @Bob again"]);
		await readsLines(ada, ["hello @Bob again"]);
		assert.equal(await ada.page.locator(".chat-line[data-calls]").count(), 0);
		await ada.page.keyboard.type("@bo");
		await option.waitFor();
		await ada.press("Escape");
		await until("the list is closed", async () => (await ada.page.getByRole("option").count()) === 0);
		await ada.press("Enter");
		await readsLines(bob, ["hello @Bob again", "@bo"]);
	});

	story("have emoji by their names, and marks by keys", async (world) => {
		const [ada, bob] = await two(world);
		await ada.page.keyboard.type("lift off :rocke");
		await ada.page.getByRole("option", { name: ":rocket:" }).waitFor();
		await ada.press("Enter");
		assert.equal(await field(ada).inputValue(), "lift off 🚀 ");
		await ada.press("Enter");
		await readsLines(bob, ["lift off 🚀"]);
		await ada.page.keyboard.type("bold");
		for (const _ of "bold") await ada.press("Shift+ArrowLeft");
		await ada.press("Control+b");
		assert.equal(await field(ada).inputValue(), "**bold**");
		await ada.press("Control+b");
		assert.equal(await field(ada).inputValue(), "bold");
		await ada.press("Control+i");
		await ada.press("Enter");
		await until("it leans", async () => (await bob.page.locator(".chat-text em").allInnerTexts()).join() === "bold");
	});

	story("are thought, for those nearby", async (world) => {
		const [ada, bob] = await two(world);
		await goesTo(ada, "Nearby");
		await goesTo(bob, "Nearby");
		await ada.reads("One person nearby reads this", ".chat-panel");
		await writes(ada, "/think what if");
		await until(
			"Bob sees a thought",
			async () => (await bob.page.locator(".chat-thought .chat-text").allInnerTexts()).join() === "what if",
		);
		await ada.page.getByRole("button", { name: "Think it, don't say it" }).click();
		await writes(ada, "hmm");
		await until("Bob sees another", async () => (await bob.page.locator(".chat-thought").count()) === 2);
		await writes(ada, "said");
		await until("Bob reads what is said", async () => (await bob.page.locator(".chat-text").count()) === 3);
		assert.equal(await bob.page.locator(".chat-thought").count(), 2);
	});

	story("are seen coming by who looks", async (world) => {
		const [ada, bob] = await two(world);
		await ada.page.keyboard.type("a long sentence");
		await bob.reads("Ada is typing…", ".chat-panel");
		await ada.press("Enter");
		await bob.readsNoMore("Ada is typing…", ".chat-panel");
		await readsLines(bob, ["a long sentence"]);
	});

	story("are read out, but not one's own, and not what is edited", async (world) => {
		const [ada, bob] = await two(world);
		await writes(ada, "**hello** there");
		await status(bob, "Ada: hello there");
		await ada.press("ArrowUp");
		await writes(ada, "changed");
		await readsLines(bob, ["changed (edited)"]);
		const heard = async (person) => (await person.page.locator("[role=status]").allTextContents()).join();
		assert.ok(!(await heard(bob)).includes("changed"));
		assert.ok(!(await heard(ada)).includes("hello"));
	});

	story("go by finger: Enter makes a line, a long press opens the menu", async (world) => {
		const bob = await world.guest("Bob");
		const ada = await world.guest("Ada", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
		await opensChat(bob);
		await ada.page.getByRole("button", { name: /^Chat/ }).tap();
		await field(ada).tap();
		await ada.page.keyboard.type("one");
		await ada.press("Enter");
		await ada.page.keyboard.type("two");
		assert.equal(await field(ada).inputValue(), "one\ntwo");
		await ada.page.getByRole("button", { name: "Send" }).tap();
		await readsLines(bob, ["one\ntwo"]);
		await writes(bob, "press me");
		const { x, y } = await message(ada, "press me").boundingBox();
		const touch = await ada.context.newCDPSession(ada.page);
		const points = [{ x: x + 20, y: y + 10 }];
		await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points });
		await ada.page.getByRole("menuitem", { name: "Answer" }).waitFor();
		await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
		await ada.page.getByRole("menuitem", { name: "Answer" }).tap();
		await ada.reads("Answering Bob", ".chat-panel");
	});

	story("are the same in Firefox", async (world) => {
		const [ada, fox] = [await world.guest("Ada"), await world.guestInFirefox("Fox")];
		await opensChat(ada);
		await opensChat(fox);
		await fox.page.keyboard.type("**hello** from here");
		await fox.press("Enter");
		await readsLines(ada, ["hello from here"]);
		await uses(ada, "hello", "React 👍");
		await ada.page.locator(".chat-field").focus();
		await ada.page.keyboard.type("@fo");
		await ada.page.getByRole("option", { name: "Fox" }).waitFor();
		await ada.press("Enter");
		await ada.press("Enter");
		await fox.showsElement(".chat-reaction");
		await fox.showsElement(".chat-mention-self");
		await fox.page.keyboard.type("typed");
		await fox.page.keyboard.down("Control");
		await fox.page.keyboard.press("a");
		await fox.page.keyboard.press("b");
		await fox.page.keyboard.up("Control");
		await fox.press("Enter");
		await until("it is bold", async () =>
			(await ada.page.locator(".chat-text strong").allInnerTexts()).includes("typed"),
		);
		await fox.press("ArrowUp");
		await fox.reads("Editing your message", ".chat-panel");
	});

	story("axe finds nothing", async (world) => {
		const ada = await world.browserFor("Ada", { reducedMotion: "reduce" });
		await ada.enter(world.space);
		const bob = await world.guest("Bob");
		await opensChat(ada);
		await opensChat(bob);
		await writes(bob, "**all** of [it](https://example.org/), `code`\n> quoted\n\n```\nlines of code\n```");
		await writes(ada, "mine");
		await until("both are there", async () => (await bob.page.locator(".chat-text").count()) === 2);
		await uses(bob, "mine", "React 👍");
		await uses(bob, "mine", "Answer");
		await bob.page.keyboard.type("@ad");
		await bob.press("Enter");
		await bob.press("Enter");
		await until("Ada is called", async () => (await ada.page.locator(".chat-mention-self").count()) === 1);
		await message(ada, "all of it").hover();
		await audit(ada, "words");
		await ada.page.locator(".chat-field").fill("@bo");
		await ada.page.getByRole("option").first().waitFor();
		await audit(ada, "offers");
		await ada.page.locator(".chat-field").fill("");
		await ada.page.getByRole("button", { name: "Emoji", exact: true }).click();
		await ada.page.locator("emoji-picker").locator("#emo-😂").waitFor();
		await audit(ada, "emoji");
		await ada.press("Escape");
		await until("the picker is closed", async () => (await ada.page.locator("emoji-picker").count()) === 0);
		await ada.page.keyboard.press("Control+f");
		await ada.showsElement(".chat-search");
		await audit(ada, "search");
		await ada.press("Escape");
		await uses(ada, "all of it", "More");
		await audit(ada, "menu");
		await ada.page.getByRole("menuitem", { name: "Report…" }).click();
		await ada.page.getByRole("dialog").waitFor();
		await audit(ada, "report");
	});
});
