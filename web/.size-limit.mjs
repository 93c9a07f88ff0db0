// The budgets. Which files a page loads is read from the build's own manifest, so that no chunk is forgotten.

import { readdirSync, readFileSync } from "node:fs";

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

const assets = readdirSync(new URL("dist/assets", import.meta.url))
	.filter((name) => /\.(js|wasm)$/.test(name))
	.map((name) => `dist/assets/${name}`);
/** Comes only when somebody asks for it in the settings. */
const isNoise = (file) => /rnnoise|workletProcessor|\/noise-/.test(file);
const isBlur = (file) => /\/blur-/.test(file);

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
		name: "all script and wasm there is, but what has to be asked for",
		path: assets.filter((file) => !isNoise(file) && !isBlur(file)),
		limit: "400 kB",
		gzip: true,
	},
	{
		name: "asked for: strong noise suppression (a browser loads one of the two wasm)",
		path: assets.filter(isNoise),
		limit: "280 kB",
		gzip: true,
	},
	{
		name: "asked for: the background blur, besides 1.9 MB of network and what runs it",
		path: assets.filter(isBlur),
		limit: "30 kB",
		gzip: true,
	},
];
