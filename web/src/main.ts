// The way in: the landing page is plain TypeScript and small; everything else is the React app, loaded when needed.

import "./styles/base.css";
import { applySettings, loadSettings } from "./settings/settings";

applySettings(loadSettings());

const root = document.getElementById("root");
if (root) {
	if (location.pathname === "/") void import("./landing/landing").then(({ showLanding }) => showLanding(root));
	else void import("./app").then(({ showApp }) => showApp(root));
}
