// A picture in a crowd over lines that are not alike: each receiver gets the layer that its line takes, and nobody waits for
// anybody. Everybody is native, the node and the runtime are the real ones, and the lines are the lab's.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { until } from "./harness.mjs";
import { HUB, noLab, openLab } from "./lab.mjs";
import { fleetSecrets } from "./node.mjs";
import { ROOT, startRuntime } from "./runtime.mjs";

/** With it the bounds are what people would notice, on a machine that does nothing else; without it, whether it works. */
const MEASURED = process.env.EARSHOT_MEASURE === "1";
const [RUNTIME_PORT, NODE_PORT, MEDIA_PORT] = [8787, 8788, 3478];
/** One who shows something, and so many others that they are a crowd before the receivers come. */
const OTHERS = 9;
/** The layers are then of about 120, 410 and 1,250 kbit/s. */
const TIMES = 2;
const LINES = [
	{ kbps: 300, height_px: 180 },
	{ kbps: 1_000, height_px: 360 },
	{ kbps: 5_000, height_px: 720 },
];
const DELAY_MS = 25;
/** From the first whole frame. */
const SETTLES_MS_MAX = MEASURED ? 10_000 : 20_000;
/** What is there for so long has settled. A busy machine sends in bursts, and a line seems to carry now more, now less. */
const HOLDS_MS = MEASURED ? 2_000 : 0;
/** Of all looks after that, so many may show something smaller, or larger than what fits. */
const SMALLER_SHARE_MAX = MEASURED ? 0 : 1;
const LARGER_SHARE_MAX = MEASURED ? 0 : 0.3;
/** How long it is looked whether they stay. */
const STAYS_MS = 10_000;
const FREEZE_MS_MAX = MEASURED ? 1_000 : 6_000;
const VOICE_GAP_MS_MAX = MEASURED ? 400 : 2_000;
const TARGET = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug");

describe("a picture over three lines", { timeout: 180_000, skip: noLab ?? false }, () => {
	const world = { programs: [] };

	before(async () => {
		world.lab = openLab();
		const { within } = world.lab.hub;
		const variables = fleetSecrets();
		world.runtime = await startRuntime({ host: HUB, port: RUNTIME_PORT, within, variables });
		const node = startProgram(
			world,
			within,
			"sfu-node",
			[
				...["--id", "node-1", "--url", `http://${HUB}:${NODE_PORT}`, "--http", `${HUB}:${NODE_PORT}`],
				...["--udp-port", `${MEDIA_PORT}`, "--bind", HUB, "--worker", world.runtime.url, "--region", "local"],
				...["--log", "warn"],
			],
			{ FLEET_TOKEN: variables.FLEET_TOKEN },
		);
		await node.says(() => true);
		const token = variables.FLEET_TOKEN;
		await until("the Worker knows of the node", async () => {
			const { nodes } = await world.runtime.ask("GET", "/api/fleet", { token });
			return nodes.length > 0;
		});
		const { access_token: landlady } = await world.runtime.ask("POST", "/api/auth/guest", {
			body: { name: "Landlady" },
		});
		const body = { name: "A place for a story", template: "social-space" };
		world.space = (await world.runtime.ask("POST", "/api/spaces", { body, token: landlady })).id;
	});

	after(async () => {
		for (const { child } of world.programs) child.kill("SIGKILL");
		await world.runtime?.stop();
		world.lab?.close();
	});

	it("settles on what each of them takes, and freezes nobody", async (test) => {
		natives(world, world.lab.hub.within, HUB, ["--count", `${OTHERS}`, "--speakers", "0"]);
		const shower = natives(world, world.lab.hub.within, HUB, ["--count", "1", "--name", "Ada", "--shows", `${TIMES}`]);
		const { session } = await shower.is("in a room", ({ online, rooms }) => online && isIn(rooms));
		const receivers = [];
		for (const [n, line] of LINES.entries()) {
			const address = `198.51.100.${10 * (n + 1)}`;
			const home = await world.lab.home(address, { delay: DELAY_MS, rate: line.kbps, seed: n + 1 });
			const flags = ["--count", "1", "--speakers", "0", "--name", `Line ${line.kbps}`, "--looks-px", "720"];
			receivers.push(Object.assign(natives(world, home.within, address, flags), { ...line, home }));
		}
		await Promise.all(receivers.map((one) => settles(one, session, test)));
		await Promise.all(receivers.map((one) => stays(one, session, test)));
	});
});

const isIn = (rooms) => rooms.length > 0 && rooms.every(({ joined, leaving }) => joined && !leaving);

/** Waits until the layer that fits is there, counted from the first frame that came through the room. */
async function settles(one, session, test) {
	const first = await one.sees(session, ({ picture_frames: frames, way, direct }) => {
		return frames > 0 && way !== null && way !== "direct" && direct === null;
	});
	const begin = performance.now();
	const since = () => performance.now() - begin;
	const seen = [first.picture_height_px];
	let right = null;
	while (right === null || since() - right < HOLDS_MS) {
		const { picture_height_px: height } = await one.sees(session, () => true);
		if (seen.at(-1) !== height) seen.push(height);
		if (height !== one.height_px) right = null;
		else right ??= since();
		const why = `${one.kbps} kbit/s: ${seen.join(", ")} pixels, and not ${one.height_px}`;
		assert.ok(since() < SETTLES_MS_MAX + HOLDS_MS, why);
	}
	test.diagnostic(`${one.kbps} kbit/s: ${seen.join(", ")} pixels, settled after ${Math.round(right)} ms`);
}

/** From now on it is what it is. */
async function stays(one, session, test) {
	one.child.stdin.write("forget\n");
	await one.says(({ command }) => command === "forget");
	const heights = new Map();
	const begin = performance.now();
	let last = null;
	while (performance.now() - begin < STAYS_MS) {
		last = await one.sees(session, () => true);
		heights.set(last.picture_height_px, (heights.get(last.picture_height_px) ?? 0) + 1);
	}
	const { picture_bytes: bytes, picture_frames: frames, picture_gap_ms_max: freeze, gap_ms_max: gap } = last;
	const kbps = Math.round((bytes * 8) / (performance.now() - begin));
	const counts = [...heights].map(([height, times]) => `${height} pixels ${times} times`).join(", ");
	const { crowdedOut: dropped } = await one.home.counts();
	test.diagnostic(
		`${one.kbps} kbit/s: ${kbps} kbit/s of ${frames} frames (${counts}), still for ${freeze} ms at most; voice away for ${gap} ms; ${dropped} packets dropped`,
	);
	const share = (holds) => {
		const looks = [...heights].flatMap(([height, times]) => Array.from({ length: times }, () => height));
		return looks.filter(holds).length / looks.length;
	};
	const larger = share((height) => height > one.height_px);
	const smaller = share((height) => height < one.height_px);
	assert.ok(larger <= LARGER_SHARE_MAX && smaller <= SMALLER_SHARE_MAX, `${one.kbps} kbit/s: ${counts}`);
	assert.ok(kbps < one.kbps, `${kbps} of ${one.kbps} kbit/s`);
	assert.ok(freeze <= FREEZE_MS_MAX, `${one.kbps} kbit/s: the picture stood still for ${freeze} ms`);
	assert.ok(gap <= VOICE_GAP_MS_MAX, `${one.kbps} kbit/s: the voice was away for ${gap} ms`);
}

/** Native people of one process, who tell four times a second how they are. */
function natives(world, within, ip, flags) {
	return startProgram(world, within, "earshot-participants", [
		...["--url", world.runtime.url, "--space", world.space, "--ip", ip, "--at", "20,20"],
		...["--report-every-ms", "250", ...flags],
	]);
}

function startProgram(world, within, program, args, variables = {}) {
	const [first, ...rest] = [...within, join(TARGET, program), ...args];
	const one = new Program(
		spawn(first, rest, { env: { ...process.env, ...variables }, stdio: ["pipe", "pipe", "inherit"] }),
	);
	world.programs.push(one);
	return one;
}

const SAYS_MS_MAX = 40_000;

/** One that says what happens in lines of JSON. */
class Program {
	#listeners = new Set();

	constructor(child) {
		this.child = child;
		child.on("error", () => {});
		child.stdin.on("error", () => {});
		createInterface({ input: child.stdout }).on("line", (line) => {
			this.last = line;
			for (const listen of [...this.#listeners]) listen(JSON.parse(line));
		});
	}

	/** The next line of which something holds. */
	async says(holds) {
		const { promise, resolve } = Promise.withResolvers();
		const listen = (message) => holds(message) && resolve(message);
		this.#listeners.add(listen);
		const late = pass(SAYS_MS_MAX, null, { ref: false });
		const said = await Promise.race([promise, late]);
		this.#listeners.delete(listen);
		assert.ok(said, `nothing of the kind was said: ${holds}; the last was ${this.last}`);
		return said;
	}

	/** The next report of its first one of which something holds. */
	async is(what, holds) {
		const { participants } = await this.says(
			({ type, participants }) => type === "report" && participants[0] && holds(participants[0]),
		);
		assert.ok(participants, what);
		return participants[0];
	}

	/** What its first one sees and hears of somebody, as soon as something holds. */
	async sees(session, holds) {
		const of = ({ hears }) => hears.find(({ id }) => id === session);
		return of(await this.is("sees somebody", (one) => of(one) && holds(of(one))));
	}
}
