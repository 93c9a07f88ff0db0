// What of one person is heard: an audio element, whose volume is the distance. Through Web Audio one could do more, and
// Chromium's echo cancellation would hear none of it (it knows only what elements play): so that is used where somebody
// asked for stereo, as headphones make no echo, and on iOS, where an element's volume cannot be set.
//
// Absent on purpose: who is how far. The mixer says how loud, many times a second, in steps that do not click.

import { tally } from "../tally";
import { borrowVoiceContext, type ContextUse, setContextSpeaker } from "./context";

const MONO_GAIN = Math.SQRT2;

interface Graph {
	use: ContextUse;
	source: MediaStreamAudioSourceNode;
	gain: GainNode;
	panner: StereoPannerNode;
}

export class Voice {
	/** What is applied to the sound right now. */
	gain = 0;
	readonly #element = new Audio();
	#graph: Graph | null = null;
	#track: MediaStreamTrack | null = null;
	#stereo = false;
	#pan = 0;
	#speaker: string | null = null;

	/** `blocked` is told when the browser wants a click first. */
	constructor(private readonly blocked: () => void) {
		tally.elements += 1;
		this.#element.autoplay = false;
		this.#element.volume = 0;
	}

	setTrack(track: MediaStreamTrack | null): void {
		if (track === this.#track) return;
		this.#track = track;
		this.#unwire();
		this.#element.srcObject = track ? new MediaStream([track]) : null;
		if (!track) return;
		track.enabled = this.gain > 0;
		this.#wire();
		this.play();
	}

	play(): void {
		if (!this.#track) return;
		this.#element.play().catch((error: unknown) => {
			// A stream that is exchanged while it starts is no refusal.
			if (error instanceof DOMException && error.name === "NotAllowedError") this.blocked();
		});
	}

	setStereo(stereo: boolean): void {
		if (stereo === this.#stereo) return;
		this.#stereo = stereo;
		this.#unwire();
		this.#wire();
	}

	setSpeaker(id: string | null): void {
		if (id === this.#speaker) return;
		this.#speaker = id;
		// One that was unplugged: the sound stays where it is.
		void this.#element.setSinkId?.(id ?? "").catch(() => {});
		if (this.#graph) void setContextSpeaker(this.#graph.use.context, id);
	}

	/** One step; it must be small. */
	apply(gain: number, pan: number): void {
		this.gain = gain;
		this.#pan = pan;
		// A decoder at work for nobody's ears is wasted; what is not heard is not even decoded.
		if (this.#track) this.#track.enabled = gain > 0;
		if (!this.#graph) {
			this.#element.volume = gain;
			return;
		}
		const now = this.#graph.use.context.currentTime;
		this.#graph.gain.gain.setTargetAtTime(gain * MONO_GAIN, now, 0.01);
		this.#graph.panner.pan.setTargetAtTime(this.#stereo ? pan : 0, now, 0.02);
	}

	close(): void {
		this.#unwire();
		this.#element.pause();
		this.#element.srcObject = null;
		this.#track = null;
		tally.elements -= 1;
	}

	#wire(): void {
		if (!this.#track || !(this.#stereo || !elementVolumeWorks())) return;
		this.#graph = this.#makeGraph(this.#track);
		if (!this.#graph) return;
		// Chromium feeds a graph with a received track only while an element plays it too.
		this.#element.muted = true;
		if (this.#speaker) void setContextSpeaker(this.#graph.use.context, this.#speaker);
	}

	/** None where the browser cannot: then the element is heard, which is better than nobody. */
	#makeGraph(track: MediaStreamTrack): Graph | null {
		let use: ContextUse | null = null;
		try {
			use = borrowVoiceContext();
			return { use, ...this.#makeNodes(use.context, track) };
		} catch {
			use?.release();
			return null;
		}
	}

	#makeNodes(context: AudioContext, track: MediaStreamTrack): Omit<Graph, "use"> {
		const source = context.createMediaStreamSource(new MediaStream([track]));
		const gain = new GainNode(context, { gain: this.gain * MONO_GAIN });
		// A received voice comes as two equal channels, and panning two channels makes them louder to the side. One channel is
		// panned with equal power, which is 3 dB less for each ear than two channels straight ahead: MONO_GAIN gives them back.
		const panner = new StereoPannerNode(context, {
			channelCount: 1,
			channelCountMode: "explicit",
			pan: this.#stereo ? this.#pan : 0,
		});
		source.connect(gain).connect(panner).connect(context.destination);
		return { source, gain, panner };
	}

	#unwire(): void {
		if (!this.#graph) return;
		const { use, source, gain, panner } = this.#graph;
		this.#graph = null;
		for (const node of [source, gain, panner]) node.disconnect();
		use.release();
		this.#element.muted = false;
		this.#element.volume = this.gain;
	}
}

let works: boolean | null = null;
/** On iOS it reads as 1 whatever one sets. */
function elementVolumeWorks(): boolean {
	if (works === null) {
		const element = new Audio();
		element.volume = 0.5;
		works = element.volume === 0.5;
	}
	return works;
}
