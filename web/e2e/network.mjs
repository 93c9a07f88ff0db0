// A stretch of network between a browser and the runtime: it delays, jitters by a seed, and can be cut like a cable.
//
// It works on TCP chunks and keeps their order, as TCP does; it loses nothing, because TCP would send it again.

import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Opens one to a local port. `roundTrip_ms` is shared by both ways; each chunk is up to `jitter_ms` late or early. */
export async function openNetwork(port, { roundTrip_ms = 0, jitter_ms = 0, seed = 1 } = {}) {
	const network = new Network(port, {
		oneWay_ms: roundTrip_ms / 2,
		jitter_ms: jitter_ms / 2,
		random: randomFrom(seed),
	});
	await network.open();
	return network;
}

class Network {
	#server = createServer({ noDelay: true }, (socket) => this.#carry(socket));
	#pairs = new Set();
	#isCut = false;

	constructor(target, weather) {
		Object.assign(this, { target, weather });
	}

	async open() {
		this.#server.listen(0, "127.0.0.1");
		await once(this.#server, "listening");
		this.url = `http://127.0.0.1:${this.#server.address().port}`;
	}

	/** From now on nothing arrives. The browser is never told; the server is, where its side's cable still works. */
	cut({ serverIsTold = false } = {}) {
		this.#isCut = true;
		if (serverIsTold) for (const [, far] of this.#pairs) far.destroy();
	}

	/** It carries again. What was on its way is lost, so old connections are of no use: `reset` tells the browser so. */
	heal({ reset = true } = {}) {
		this.#isCut = false;
		if (reset) this.#reset();
	}

	close() {
		this.#reset();
		this.#server.close();
	}

	#reset() {
		for (const sockets of this.#pairs) for (const socket of sockets) socket.destroy();
		this.#pairs.clear();
	}

	#carry(near) {
		if (this.#isCut) {
			near.on("error", () => {});
			this.#pairs.add([near, near]);
			return;
		}
		const far = connect({ port: this.target, host: "127.0.0.1", noDelay: true });
		const pair = [near, far];
		this.#pairs.add(pair);
		this.#pass(near, far);
		this.#pass(far, near);
	}

	#pass(from, to) {
		const { oneWay_ms, jitter_ms, random } = this.weather;
		const waiting = [];
		let last_ms = 0;
		/** Whatever is due, in the order it came. */
		const pass = () => {
			while (waiting.length > 0 && waiting[0].due_ms <= performance.now() + 0.5) waiting.shift().action();
			if (waiting.length > 0) setTimeout(pass, waiting[0].due_ms - performance.now());
		};
		const later = (action) => {
			last_ms = Math.max(last_ms, performance.now() + oneWay_ms + (random() * 2 - 1) * jitter_ms);
			waiting.push({ due_ms: last_ms, action });
			if (waiting.length === 1) pass();
		};
		from.on("data", (chunk) => later(() => !this.#isCut && !to.destroyed && to.write(chunk)));
		from.on("end", () => later(() => !this.#isCut && to.end()));
		from.on("error", () => !this.#isCut && to.destroy());
		from.on("close", () => !this.#isCut && later(() => to.destroy()));
	}
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32's construction: a counter, mixed). */
export function randomFrom(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
