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

const all = readdirSync(new URL("dist/assets", import.meta.url)).map((name) => `dist/assets/${name}`);
const assets = all.filter((name) => /\.(js|wasm)$/.test(name));
/** Comes only when somebody asks for it in the settings. */
const isNoise = (file) => /rnnoise|workletProcessor|\/noise-/.test(file);
const isBlur = (file) => /\/blur-/.test(file);
/** Comes with the chat's panel. */
const isMarkup = (file) => /earshot_markup|\/reader-/.test(file);
/** Comes when somebody looks for an emoji. */
const isEmoji = (file) => /\/EmojiPicker-|\/database-|\/data-[^/]*\.json$/.test(file);

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
		name: "into a space, until one opens anything",
		path: [
			...scripts(
				"index.html",
				"src/app.tsx",
				"src/space/ui/SpaceScreen.tsx",
				"src/space/client.ts",
				"src/media/engine.ts",
			),
			...assets.filter((file) => /client_core_bg/.test(file)),
		],
		limit: "380 kB",
		gzip: true,
	},
	{
		name: "all script and wasm there is, but what has to be asked for",
		path: assets.filter((file) => ![isNoise, isBlur, isMarkup, isEmoji].some((is) => is(file))),
		limit: "440 kB",
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
	{
		name: "chat: markup, loaded with the panel",
		path: assets.filter(isMarkup),
		limit: "120 kB",
		gzip: true,
	},
	{
		name: "asked for: the emoji picker, and the names of all emoji",
		path: all.filter(isEmoji),
		limit: "100 kB",
		gzip: true,
	},
];
