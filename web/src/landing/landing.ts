// The landing page: the place as the picture, one field, an avatar to dress, one button.

import "../styles/landing.css";
import { enterAsGuest, logout, mayBeKnown, me } from "../api/auth";
import { messageOf } from "../api/http";
import type { Me, User } from "../api/types";
import { storedName, storeName } from "../avatar/look";
import { nameFault, tidied, tooLong } from "../ui/names";
import { el } from "./dom";
import { dresser } from "./dresser";
import { landingText as text } from "./text";

const DOOR = "/s/commons";

export function showLanding(root: HTMLElement): void {
	document.title = text.brand;
	const canvas = el("canvas", { class: "hero", "aria-hidden": "true" });
	const card = el("div", { class: "door" });
	root.replaceChildren(
		el(
			"div",
			{ class: "landing" },
			canvas,
			el("div", { class: "hero-shade" }),
			el("main", { class: "door-side" }, card),
		),
	);
	fill(card, null);
	if (mayBeKnown()) {
		me()
			.then((answer) => answer && fill(card, answer))
			.catch(() => {
				// The form works for a stranger too; if the network is away, walking in says so.
			});
	}
	void import("./hero").then(({ showHero }) =>
		showHero(canvas, () => {
			const box = card.getBoundingClientRect();
			const beside = innerWidth >= 760;
			return beside ? { left: box.right, bottom: 0 } : { left: 0, bottom: innerHeight - box.top };
		}).catch(() => canvas.remove()),
	);
}

function fill(card: HTMLElement, known: Me | null): void {
	const brand = el(
		"p",
		{ class: "brand" },
		el("img", { src: "/icon.svg", alt: "", width: "28", height: "28" }),
		text.brand,
	);
	card.replaceChildren(brand, ...(known ? greeting(known) : door()));
}

function greeting(known: Me): Node[] {
	return [
		el("h1", {}, text.greet(known.user.name)),
		el("p", { class: "lead" }, text.greetLead),
		dresser(known.user.look).element.querySelector(".dresser-stage") as HTMLElement,
		el("a", { class: "btn btn-primary btn-large", href: DOOR }, text.walkIn),
		el(
			"p",
			{ class: "ways" },
			el("a", { href: "/spaces" }, text.spaces),
			el("a", { href: "/profile" }, text.profile),
			leaving(known.user),
		),
	];
}

/** A guest is asked first, where there are dialogs: nobody comes back as one. */
function leaving({ guest }: User): HTMLElement {
	if (guest) return el("a", { href: "/profile#leave" }, text.someoneElse);
	const leave = el("button", { type: "button", class: "link" }, text.someoneElse);
	leave.addEventListener("click", () => {
		logout()
			.catch(() => {})
			.finally(() => location.reload());
	});
	return leave;
}

function door(): Node[] {
	const wardrobe = dresser(null);
	const name = el("input", {
		class: "input",
		id: "name",
		name: "name",
		autocomplete: "nickname",
		placeholder: text.namePlaceholder,
		value: storedName(),
		"aria-describedby": "name-error",
	});
	const error = el("p", { class: "error", id: "name-error", role: "alert" });
	const button = el("button", { class: "btn btn-primary btn-large", type: "submit" }, text.walkIn);
	const form = el(
		"form",
		{ class: "door-form", novalidate: true },
		wardrobe.element,
		el("div", { class: "field" }, el("label", { for: "name" }, text.nameLabel), name, error),
		button,
	);
	const tell = (fault = "") => {
		// The same once more, with each letter, would be read out each time.
		if (error.textContent === fault) return;
		error.textContent = fault;
		name.setAttribute("aria-invalid", `${fault !== ""}`);
	};
	const refuse = (fault: string) => {
		tell(fault);
		name.focus();
	};
	name.addEventListener("input", () => tell(tooLong(name.value)));
	const ready = () => {
		button.disabled = false;
		button.textContent = text.walkIn;
	};
	// A browser that goes back shows the page as it was left: with the door just opening.
	window.addEventListener("pageshow", (event) => event.persisted && ready());
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const chosen = tidied(name.value);
		const fault = nameFault(chosen, text.nameMissing);
		if (fault) return refuse(fault);
		tell();
		button.disabled = true;
		button.textContent = text.opening;
		storeName(chosen);
		// Whoever was here before, and could not be asked about yet, goes in as who they are.
		const known = mayBeKnown() ? me() : Promise.resolve(null);
		known
			.then(async (answer) => {
				if (!answer) await enterAsGuest(chosen, wardrobe.look());
				location.assign(DOOR);
			})
			.catch((reason: unknown) => {
				ready();
				refuse(messageOf(reason));
			});
	});
	return [
		el("h1", {}, text.title),
		el("p", { class: "lead" }, text.lead),
		form,
		el(
			"p",
			{ class: "ways" },
			text.noAccount,
			" ",
			el("a", { href: "/signin" }, text.signIn),
			el("a", { href: "/spaces" }, text.spaces),
		),
	];
}
