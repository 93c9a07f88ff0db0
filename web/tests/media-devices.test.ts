// Devices whose browser answers late, or says that what one holds oneself is in use.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Capture } from "../src/media/devices/capture";
import { Microphone } from "../src/media/devices/microphone";
import { Screen } from "../src/media/devices/screen";
import { useMediaPreferences } from "../src/media/preferences";
import { tally } from "../src/media/tally";

vi.mock("../src/media/sound/noise", () => ({
	suppressNoise: async () => {
		throw new DOMException("", "NotSupportedError");
	},
}));

class StandInTrack extends EventTarget {
	readyState = "live";
	contentHint = "";
	constructor(readonly kind: string) {
		super();
	}
	stop() {
		this.readyState = "ended";
	}
}

const streamOf = (...kinds: string[]) => {
	const tracks = kinds.map((kind) => new StandInTrack(kind));
	return {
		tracks,
		getTracks: () => tracks,
		getVideoTracks: () => tracks.filter(({ kind }) => kind === "video"),
		getAudioTracks: () => tracks.filter(({ kind }) => kind === "audio"),
	};
};

type StandInStream = ReturnType<typeof streamOf>;

const settle = () => new Promise((done) => setTimeout(done, 0));

let before = 0;
beforeEach(() => {
	before = tally.tracks;
});
afterEach(() => vi.unstubAllGlobals());

describe("a screen", () => {
	/** Every question waits until it is answered here. */
	function asking() {
		const answers: ((stream: StandInStream) => void)[] = [];
		const refusals: ((error: unknown) => void)[] = [];
		const getDisplayMedia = () =>
			new Promise<StandInStream>((resolve, reject) => {
				answers.push(resolve);
				refusals.push(reject);
			});
		vi.stubGlobal("navigator", { mediaDevices: { getDisplayMedia } });
		let changes = 0;
		const screen = new Screen(() => {
			changes += 1;
		});
		return { screen, answers, refusals, changes: () => changes };
	}

	it("that is chosen after all is over is shown to nobody, and captured no longer", async () => {
		const { screen, answers, changes } = asking();
		void screen.start();
		screen.stop();
		const late = streamOf("video", "audio");
		answers[0]?.(late);
		await settle();
		expect(screen.stream).toBeNull();
		expect(late.tracks.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
		expect([changes(), tally.tracks]).toEqual([0, before]);
	});

	it("can be chosen in the next space while the last one's question is still open", async () => {
		const { screen, answers, refusals } = asking();
		void screen.start();
		screen.stop();
		void screen.start();
		// One question a space.
		void screen.start();
		expect(answers).toHaveLength(2);
		refusals[0]?.(new DOMException("", "NotReadableError"));
		await settle();
		expect(screen.problem).toBeNull();
		void screen.start();
		expect(answers).toHaveLength(2);
		const chosen = streamOf("video");
		answers[1]?.(chosen);
		await settle();
		expect(screen.video).toBe(chosen.tracks[0]);
		screen.stop();
		expect([chosen.tracks[0]?.readyState, tally.tracks]).toEqual(["ended", before]);
	});
});

describe("a phone that opens one camera at a time", () => {
	function phone() {
		const tracks: StandInTrack[] = [];
		const state = { elsewhere: false, asked: 0 };
		const getUserMedia = async () => {
			state.asked += 1;
			if (state.elsewhere || tracks.some(({ readyState }) => readyState === "live"))
				throw new DOMException("Could not start video source", "NotReadableError");
			const stream = streamOf("video");
			tracks.push(...stream.tracks);
			return stream;
		};
		vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
		const seen: string[] = [];
		const camera = new Capture(
			"camera",
			() => ({}),
			() => seen.push(`${camera.status} ${camera.track ? "shown" : "dark"}`),
		);
		return { camera, tracks, state, seen };
	}

	it("changes to another one", async () => {
		const { camera, tracks, seen } = phone();
		camera.want();
		await settle();
		camera.reopen();
		await settle();
		expect([camera.status, camera.problem]).toEqual(["on", null]);
		expect(tracks.map(({ readyState }) => readyState)).toEqual(["ended", "live"]);
		expect(camera.track).toBe(tracks[1]);
		// Nobody is shown the one that was let go.
		expect(seen).toEqual(["starting dark", "on shown", "starting shown", "starting dark", "on shown"]);
		camera.release();
		expect(tally.tracks).toBe(before);
	});

	it("is busy where another program has it, after one more question", async () => {
		const { camera, state } = phone();
		camera.want();
		await settle();
		state.elsewhere = true;
		camera.reopen();
		await settle();
		expect([camera.status, state.asked, camera.track]).toEqual(["busy", 3, null]);
		// With none held there is nothing to let go.
		camera.want();
		await settle();
		expect([camera.status, state.asked, tally.tracks]).toEqual(["busy", 4, before]);
	});
});

describe("noise suppression that does not start", () => {
	it("leaves the browser's own, as people are told", async () => {
		const stream = streamOf("audio");
		const applied: MediaTrackConstraints[] = [];
		const applyConstraints = async (constraints: MediaTrackConstraints) => applied.push(constraints);
		Object.assign(stream.tracks[0] as StandInTrack, { applyConstraints });
		vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: async () => stream } });
		useMediaPreferences.setState({ noise: "strong" });
		const microphone = new Microphone(() => {});
		microphone.want();
		await vi.waitFor(() => expect(microphone.problem).toMatch(/browser's own/));
		expect(microphone.track).toBe(stream.tracks[0]);
		expect(applied.map(({ noiseSuppression }) => noiseSuppression)).toEqual([true]);
		useMediaPreferences.setState({ noise: "browser" });
		microphone.release();
	});
});
