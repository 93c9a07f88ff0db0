// axe-core, at a screen in light and dark, on a desk and on a phone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCHEMES = ["light", "dark"];
const SIZES = [
	{ width: 1280, height: 800 },
	{ width: 390, height: 844 },
];

/** Looks at the screen that somebody sees, in every scheme and size. Nothing may be half faded in then. */
export async function audit(person, screen) {
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
