// The budgets. Which files a page loads is read from the build's own manifest, so that no chunk is forgotten.

import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("dist/.vite/manifest.json", import.meta.url), "utf8"));

/** An entry and everything it imports at once; what it loads later is named on its own. */
function scripts(...entries) {
	const files = new Set();
	const visit = (key) => {
		const chunk = manifest[key];
		if (!chunk || files.has(chunk.file)) return;
		files.add(chunk.file);
		for (const other of chunk.imports ?? []) visit(other);
	};
	for (const entry of entries) visit(entry);
	return [...files].map((file) => `dist/${file}`);
}

export default [
	{
		name: "landing page",
		path: scripts("index.html", "src/landing/landing.ts", "src/landing/hero.ts"),
		limit: "60 kB",
		gzip: true,
	},
	{
		name: "lobby",
		path: scripts("index.html", "src/app.tsx", "src/lobby/Lobby.tsx"),
		limit: "250 kB",
		gzip: true,
	},
	{
		name: "all script and wasm there is, the space included",
		path: ["dist/assets/*.js", "dist/assets/*.wasm"],
		limit: "400 kB",
		gzip: true,
	},
];
