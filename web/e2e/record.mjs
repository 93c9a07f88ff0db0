// A record of what leaves a page's loudspeaker, in pieces of ten milliseconds, made on the thread of sound: a page that is
// busy for a moment makes no gap in it.
//
// Everything that elements play is added up, each as loud as its element; only one voice that sounds all the time makes
// sense of it. Absent on purpose: audio graphs of the page, which it has only for stereo.

/** Samples of a piece, a multiple of what a worklet is given at a time. */
const PIECE = 512;
const RATE = 48_000;
export const PIECE_MS = (1_000 * PIECE) / RATE;

/** Runs in the page before anything else. The page must let worklets in: open it with `bypassCSP`. */
export function installRecorder({ piece, rate }) {
	const worklet = `registerProcessor("pieces", class extends AudioWorkletProcessor {
		sum = 0; count = 0; ended = false;
		constructor() {
			super();
			this.port.onmessage = () => { this.ended = true; };
		}
		process([[samples]]) {
			if (this.ended) return false;
			for (const sample of samples ?? new Float32Array(128)) this.sum += sample * sample;
			this.count += 128;
			if (this.count >= ${piece}) {
				this.port.postMessage([Math.floor(currentFrame / ${piece}), Math.sqrt(this.sum / this.count)]);
				this.sum = this.count = 0;
			}
			return true;
		}
	});`;
	const pieces = new Map();
	const elements = new Set();
	let context = null;
	let ready = null;

	const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
	Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
		...source,
		set(stream) {
			source.set.call(this, stream);
			const [track] = stream?.getAudioTracks() ?? [];
			this.recorded?.end();
			this.recorded = null;
			if (track && window.recorder.on) void record(this, track);
			if (track) elements.add(this);
			else elements.delete(this);
		},
	});

	async function record(element, track) {
		context ??= new AudioContext({ sampleRate: rate, sinkId: { type: "none" } });
		void context.resume();
		ready ??= context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: "text/javascript" })));
		await ready;
		// Another one, or none any more, by now; or this one is recorded already.
		if (element.recorded || element.srcObject?.getAudioTracks()[0] !== track) return;
		const ear = new AudioWorkletNode(context, "pieces");
		const from = context.createMediaStreamSource(new MediaStream([track]));
		from.connect(ear);
		// Processors live until they say that they have ended: of many changes those of the past would keep the machine busy.
		element.recorded = {
			end() {
				from.disconnect();
				ear.port.postMessage(null);
				ear.port.onmessage = null;
			},
		};
		ear.port.onmessage = ({ data: [at, level] }) => {
			// Its volume changes in small steps; that it changed a moment later than it was heard does not matter.
			const heard = element.paused || element.muted ? 0 : level * element.volume;
			const known = pieces.get(at) ?? { level: 0, voices: [] };
			pieces.set(at, { level: known.level + heard, voices: heard > 0 ? [...known.voices, heard] : known.voices });
		};
	}

	window.recorder = {
		on: false,
		start() {
			this.on = true;
			for (const element of elements) {
				const [track] = element.srcObject?.getAudioTracks() ?? [];
				if (track && !element.recorded) void record(element, track);
			}
		},
		/** All pieces since the last time, in order; what is not known of one that had a time is silence. */
		take() {
			const numbers = [...pieces.keys()].sort((a, b) => a - b);
			// The newest are not whole: some voices come a moment after others.
			const end = (numbers.at(-1) ?? 0) - 10;
			const taken = [];
			for (let at = numbers[0] ?? 0; at < end; at++) {
				taken.push(pieces.get(at) ?? { level: 0, voices: [] });
				pieces.delete(at);
			}
			return taken;
		},
	};
}

export const RECORDER = { piece: PIECE, rate: RATE };

/**
 * How long the longest silence of a record was, in ms, and for how long two voices sounded, each at more than half of what is
 * usual: where one fades into the other that is a moment.
 */
export function judge(pieces) {
	const levels = pieces.map(({ level }) => level).sort((a, b) => a - b);
	const usual = levels[Math.floor(levels.length / 2)] ?? 0;
	let [silent, longest] = [0, 0];
	for (const { level } of pieces) {
		silent = level < usual / 4 ? silent + 1 : 0;
		longest = Math.max(longest, silent);
	}
	const isDouble = ({ voices }) => voices.filter((level) => level > usual / 2).length > 1;
	const doubled = pieces.filter(isDouble).length;
	return { ms: pieces.length * PIECE_MS, usual, longest: longest * PIECE_MS, doubled: doubled * PIECE_MS };
}
