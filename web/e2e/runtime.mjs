// The local runtime as a test sees it: started, stopped, killed without warning, started again at the same address with
// the same data. It is the very workerd of production; nothing is replaced but its rate limits.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WORKER = join(ROOT, "worker");
const START_MS_MAX = 30_000;
/** A file system in memory, and how much of it has to be free: in containers it may be tiny. */
const MEMORY = "/dev/shm";
const MEMORY_BYTES_MIN = 1 << 30;

/**
 * Where data lies. A message is told when it is kept, and a disk to which a build has just given gigabytes may take half a second for that:
 * it is not what a story measures, and what is killed here are programs, not machines.
 */
function dataFolder() {
	let free = 0;
	try {
		const { bavail, bsize } = statfsSync(MEMORY);
		free = bavail * bsize;
	} catch {
		// There is none.
	}
	return mkdtempSync(join(free >= MEMORY_BYTES_MIN ? MEMORY : tmpdir(), "earshot-e2e-"));
}

/**
 * Starts one with an empty database. `stop()` ends it and forgets its data. `variables` are the Worker's, `within` is a
 * command that runs it elsewhere (a network namespace, where `host` is its address).
 */
export async function startRuntime({ host = "127.0.0.1", port, variables = {}, within = [] } = {}) {
	const runtime = new Runtime(host, port ?? (await freePort()), variables, within);
	await runtime.start();
	return runtime;
}

class Runtime {
	/** All that it wrote to its error stream, line by line. */
	log = [];
	#data = dataFolder();
	#process = null;
	#listeners = new Set();

	constructor(host, port, variables, within) {
		Object.assign(this, { host, port, variables, within, url: `http://${host}:${port}` });
	}

	async start() {
		assert.equal(this.#process, null, "it runs already");
		// Another build than the usual one can be tested by its configuration and bundle.
		const { EARSHOT_CONFIG = join(ROOT, "wrangler.toml"), EARSHOT_BUNDLE = join(WORKER, "build", "bundle") } =
			process.env;
		const args = ["--no-limits", "--host", this.host, "--port", `${this.port}`, "--data", this.#data];
		const node = [...this.within, join(WORKER, "node_modules", ".bin", "node"), join(WORKER, "serve.mjs")];
		const child = spawn(node[0], [...node.slice(1), ...args, "--config", EARSHOT_CONFIG, "--bundle", EARSHOT_BUNDLE], {
			cwd: ROOT,
			env: { ...process.env, ...this.variables },
			stdio: ["ignore", "pipe", "pipe"],
		});
		this.#process = child;
		createInterface({ input: child.stderr }).on("line", (line) => this.#hear(line));
		const ready = new Promise((resolve, reject) => {
			const late = setTimeout(() => reject(new Error(`not up in ${START_MS_MAX} ms`)), START_MS_MAX);
			createInterface({ input: child.stdout }).on("line", (line) => {
				if (!line.startsWith("{")) return;
				clearTimeout(late);
				resolve(line);
			});
			child.once("exit", (code) => {
				clearTimeout(late);
				reject(new Error(`the runtime ended with ${code}:\n${this.log.join("\n")}`));
			});
		});
		const line = await ready.catch(async (error) => {
			await this.stop();
			throw error;
		});
		assert.equal(JSON.parse(line).url, this.url);
	}

	/** Asks its API as a program does, from where it runs. */
	async ask(method, path, { body, token } = {}) {
		const headers = {
			...(body && { "content-type": "application/json" }),
			...(token && { authorization: `Bearer ${token}` }),
		};
		const request = JSON.stringify([`${this.url}${path}`, { method, headers, body: body && JSON.stringify(body) }]);
		const [program, ...args] = [...this.within, process.execPath, "--input-type=module", "-e", ASK, request];
		const { ok, status, text } = this.within.length > 0 ? await said(program, args) : await answer(request);
		assert.ok(ok, `${method} ${path}: ${status} ${text}`);
		return JSON.parse(text);
	}

	/** As a machine that loses its power: neither half can tidy up. */
	async kill9() {
		const child = this.#process;
		const all = [...descendants(child.pid), child.pid];
		const gone = once(child, "exit");
		for (const pid of all) killIfThere(pid);
		await gone;
		this.#process = null;
	}

	async restart() {
		await this.kill9();
		await this.start();
	}

	async stop() {
		const child = this.#process;
		if (child && child.exitCode === null) {
			child.kill("SIGTERM");
			const late = setTimeout(() => void this.kill9(), 5_000);
			await once(child, "exit");
			clearTimeout(late);
		}
		this.#process = null;
		rmSync(this.#data, { recursive: true, force: true });
	}

	/** Waits for a line of the log that comes after this call. */
	hears(pattern, ms = 10_000) {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#listeners.delete(listen);
				reject(new Error(`no line with ${pattern} in ${ms} ms; the last ones:\n${this.log.slice(-5).join("\n")}`));
			}, ms);
			const listen = (line) => {
				if (!pattern.test(line)) return;
				clearTimeout(timer);
				this.#listeners.delete(listen);
				resolve(line);
			};
			this.#listeners.add(listen);
		});
	}

	#hear(line) {
		this.log.push(line);
		for (const listen of this.#listeners) listen(line);
	}
}

async function answer(request) {
	const response = await fetch(...JSON.parse(request));
	return { ok: response.ok, status: response.status, text: await response.text() };
}

/** The same in a process of its own. */
const ASK = `${answer}; console.log(JSON.stringify(await answer(process.argv.at(-1))));`;

async function said(program, args) {
	const { stdout } = await promisify(execFile)(program, args);
	return JSON.parse(stdout);
}

/** A port that nobody listens at right now, below those that the system gives out by itself: whatever asks it for any port meanwhile, as the runtime does inside, gets another one. */
export async function freePort() {
	for (;;) {
		const server = createServer().listen(randomInt(20_000, 32_000), "127.0.0.1");
		const isFree = await once(server, "listening").then(
			() => true,
			() => false,
		);
		if (!isFree) continue;
		const { port } = server.address();
		server.close();
		await once(server, "close");
		return port;
	}
}

function descendants(pid) {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean);
	return children.flatMap((child) => [...descendants(Number(child)), Number(child)]);
}

function killIfThere(pid) {
	try {
		process.kill(pid, "SIGKILL");
	} catch (error) {
		if (error.code !== "ESRCH") throw error;
	}
}

/** Lets bots walk about; the report comes when they are done. */
export function startBots(runtime, { space, count, seconds, warmUpSeconds = 0, sayEveryMs = 0 }) {
	const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
	const args = [
		"--url",
		runtime.url,
		"--space",
		space,
		"--count",
		count,
		"--gap-ms",
		5,
		"--seconds",
		seconds,
		"--json",
	];
	const child = spawn(
		join(target, "debug", "earshot-bots"),
		[...args, "--warm-up-seconds", warmUpSeconds, "--say-every-ms", sayEveryMs].map(String),
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	let said = "";
	child.stdout.on("data", (chunk) => {
		said += chunk;
	});
	const report = once(child, "close").then(([code]) => {
		assert.equal(code, 0, "the bots failed");
		return JSON.parse(said);
	});
	report.catch(() => {});
	return { report, stop: () => child.kill("SIGTERM") };
}
