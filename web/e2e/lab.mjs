// An internet of one's own: a hub with the runtime and the relay, and homes around it, each a network namespace at the end
// of a link that can be slow, lossy, cut, or come back under another address. The links are crates/link-emulator's.
//
//     ada's home 198.51.100.10 ══ link ══ hub 203.0.113.1 ══ link ══ 198.51.100.20 bob's home
//
// Linux and root only: `noLab` says why not. Absent on purpose: any way from here to the real internet.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "./runtime.mjs";

const EMULATOR = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug", "earshot-link-emulator");
const PREFIX = "earshot-lab-";
/** For documentation, so nobody's; the relay's configuration lets them be. */
export const HUB = "203.0.113.1";
const ANSWER_MS_MAX = 5_000;

/** Why there can be no lab here, or nothing. */
export const noLab = missing();

function missing() {
	if (process.platform !== "linux") return "network namespaces need Linux";
	if (process.getuid() !== 0) return "network namespaces need root";
	if (!existsSync("/dev/net/tun")) return "there is no /dev/net/tun";
	if (!existsSync(EMULATOR)) return `there is no ${EMULATOR}; cargo build -p earshot-link-emulator makes it`;
	try {
		ip("netns", "list");
	} catch (error) {
		return `ip does not work here: ${error.message}`;
	}
	return null;
}

/** A hub, and as many homes as are asked for later. `close()` takes all of it away, whatever happened before. */
export function openLab() {
	sweep();
	return new Lab();
}

class Lab {
	#homes = [];
	#folder = mkdtempSync(join(tmpdir(), "earshot-lab-"));
	#close = () => this.close();

	constructor() {
		this.hub = new Namespace(`${PREFIX}${process.pid}-hub`);
		process.once("exit", this.#close);
		this.hub.ip("addr", "add", `${HUB}/32`, "dev", "lo");
		this.hub.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
	}

	/** A home at an address, with the weather of its link: `delay` and `jitter` in ms one way, `loss` in percent. */
	async home(address, weather = {}) {
		const home = new Home(this, this.#homes.length, address, this.#folder);
		this.#homes.push(home);
		await home.open(weather);
		return home;
	}

	/** Homes reach the hub, but no longer each other: nothing but a relay helps. */
	allowsDirect(allowed) {
		this.hub.run("sh", "-c", `echo ${allowed ? 1 : 0} > /proc/sys/net/ipv4/ip_forward`);
	}

	close() {
		process.off("exit", this.#close);
		for (const home of this.#homes) home.close();
		this.hub.close();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

class Namespace {
	constructor(name) {
		this.name = name;
		/** What to put before a command to run it here. */
		this.within = ["ip", "netns", "exec", name];
		ip("netns", "add", name);
		this.ip("link", "set", "lo", "up");
	}

	ip(...args) {
		return ip("-n", this.name, ...args);
	}

	run(...command) {
		return execFileSync("ip", ["netns", "exec", this.name, ...command], { encoding: "utf8" });
	}

	close() {
		removeNamespace(this.name);
	}
}

class Home extends Namespace {
	#answers = [];

	constructor(lab, number, address, folder) {
		super(`${PREFIX}${process.pid}-home${number}`);
		Object.assign(this, { lab, address, near: `es${process.pid}n${number}`, far: `es${process.pid}f${number}` });
		this.folder = folder;
	}

	async open({ seed = 1, ...weather }) {
		const options = Object.entries(weather).flatMap(([name, value]) => [`--${name}`, `${value}`]);
		this.link = spawn(EMULATOR, ["--a", this.near, "--b", this.far, "--seed", `${seed}`, ...options], {
			stdio: ["pipe", "pipe", "inherit"],
		});
		// A program that does not start must not end this one without a word.
		this.link.on("error", () => {});
		this.link.stdin.on("error", () => {});
		createInterface({ input: this.link.stdout }).on("line", (line) => this.#answers.shift()?.(line));
		assert.equal(await this.#answer(), "ready");
		ip("link", "set", this.near, "netns", this.name);
		ip("link", "set", this.far, "netns", this.lab.hub.name);
		this.lab.hub.ip("link", "set", this.far, "up");
		this.ip("link", "set", this.near, "up");
		this.#settle(this.address);
	}

	/** The cable is pulled, and nobody is told. */
	cut() {
		return this.says("cut");
	}

	heal() {
		return this.says("heal");
	}

	/** Unplugged: the machine itself sees that it has no network. */
	unplug() {
		this.ip("link", "set", this.near, "down");
	}

	/** Plugged in again, here or elsewhere. */
	plug(address = this.address) {
		this.ip("link", "set", this.near, "up");
		if (address === this.address) this.#settle(address);
		else this.moves(address);
	}

	/** Another address, and the old one is gone; the machine had a network all the time. */
	moves(address) {
		const old = this.address;
		this.lab.hub.ip("route", "del", `${old}/32`);
		this.ip("addr", "del", `${old}/32`, "dev", this.near);
		this.address = address;
		this.#settle(address);
	}

	/** One of the emulator's commands. */
	async says(line) {
		const answer = this.#answer();
		this.link.stdin.write(`${line}\n`);
		const words = await answer;
		assert.ok(words === "ok" || words.startsWith("{"), words);
		return words;
	}

	/** What happened on the link so far. */
	async counts() {
		return JSON.parse(await this.says("counts"));
	}

	/** A file that runs a program here, for those who take a program's path only. */
	doorTo(program) {
		const path = join(this.folder, `${this.name}-${program.replaceAll("/", "-")}`);
		writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.name} ${program} "$@"\n`, { mode: 0o755 });
		return path;
	}

	close() {
		super.close();
		this.link?.kill("SIGKILL");
	}

	#settle(address) {
		this.ip("addr", "replace", `${address}/32`, "dev", this.near);
		this.ip("route", "replace", "default", "dev", this.near, "src", address);
		this.lab.hub.ip("route", "replace", `${address}/32`, "dev", this.far, "src", HUB);
	}

	#answer() {
		return new Promise((resolve, reject) => {
			const late = setTimeout(() => reject(new Error("the link emulator does not answer")), ANSWER_MS_MAX);
			this.#answers.push((line) => {
				clearTimeout(late);
				resolve(line);
			});
		});
	}
}

function ip(...args) {
	return execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** With what still runs in it; only what a lab started can be there. */
function removeNamespace(name) {
	try {
		for (const pid of ip("netns", "pids", name).split("\n").filter(Boolean)) process.kill(Number(pid), "SIGKILL");
	} catch {
		// It ended by itself meanwhile.
	}
	try {
		ip("netns", "del", name);
	} catch {
		// It is gone already.
	}
}

/** What a run left that was killed before it could tidy up. */
function sweep() {
	const folder = "/run/netns";
	const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(PREFIX)) : [];
	for (const name of names) {
		const pid = name.slice(PREFIX.length).split("-")[0];
		if (!existsSync(`/proc/${pid}`)) removeNamespace(name);
	}
}
