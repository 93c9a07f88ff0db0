// Native people with voices, as a story steers them: a process that holds up to a hundred, told by lines what to do. What
// each heard is its own report; see crates/participants.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "./runtime.mjs";

const ANSWER_MS_MAX = 30_000;

/**
 * Lets so many in, who stand around a tile, `spread` tiles apart; `speakers` of them speak, one here and one there, the
 * first of all among them. Each has a number, from 0.
 */
export async function startCast(runtime, { space, count, at, spread = 1, speakers = count, gapMs = 20, flags = [] }) {
	const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
	const [program, ...args] = [...runtime.within, join(target, "debug", "earshot-participants")];
	const child = spawn(
		program,
		[
			...[
				...args,
				"--url",
				runtime.url,
				"--ip",
				runtime.host,
				"--space",
				space,
				"--count",
				`${count}`,
				"--spread",
				`${spread}`,
			],
			...["--at", `${at.x},${at.y}`, "--speakers", `${speakers}`, "--gap-ms", `${gapMs}`, ...flags],
		],
		{ stdio: ["pipe", "pipe", "inherit"] },
	);
	const cast = new Cast(child);
	await cast.hears(({ type }) => type === "ready", { ms: ANSWER_MS_MAX + count * 500 });
	return cast;
}

class Cast {
	#waiting = new Set();

	constructor(child) {
		this.child = child;
		this.gone = once(child, "exit");
		this.gone.catch(() => {});
		// Each of them may be waited for.
		child.setMaxListeners(0);
		createInterface({ input: child.stdout }).on("line", (line) => {
			const message = JSON.parse(line);
			for (const take of [...this.#waiting]) take(message);
		});
	}

	/** The next line of which something holds. */
	hears(holds, { ms = ANSWER_MS_MAX } = {}) {
		return new Promise((resolve, reject) => {
			const settle = (act, value) => {
				clearTimeout(late);
				this.#waiting.delete(take);
				this.child.off("exit", ended);
				act(value);
			};
			const take = (message) => holds(message) && settle(resolve, message);
			const ended = (code) => settle(reject, new Error(`the native people ended with ${code}`));
			const late = setTimeout(() => settle(reject, new Error(`nothing of the native people in ${ms} ms`)), ms);
			this.#waiting.add(take);
			this.child.once("exit", ended);
		});
	}

	/** Does it, and says so. */
	async tell(command) {
		const answer = this.hears((message) => message.command === command);
		this.child.stdin.write(`${command}\n`);
		const { type, why } = await answer;
		assert.equal(type, "done", why);
	}

	/** Somebody walks to a tile, and is there. */
	async goes(n, { x, y }) {
		const there = this.hears((message) => message.type === "arrived" && message.n === n);
		await this.tell(`walk ${n} ${x} ${y}`);
		await there;
	}

	/** What each of them hears, by number. */
	async report() {
		const report = this.hears(({ type }) => type === "report");
		this.child.stdin.write("report\n");
		const { participants } = await report;
		return new Map(participants.map((each) => [each.n, each]));
	}

	async stop() {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		this.child.stdin.write("quit\n");
		const late = setTimeout(() => this.child.kill("SIGKILL"), 5_000);
		await this.gone;
		clearTimeout(late);
	}
}
