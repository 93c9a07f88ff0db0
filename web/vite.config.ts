import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vitest/config";

// During `npm run dev` the Worker runs beside Vite; EARSHOT_WORKER says where.
const worker = process.env["EARSHOT_WORKER"] ?? "http://127.0.0.1:8787";

/** What the background blur loads by name at run time, when somebody asks for it. */
const BLUR_FILES = [
	"selfie_segmentation.binarypb",
	"selfie_segmentation_landscape.tflite",
	"selfie_segmentation_solution_simd_wasm_bin.js",
	"selfie_segmentation_solution_simd_wasm_bin.wasm",
];

function blurFiles(): Plugin {
	const folder = dirname(createRequire(import.meta.url).resolve("@shiguredo/virtual-background"));
	const read = (name: string) => readFileSync(join(folder, name));
	return {
		name: "blur-files",
		generateBundle() {
			for (const name of BLUR_FILES)
				this.emitFile({ type: "asset", fileName: `assets/blur/${name}`, source: read(name) });
		},
		configureServer(server) {
			server.middlewares.use("/assets/blur", (request, response, next) => {
				const name = BLUR_FILES.find((file) => request.url === `/${file}`);
				if (!name) return next();
				if (name.endsWith(".js")) response.setHeader("content-type", "text/javascript");
				if (name.endsWith(".wasm")) response.setHeader("content-type", "application/wasm");
				response.end(read(name));
			});
		},
	};
}

export default defineConfig({
	plugins: [react(), blurFiles()],
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
