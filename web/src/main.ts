// The way in: the landing page is plain TypeScript and small; everything else is the React app, loaded when needed.

import "./styles/base.css";
import { applySettings, loadSettings } from "./settings/settings";

applySettings(loadSettings());

/** The screen that will be shown travels beside the app instead of after it. A failure shows where it is needed. */
function fetchScreen(path: string): void {
	const ignore = () => {};
	if (path.startsWith("/s/")) import("./space/ui/SpaceScreen").catch(ignore);
	else if (path.startsWith("/spaces")) import("./lobby/Lobby").catch(ignore);
}

const root = document.getElementById("root");
if (root) {
	if (location.pathname === "/") void import("./landing/landing").then(({ showLanding }) => showLanding(root));
	else {
		void import("./app").then(({ showApp }) => showApp(root));
		fetchScreen(location.pathname);
	}
}
