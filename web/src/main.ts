// The way in: the landing page is plain TypeScript and small; everything else is the React app, loaded when needed.

import "./styles/base.css";
import { applySettings, loadSettings } from "./settings/settings";
import { appText as text } from "./ui/text";

applySettings(loadSettings());

/** The screen that will be shown travels beside the app instead of after it. A failure shows where it is needed. */
function fetchScreen(path: string): void {
	const ignore = () => {};
	if (path.startsWith("/s/")) import("./space/ui/SpaceScreen").catch(ignore);
	else if (path.startsWith("/spaces")) import("./lobby/Lobby").catch(ignore);
}

/** Nothing came at all: words without anything that would have to be loaded. */
function showBroken(root: HTMLElement): void {
	const said = document.createElement("p");
	said.setAttribute("role", "alert");
	said.style.padding = "24px";
	said.textContent = `${text.broken}. ${text.brokenHelp}`;
	root.replaceChildren(said);
}

const root = document.getElementById("root");
if (root) {
	if (location.pathname === "/")
		void import("./landing/landing").then(({ showLanding }) => showLanding(root)).catch(() => showBroken(root));
	else {
		void import("./app").then(({ showApp }) => showApp(root)).catch(() => showBroken(root));
		fetchScreen(location.pathname);
	}
}
