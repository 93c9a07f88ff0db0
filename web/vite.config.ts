import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// During `npm run dev` the Worker runs beside Vite; EARSHOT_WORKER says where.
const worker = process.env["EARSHOT_WORKER"] ?? "http://127.0.0.1:8787";

export default defineConfig({
	plugins: [react()],
	build: {
		outDir: "dist",
		target: "es2023",
		manifest: true,
		// Maps and fonts stay files of their own: they are fetched late and cached long.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
	},
	// The browser tests in e2e/ run under node:test, on a real runtime.
	test: { include: ["tests/**/*.test.ts"] },
	server: {
		// The templates and the generated art live beside this folder.
		fs: { allow: [".."] },
		proxy: {
			"/api": worker,
			"/ws": { target: worker.replace(/^http/, "ws"), ws: true },
		},
	},
});
