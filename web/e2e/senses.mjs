// What reaches somebody's ears and eyes, measured in the page: the energy of another's tone as it leaves the loudspeaker,
// and the frames of another's picture that were decoded.
//
// Everybody speaks in a tone of their own, so that one can tell whose voice is heard. The page's code is not asked what it
// believes to play: elements and audio graphs are watched from below. Only who is connected comes from `?inspect`.

import assert from "node:assert/strict";
import { setTimeout as pass } from "node:timers/promises";

/** Far enough from each other for the analyser, and none a multiple of another's neighbours' first overtone. */
const TONES_HZ = [440, 560, 680, 820, 970, 1130, 1310, 1510, 1730, 1970, 2230, 2510];
/** A voice this loud is heard, of a tone whose amplitude is 0.25. */
const HEARD = 0.02;
/** And this is silence: what codecs and windows leave of others' tones is below it. */
export const SILENT = 0.004;
/**
 * A tone is where it is, and not beside it: a steady one leaves less than a hundredth there, a frame of it (20 ms) at most two
 * thirds. What a cut in a neighbour's tone leaves (0.008 at most, 0.016 of three) is here no less than at the tone itself.
 * Several, since a cut leaves nothing at some of them.
 */
const BESIDE_HZ = [25, 33, 42, 52, 60];
/** Of half a second of such a tone, by the browser's reckoning (amplitude squared, times seconds), a third. */
const ENERGY = 0.005;
/** Two windows of the analyser. */
const LISTEN_MS = 400;

let given = 0;
/** For the next one who comes. */
export const nextTone = () => TONES_HZ[given++ % TONES_HZ.length];

/** What a talker has chosen in the device check; stories about the check leave it out. */
export const CHECKED = { checked: true };
export const TALKING = { checked: true, startWithMicrophone: true };
export const ON_CAMERA = { checked: true, startWithMicrophone: true, startWithCamera: true };

/** Runs in the page before anything else: gives the microphone its tone, and ears to the test. */
export function installSenses({ hz, preferences, missing = false, hasGraphs = true }) {
	try {
		// Once: what is changed later stays changed.
		if (preferences && !localStorage.getItem("earshot.media"))
			localStorage.setItem("earshot.media", JSON.stringify(preferences));
	} catch {
		// A page without storage has no preferences either.
	}
	const devices = navigator.mediaDevices;
	if (devices) {
		const ask = devices.getUserMedia.bind(devices);
		if (missing) devices.enumerateDevices = async () => [];
		devices.getUserMedia = async (constraints) => {
			window.devicesAsked = (window.devicesAsked ?? 0) + 1;
			// As browsers say it on a machine without any.
			if (missing) throw new DOMException("Requested device not found", "NotFoundError");
			const stream = await ask(constraints);
			for (const track of hasGraphs ? stream.getAudioTracks() : []) {
				stream.removeTrack(track);
				stream.addTrack(toneInsteadOf(track));
			}
			return stream;
		};
	}

	/** With the device's name and settings; the device itself rests. */
	function toneInsteadOf(device) {
		const { label } = device;
		const [settings, constraints] = [device.getSettings(), device.getConstraints()];
		device.stop();
		const context = silentContext();
		const tone = new OscillatorNode(context, { frequency: hz });
		const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
		tone.connect(new GainNode(context, { gain: 0.25 })).connect(out);
		tone.start();
		void context.resume();
		const [track] = out.stream.getAudioTracks();
		const stop = track.stop.bind(track);
		track.stop = () => {
			stop();
			void context.close();
		};
		track.getSettings = () => settings;
		track.getConstraints = () => constraints;
		track.applyConstraints = async () => {};
		Object.defineProperty(track, "label", { get: () => label });
		return track;
	}

	/** Nothing of it goes to a loudspeaker; where that can be said, none is opened. */
	function silentContext() {
		try {
			return new AudioContext({ sinkId: { type: "none" } });
		} catch {
			return new AudioContext();
		}
	}

	const players = new Set();
	const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
	Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
		...source,
		set(stream) {
			if (stream) players.add(this);
			else players.delete(this);
			source.set.call(this, stream);
		},
	});

	/** Whatever graph ends in a loudspeaker is listened to there. */
	const outlets = new Map();
	const connect = AudioNode.prototype.connect;
	AudioNode.prototype.connect = function (to, ...rest) {
		if (to instanceof AudioDestinationNode && this.context instanceof AudioContext) {
			// By channel: what is panned is not in both.
			const both = new ChannelSplitterNode(this.context, { numberOfOutputs: 2 });
			const channels = outlets.get(to) ?? [0, 1].map(() => new AnalyserNode(this.context, { fftSize: 8192 }));
			outlets.set(to, channels);
			connect.call(this, both);
			for (const [n, analyser] of channels.entries()) connect.call(both, analyser, n);
		}
		return connect.call(this, to, ...rest);
	};

	/** One ear for each track that comes; `listen` makes it, the first sound is there a moment later. */
	const ears = new Map();
	let context = null;
	function earFor(track) {
		let ear = ears.get(track.id);
		if (!ear) {
			context ??= silentContext();
			void context.resume();
			// Of its own: what the page does to its track is done to the sound it plays, not to what arrives.
			const own = track.clone();
			own.enabled = true;
			ear = new AnalyserNode(context, { fftSize: 8192 });
			ear.source = context.createMediaStreamSource(new MediaStream([own]));
			connect.call(ear.source, ear);
			ears.set(track.id, ear);
			track.addEventListener("ended", () => own.stop());
		}
		return ear;
	}

	/** Of these frequencies, in one and the same piece of sound. */
	function amplitudes(analyser, frequencies) {
		const samples = new Float32Array(analyser.fftSize);
		analyser.getFloatTimeDomainData(samples);
		const weights = samples.map((_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / samples.length));
		const weight = weights.reduce((sum, each) => sum + each, 0);
		return frequencies.map((frequency) => {
			const step = (2 * Math.PI * frequency) / analyser.context.sampleRate;
			const [turnRe, turnIm] = [Math.cos(step), Math.sin(step)];
			// A pointer that is turned from sample to sample: a sine of each would cost what the page needs.
			let [re, im, cos, sin] = [0, 0, 1, 0];
			for (let n = 0; n < samples.length; n++) {
				const sample = samples[n] * weights[n];
				re += sample * cos;
				im += sample * sin;
				[cos, sin] = [cos * turnRe - sin * turnIm, sin * turnRe + cos * turnIm];
			}
			return (2 * Math.hypot(re, im)) / weight;
		});
	}

	/** What takes in somebody's sound: over their own connection, and through rooms. */
	function receiversOf(id) {
		const media = window.earshot?.media;
		const own = media?.connections().get(id)?.getReceivers() ?? [];
		return [...own, ...(media?.roomReceivers(id, "microphone") ?? [])].filter(({ track }) => track?.kind === "audio");
	}

	/** The amplitude of all that is decoded in a fifth of a second, where no audio graph runs to tell tones apart. */
	async function decoded(id) {
		const look = async () => {
			const stats = await Promise.all(receiversOf(id).map((receiver) => receiver.getStats()));
			const voices = stats.flatMap((each) => [...each.values()]).filter(({ type }) => type === "inbound-rtp");
			const sum = (field) => voices.reduce((n, each) => n + (each[field] ?? 0), 0);
			return { energy: sum("totalAudioEnergy"), seconds: sum("totalSamplesDuration") };
		};
		const before = await look();
		await new Promise((resolve) => setTimeout(resolve, 200));
		const after = await look();
		const seconds = after.seconds - before.seconds;
		return seconds > 0 ? Math.sqrt(Math.max(0, (2 * (after.energy - before.energy)) / seconds)) : 0;
	}

	const isPlaying = (element, track) =>
		track?.enabled && track.readyState === "live" && !element.paused && !element.muted;

	window.senses = {
		/**
		 * Of somebody's tone: what arrives, and what of it leaves the loudspeaker. `stray` is how much of what is played is at
		 * frequencies beside it, where nobody speaks: where another's sound was cut and joined, it spreads to all of them.
		 */
		async hear(id, frequency, beside) {
			const tracks = receiversOf(id)
				.map((receiver) => receiver.track)
				.filter((track) => track.readyState === "live");
			if (!hasGraphs) {
				const arriving = await decoded(id);
				const playing = [...players].filter((element) => {
					const track = element.srcObject?.getAudioTracks()[0];
					return tracks.includes(track) && isPlaying(element, track);
				});
				return { arriving, played: arriving * Math.max(0, ...playing.map((element) => element.volume)), stray: 0 };
			}
			const at = [frequency, ...beside.flatMap((apart) => [frequency - apart, frequency + apart])];
			const arriving = Math.max(0, ...tracks.flatMap((track) => amplitudes(earFor(track), [frequency])));
			const sums = at.map(() => 0);
			const add = (of) => {
				for (const n of sums.keys()) sums[n] += of(n);
			};
			for (const element of players) {
				const track = element.srcObject?.getAudioTracks()[0];
				if (!isPlaying(element, track)) continue;
				const heard = amplitudes(earFor(track), at);
				add((n) => heard[n] * element.volume);
			}
			for (const channels of outlets.values()) {
				const [left, right] = channels.map((analyser) => amplitudes(analyser, at));
				add((n) => Math.sqrt((left[n] ** 2 + right[n] ** 2) / 2));
			}
			const [played, ...around] = sums;
			return { arriving, played, stray: Math.max(0, ...around) };
		},
	};
}

/** What a person in front of a page can sense; `Person` is built on it. */
export class Senses {
	/** What arrives of somebody's voice, and what of it is played: amplitudes, of 0.25 at most. */
	async loudness(other, beside = []) {
		return this.page.evaluate((asked) => window.senses.hear(...asked), [await other.id(), other.hz, beside]);
	}

	/** Hears somebody's tone. */
	async hears(other, { ms = 10_000 } = {}) {
		const end = performance.now() + ms;
		let last;
		do {
			last = await this.loudness(other);
			if (last.played > HEARD) return last;
			await pass(40);
		} while (performance.now() < end);
		assert.fail(`${this.name} does not hear ${other.name}: ${JSON.stringify(last)}; ${await this.whyNot(other)}`);
	}

	/** Hears nothing of somebody for as long as two looks take; before that there is time to fall silent. */
	async hearsNothingOf(other, { within_ms = 1_000 } = {}) {
		const look = async () => {
			const heard = await this.loudness(other, BESIDE_HZ);
			return { ...heard, tone: Math.max(0, heard.played - heard.stray) };
		};
		const end = performance.now() + within_ms;
		let last = await look();
		while (last.tone > SILENT && performance.now() < end) {
			await pass(40);
			last = await look();
		}
		const until = performance.now() + LISTEN_MS;
		do {
			assert.ok(last.tone <= SILENT, `${this.name} hears ${other.name}: ${JSON.stringify(last)}`);
			await pass(60);
			last = await look();
		} while (performance.now() < until);
	}

	/** Hears all of these at once, by the energy that the browser decodes: many ears cost more than a machine has. */
	async hearsAll(others, { ms = 20_000 } = {}) {
		const ids = await Promise.all(others.map((other) => other.id()));
		const energies = () =>
			this.page.evaluate(async (peers) => {
				const { connections, gainOf } = window.earshot.media;
				const energy = async (id) => {
					const stats = await connections().get(id)?.getStats();
					const voices = [...(stats?.values() ?? [])].filter(
						(each) => each.type === "inbound-rtp" && each.kind === "audio",
					);
					return gainOf(id) > 0 ? voices.reduce((n, each) => n + (each.totalAudioEnergy ?? 0), 0) : 0;
				};
				return Promise.all(peers.map(energy));
			}, ids);
		const end = performance.now() + ms;
		// To measure costs more than to ask: on a small machine it would take from what it waits for.
		const connected = () =>
			this.page.evaluate((peers) => {
				const connections = window.earshot.media.connections();
				return peers.every((id) => connections.get(id)?.connectionState === "connected");
			}, ids);
		while (performance.now() < end && !(await connected())) await pass(250);
		let silent = others;
		do {
			const before = await energies();
			await pass(500);
			const after = await energies();
			silent = others.filter((_, i) => after[i] - before[i] < ENERGY);
			if (silent.length === 0) return;
		} while (performance.now() < end);
		assert.fail(`${this.name} does not hear ${silent.map((other) => other.name)}: ${await this.whyNot(silent[0])}`);
	}

	/** Sees somebody move: frames of their camera are decoded. */
	async watches(other, { ms = 15_000, frames = 5 } = {}) {
		const count = async () => (await this.traffic(other))?.frames ?? 0;
		const end = performance.now() + ms;
		const before = await count();
		let now = before;
		while (performance.now() < end) {
			now = await count();
			if (now >= before + frames) return;
			await pass(100);
		}
		assert.fail(`${this.name} sees ${now - before} frames of ${other.name}; ${await this.whyNot(other)}`);
	}

	/** What came from somebody and went to them so far, by the connection's own count; null where there is none. */
	async traffic(other) {
		return this.page.evaluate(
			async (id) => {
				const connection = window.earshot?.media?.connections().get(id);
				if (!connection) return null;
				const all = [...(await connection.getStats()).values()];
				const sum = (type, kind, field) =>
					all.filter((each) => each.type === type && each.kind === kind).reduce((n, each) => n + (each[field] ?? 0), 0);
				const chosen = all.find((each) => each.type === "transport")?.selectedCandidatePairId;
				const pair = all.find(
					(each) => each.type === "candidate-pair" && (chosen ? each.id === chosen : each.selected),
				);
				const candidate = (side) => all.find((each) => each.id === pair?.[side])?.candidateType ?? null;
				return {
					state: connection.connectionState,
					audioIn: sum("inbound-rtp", "audio", "packetsReceived"),
					audioOut: sum("outbound-rtp", "audio", "packetsSent"),
					videoIn: sum("inbound-rtp", "video", "packetsReceived"),
					frames: sum("inbound-rtp", "video", "framesDecoded"),
					local: candidate("localCandidateId"),
					remote: candidate("remoteCandidateId"),
				};
			},
			await other.id(),
		);
	}

	/** Everything that may tell why two do not hear each other. */
	async whyNot(other) {
		const id = await other.id();
		return this.page.evaluate((peer) => {
			const media = window.earshot?.media;
			const connection = media?.connections().get(peer);
			return JSON.stringify({
				peers: media?.peers(),
				counts: media?.counts(),
				connection: connection?.connectionState,
				ice: connection?.iceConnectionState,
				signalling: connection?.signalingState,
			});
		}, id);
	}

	/** Resolves with how long it takes, in ms, from being told of somebody to their voice arriving. Call it before they meet. */
	async meets(other) {
		return this.page.evaluate(
			async (id) => {
				const next = () => new Promise((resolve) => setTimeout(resolve, 5));
				const { client, media } = window.earshot;
				const told = () => {
					const peers = client.hearing();
					for (let at = 0; at < peers.length; at += 4) if (peers[at] === id) return true;
					return false;
				};
				const end = performance.now() + 20_000;
				const inTime = () => {
					if (performance.now() > end) throw new Error(`not met in time: ${JSON.stringify(media.peers())}`);
					return next();
				};
				while (!told()) await inTime();
				const from = performance.now();
				while (media.connections().get(id)?.connectionState !== "connected") await inTime();
				for (;;) {
					const stats = await media.connections().get(id)?.getStats();
					const voices = [...(stats?.values() ?? [])].filter(
						(each) => each.type === "inbound-rtp" && each.kind === "audio",
					);
					if (voices.some((each) => each.packetsReceived > 0)) return performance.now() - from;
					await inTime();
				}
			},
			await other.id(),
		);
	}

	/** From now on watches the connection to somebody: what came before the space ended it, half a second later, and after that. */
	async watchesTheEnd(other) {
		return this.page.evaluate(
			async (id) => {
				const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
				const { client, media } = window.earshot;
				const connection = media.connections().get(id);
				let packets = 0;
				const look = async () => {
					const all = await connection.getStats().then(
						(stats) => [...stats.values()],
						() => [],
					);
					const voices = all.filter((each) => each.type === "inbound-rtp");
					if (voices.length > 0) packets = voices.reduce((n, each) => n + each.packetsReceived, 0);
					return { state: connection.connectionState, packets, at: performance.now() };
				};
				const told = () => {
					const peers = client.hearing();
					for (let at = 0; at < peers.length; at += 4) if (peers[at] === id) return true;
					return false;
				};
				let before = await look();
				while (told()) {
					await pass(10);
					before = await look();
				}
				await pass(500);
				const half = await look();
				await pass(1_000);
				return { before, half, later: await look() };
			},
			await other.id(),
		);
	}

	/** What the browser itself says the page has in use; Chromium only. */
	async browserCounts() {
		const devtools = await this.context.newCDPSession(this.page);
		await devtools.send("HeapProfiler.collectGarbage");
		await devtools.send("Performance.enable");
		const { metrics } = await devtools.send("Performance.getMetrics");
		await devtools.detach();
		const value = (name) => metrics.find((each) => each.name === name)?.value;
		return { connections: value("RTCPeerConnections"), listeners: value("JSEventListeners"), nodes: value("Nodes") };
	}

	/** Hears somebody by packets that come from now on, not by what a buffer still holds. */
	async hearsNew(other, { ms }) {
		const start = performance.now();
		const before = (await this.traffic(other))?.audioIn ?? 0;
		let now = before;
		while (performance.now() - start < ms) {
			const traffic = await this.traffic(other);
			// A connection that was made anew counts from the beginning.
			now = traffic?.audioIn ?? 0;
			if (traffic && (now > before + 10 || now < before) && (await this.loudness(other)).played > HEARD) return;
			await pass(50);
		}
		assert.fail(
			`nothing of ${other.name} came to ${this.name} in ${ms} ms (${before} to ${now}); ${await this.whyNot(other)}`,
		);
	}

	/** Every address of somebody that this browser was ever told, in signals or by their packets. */
	async everHeardOf(other) {
		return this.page.evaluate(
			async (id) => {
				const connection = window.earshot.media.connections().get(id);
				const told = [...(await connection.getStats()).values()]
					.filter((each) => each.type === "remote-candidate")
					.map((each) => each.address ?? each.ip);
				const words = connection.remoteDescription?.sdp ?? "";
				return [...told, ...[...words.matchAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g)].map(([ip]) => ip)];
			},
			await other.id(),
		);
	}

	/** Whom one is connected to, and how many more are near. */
	company() {
		return this.page.evaluate(() => {
			const { client, media } = window.earshot;
			const peers = media.peers().map((peer) => peer.id);
			const near = /(\d+) people are near; you hear the nearest (\d+)/.exec(document.body.innerText);
			return { self: client.self, peers, beyond: near ? near[1] - near[2] : 0 };
		});
	}

	/** How often the page asked the browser for a device. */
	devicesOpened() {
		return this.page.evaluate(() => window.devicesAsked ?? 0);
	}

	/** What the page says it applies to somebody's sound right now. */
	async gainOf(other) {
		return this.page.evaluate((id) => window.earshot.media.gainOf(id), await other.id());
	}

	/** How much of what must be given back the page has in use. */
	counts() {
		return this.page.evaluate(() => window.earshot.media.counts());
	}

	/** The peers the page knows, by id. */
	async peers() {
		return new Map(
			Object.entries(await this.page.evaluate(() => window.earshot.media.peers())).map(([, peer]) => [peer.id, peer]),
		);
	}
}
