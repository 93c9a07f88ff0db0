// Media nodes as a story sees them: the very program, registered with the story's runtime, ended kindly or not.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort, ROOT } from "./runtime.mjs";

const START_MS_MAX = 10_000;

/** The secrets of a Worker that takes nodes. */
export function fleetSecrets() {
	const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	return {
		FLEET_PRIVATE_KEY: JSON.stringify(privateKey.export({ format: "jwk" })),
		FLEET_TOKEN: randomBytes(32).toString("hex"),
	};
}

/** Of one that listens on this machine's own address, too: Firefox pairs no other one with it. */
export function everywhere() {
	const own = Object.values(networkInterfaces()).flat();
	const addresses = own.filter(({ family }) => family === "IPv4").map(({ address }) => address);
	return ["--bind", "0.0.0.0", "--advertise", addresses.join(",")];
}

/**
 * Starts one where the runtime runs; it is there when the Worker knows of it. It listens at the runtime's address, which on loopback Chromium
 * and native people can use. `flags` are further ones of the program.
 */
export async function startNode(runtime, { id = "node-1", listens = ["--bind", runtime.host], flags = [] } = {}) {
	const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
	const own = `${runtime.host}:${await freePort()}`;
	const [program, ...args] = [
		...[...runtime.within, join(target, "debug", "sfu-node"), "--id", id, "--url", `http://${own}`, "--http", own],
		...["--udp-port", "0", ...listens, "--region", "local", "--worker", runtime.url, ...flags],
	];
	const env = { ...process.env, FLEET_TOKEN: runtime.variables.FLEET_TOKEN };
	const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
	const node = new Node(child, id, `http://${own}`);
	const late = setTimeout(() => child.kill("SIGKILL"), START_MS_MAX);
	try {
		await node.said;
		// In a network of its own only the Worker reaches it.
		if (runtime.within.length === 0) await node.isReady();
		clearTimeout(late);
		await knows(runtime, id);
		return node;
	} catch (error) {
		child.kill("SIGKILL");
		throw error;
	} finally {
		clearTimeout(late);
	}
}

class Node {
	/** All that it wrote to its error stream. */
	log = [];

	constructor(child, id, url) {
		Object.assign(this, { child, id, url });
		createInterface({ input: child.stderr }).on("line", (line) => this.log.push(line));
		this.gone = once(child, "exit");
		this.gone.catch(() => {});
		this.said = new Promise((resolve, reject) => {
			createInterface({ input: child.stdout }).on("line", (line) => resolve(JSON.parse(line)));
			child.once("error", reject);
			child.once("exit", (code) => reject(new Error(`the node ended with ${code}:\n${this.log.join("\n")}`)));
		});
	}

	async isReady() {
		while (!(await fetch(`${this.url}/health/ready`)).ok) await new Promise((wait) => setTimeout(wait, 20));
	}

	/** Its counters, by name; of several with labels the sum. */
	async metrics() {
		const text = await (await fetch(`${this.url}/metrics`)).text();
		const sums = new Map();
		for (const line of text.split("\n")) {
			const [, name, value] = /^([a-z_:]+)(?:\{[^}]*\})? (\S+)$/.exec(line) ?? [];
			if (name) sums.set(name, (sums.get(name) ?? 0) + Number(value));
		}
		return sums;
	}

	/** Kindly: it lets its people go elsewhere. */
	drain() {
		this.child.kill("SIGTERM");
	}

	async kill9() {
		this.child.kill("SIGKILL");
		await this.gone;
	}

	async stop() {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		this.child.kill("SIGTERM");
		this.child.kill("SIGTERM");
		const late = setTimeout(() => this.child.kill("SIGKILL"), 3_000);
		await this.gone;
		clearTimeout(late);
	}
}

/** The Worker lists it. */
async function knows(runtime, id) {
	for (let tries = 0; tries < 200; tries++) {
		const { nodes } = await runtime.ask("GET", "/api/fleet", { token: runtime.variables.FLEET_TOKEN });
		if (nodes.some((node) => node.id === id)) return;
		await new Promise((wait) => setTimeout(wait, 50));
	}
	assert.fail(`the Worker does not know of ${id}`);
}
