// What people do in the chat, for its stories.

import { until } from "./harness.mjs";

/** Opens the chat with its key; the focus goes into the field. */
export async function opensChat(person) {
	await person.page.focus("canvas.place");
	await person.press("t");
	await mayWrite(person);
}

export const mayWrite = (person) =>
	until(`${person.name} may write`, () =>
		person.page.evaluate(() => document.activeElement?.matches(".chat-field") ?? false),
	);

/** Goes to another conversation, by the list of them all. */
export async function goesTo(person, name) {
	await person.page.getByRole("button", { name: /^All conversations/ }).click();
	await person.page.locator(".chat-place", { hasText: name }).first().click();
	await until(`${person.name} is at ${name}`, async () =>
		(await person.page.locator(".chat-title h2").innerText()).includes(name),
	);
	await mayWrite(person);
}

export async function writes(person, text) {
	await person.page.locator(".chat-field").fill(text);
	await person.press("Enter");
}

/** All lines of the conversation that is shown, in order. What is far out of view is not laid out, and has no inner text. */
export const lines = ({ page }) =>
	page
		.locator(".chat-text")
		.evaluateAll((texts) => texts.map((each) => each.innerText.trim() || each.textContent.trim()));
export const unsaid = ({ page }) => page.locator(".chat-line:not([data-state=said])").count();
export const badge = ({ page }) =>
	page.evaluate(() => document.querySelector(".chat-button .chat-count")?.textContent ?? null);

/** Waits until somebody reads just these lines. */
export async function readsLines(person, expected, options) {
	let last = [];
	await until(
		`${person.name} reads ${JSON.stringify(expected)}`,
		async () => {
			last = await lines(person);
			return JSON.stringify(last) === JSON.stringify(expected);
		},
		{ ...options, why: () => JSON.stringify(last) },
	);
}

/** The message with these words. */
export const message = (person, words) => person.page.locator(".chat-line", { hasText: words }).last();

/** Holds the mouse over a message, and presses one of its tools. */
export async function uses(person, words, tool) {
	const it = message(person, words);
	await it.hover();
	await it.locator(".chat-tools").getByRole("button", { name: tool, exact: true }).click();
}

/** Opens a message's menu, and chooses. */
export async function chooses(person, words, item) {
	await uses(person, words, "More");
	await person.page.getByRole("menuitem", { name: item }).click();
}
