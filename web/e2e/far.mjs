// A world whose people sit in homes of their own, far from each other and from the server: the lab's namespaces, with the
// real runtime and the real relay in the middle.

import { noCoturn, startCoturn } from "./coturn.mjs";
import { launchChromium, World } from "./harness.mjs";
import { HUB, noLab, openLab } from "./lab.mjs";
import { fleetSecrets } from "./node.mjs";
import { startRuntime } from "./runtime.mjs";

/** Why there can be none here, or nothing. */
export const noFarWorld = noLab ?? noCoturn;

const [RUNTIME_PORT, RELAY_PORT] = [8787, 3478];
const CHROMIUM = process.env.EARSHOT_CHROMIUM ?? "/usr/bin/chromium";

/** One, for `stories(…, { open })`. `weathers` are those of the homes' links, one for each home; `nodes` is how many forward media. */
export async function openFarWorld(weathers, { nodes = 0 } = {}) {
	const lab = openLab();
	try {
		const { within } = lab.hub;
		const coturn = await startCoturn({ ip: HUB, port: RELAY_PORT, within });
		const variables = { ...coturn.variables, ...(nodes > 0 && fleetSecrets()) };
		const runtime = await startRuntime({ host: HUB, port: RUNTIME_PORT, within, variables });
		const homes = [];
		for (const [n, weather] of weathers.entries()) homes.push(await lab.home(`198.51.100.${10 * (n + 1)}`, weather));
		const flags = [`--unsafely-treat-insecure-origin-as-secure=${runtime.url}`];
		// Homes have addresses of their own. With the loopback interface among them, which no browser outside of a test uses, a
		// browser without a network would believe that it has one, and wait for two seconds until it is told of the next.
		const launch = (home) => launchChromium({ program: home.doorTo(CHROMIUM), flags, loopback: false });
		for (const home of homes) home.browser = await launch(home);
		const world = new FarWorld(runtime, { lab, coturn, homes });
		for (let n = 0; n < nodes; n++) await world.node(`node-${n + 1}`);
		return world;
	} catch (error) {
		lab.close();
		throw error;
	}
}

class FarWorld extends World {
	constructor(runtime, parts) {
		super(runtime, parts.homes[0].browser);
		Object.assign(this, parts);
	}

	/** Somebody who sits in one of the homes, and is inside. */
	async guestFrom(home, name, options = {}) {
		return this.guest(name, { ...options, within: home.browser });
	}

	async tidy() {
		for (const home of this.homes) for (const context of home.browser.contexts()) await context.close();
		await super.tidy();
	}

	async close() {
		try {
			for (const home of this.homes) await home.browser.close();
			for (const node of this.nodes) await node.stop();
			await this.runtime.stop();
			await this.coturn.stop();
		} finally {
			this.lab.close();
		}
	}
}
