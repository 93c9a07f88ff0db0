// A real coturn with the very configuration of deploy/, and nothing but addresses and a secret added.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort, ROOT } from "./runtime.mjs";

const TURNSERVER = process.env.EARSHOT_TURNSERVER ?? "/usr/bin/turnserver";
const START_MS_MAX = 10_000;

/** Why there can be none here, or nothing. */
export const noCoturn = existsSync(TURNSERVER) ? null : `coturn is not installed at ${TURNSERVER}`;

/** Starts one. `more` are further arguments, `within` a command that runs it elsewhere (a network namespace). */
export async function startCoturn({ ip = "127.0.0.1", port, relays = [ip], more = [], within = [] } = {}) {
	const folder = mkdtempSync(join(tmpdir(), "earshot-turn-"));
	const coturn = new Coturn(folder, ip, port ?? (await freePort()));
	const [program, ...before] = [...within, TURNSERVER];
	await coturn.start(program, [
		...before,
		...["-c", join(ROOT, "deploy", "coturn", "turnserver.conf")],
		...[`--listening-ip=${ip}`, `--listening-port=${coturn.port}`],
		...relays.map((relay) => `--relay-ip=${relay}`),
		`--static-auth-secret=${coturn.secret}`,
		...[`--pidfile=${join(folder, "pid")}`, `--userdb=${join(folder, "turndb")}`],
		...more,
	]);
	return coturn;
}

class Coturn {
	secret = randomBytes(32).toString("hex");
	log = [];
	#process = null;

	constructor(folder, ip, port) {
		Object.assign(this, { folder, ip, port });
	}

	/** For `TURN_URLS`. */
	get urls() {
		return [`turn:${this.ip}:${this.port}?transport=udp`, `turn:${this.ip}:${this.port}?transport=tcp`];
	}

	/** What the Worker has to know of it. */
	get variables() {
		return { TURN_URLS: this.urls.join(","), TURN_SECRET: this.secret };
	}

	async start(program, args) {
		const child = spawn(program, args, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
		this.#process = child;
		const ready = new Promise((resolve, reject) => {
			const late = setTimeout(() => reject(new Error(`coturn is not up:\n${this.log.join("\n")}`)), START_MS_MAX);
			const hear = (line) => {
				this.log.push(line);
				// The last thread that it starts, after its listeners.
				if (!/IO method \(admin thread\)/.test(line)) return;
				clearTimeout(late);
				resolve();
			};
			for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", hear);
			child.once("error", reject);
			child.once("exit", (code) => reject(new Error(`coturn ended with ${code}:\n${this.log.join("\n")}`)));
		});
		await ready.catch(async (error) => {
			await this.stop();
			throw error;
		});
	}

	async stop() {
		const child = this.#process;
		this.#process = null;
		if (child?.exitCode === null && child.pid) {
			child.kill("SIGKILL");
			await once(child, "exit");
		}
		rmSync(this.folder, { recursive: true, force: true });
	}
}
