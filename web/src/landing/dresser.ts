// The avatar one arrives with: a carousel whose next look is always a new one, and whose previous ones are kept.

import { type Look, randomLook, storedLook, storeLook } from "../avatar/look";
import { Preview } from "../avatar/preview";
import { loadSheet } from "../render/art";
import { loadSettings, motionReduced } from "../settings/settings";
import { el } from "./dom";
import { landingText as text } from "./text";

export interface Dresser {
	element: HTMLElement;
	look(): Look;
}

const arrow = (path: string): SVGElement => {
	const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	svg.setAttribute("viewBox", "0 0 20 20");
	svg.setAttribute("aria-hidden", "true");
	const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
	line.setAttribute("d", path);
	svg.append(line);
	return svg;
};

export function dresser(given: Look | null): Dresser {
	const looks: Look[] = [given ?? storedLook() ?? randomLook()];
	let at = 0;
	let preview: Preview | null = null;
	const current = () => looks[at] as Look;

	const show = () => {
		previous.disabled = at === 0;
		storeLook(current());
		if (preview) preview.look = current();
	};
	const go = (by: 1 | -1) => {
		at = Math.max(0, at + by);
		if (at === looks.length) looks.push(randomLook());
		show();
	};

	const canvas = el("canvas", {
		class: "pixels dresser-avatar",
		role: "img",
		"aria-label": text.avatar,
		width: "32",
		height: "60",
	});
	const previous = el(
		"button",
		{ type: "button", class: "btn dresser-arrow", "aria-label": text.previous, title: text.previous },
		arrow("M12 4l-6 6 6 6"),
	);
	const next = el(
		"button",
		{ type: "button", class: "btn dresser-arrow", "aria-label": text.next, title: text.next },
		arrow("M8 4l6 6-6 6"),
	);
	previous.addEventListener("click", () => go(-1));
	next.addEventListener("click", () => go(1));
	const element = el("div", { class: "dresser" }, previous, el("div", { class: "dresser-stage" }, canvas), next);
	show();

	void loadSheet()
		.then((sheet) => {
			preview = new Preview(canvas, sheet, current(), { walking: true, still: motionReduced(loadSettings()) });
		})
		.catch(() => {
			// Without the art one still gets in; the stage stays empty.
		});
	return { element, look: current };
}
