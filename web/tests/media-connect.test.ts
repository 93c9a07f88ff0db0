import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NOTHING_SENT, readControl, writeControl } from "../src/media/connect/control";
import { renewInMs } from "../src/media/connect/ice";
import { Outbox, Pace } from "../src/media/connect/outbox";
import { nextAttempt, patienceMs } from "../src/media/connect/retry";
import { chooseCodecs, dropOrphans, fitSdp, preferSpeech } from "../src/media/connect/sdp";
import { readSignal, SIGNAL_BYTES_MAX, splitCandidates, writeSignal } from "../src/media/connect/signal";
import { between, readReport } from "../src/media/connect/stats";
import { describeWay } from "../src/media/connect/words";
import { tally } from "../src/media/tally";

const candidate = (n: number): RTCIceCandidateInit => ({
	candidate: `candidate:${n} 1 udp 2122260223 192.0.2.${n % 250} 50000 typ host`,
	sdpMid: "0",
	sdpMLineIndex: 0,
	usernameFragment: "abcd",
});

describe("signals", () => {
	it("come out as they went in", () => {
		const signal = {
			generation: 7,
			description: { type: "offer" as const, offer: 2, sdp: "v=0\r\n" },
			candidates: [candidate(1), candidate(2)],
		};
		expect(readSignal(writeSignal(signal))).toEqual(signal);
		expect(readSignal(writeSignal({ generation: 1, again: true }))).toEqual({ generation: 1, again: true });
	});

	it("from a hostile peer are nothing, or only what is right in them", () => {
		for (const bad of ["", "null", "7", "[]", "{", '{"g":-1}', '{"g":"1"}', '{"g":1,"d":"pranswer","n":1,"s":""}']) {
			expect(readSignal(bad)).toBeNull();
		}
		expect(readSignal('{"g":1,"d":"offer","n":1}')).toBeNull();
		expect(readSignal('{"g":1,"c":[7,null,["a"],[{}]]}')?.candidates).toHaveLength(1);
		const many = writeSignal({ generation: 1, candidates: Array.from({ length: 500 }, (_, n) => candidate(n)) });
		expect(readSignal(many)?.candidates).toHaveLength(64);
		expect(readSignal(JSON.stringify({ g: 1, c: [["x".repeat(5_000)]] }))?.candidates).toEqual([]);
	});

	it("of many candidates are cut so that each fits", () => {
		const parts = splitCandidates(
			Array.from({ length: 300 }, (_, n) => candidate(n)),
			SIGNAL_BYTES_MAX - 1_000,
		);
		expect(parts.flat()).toHaveLength(300);
		for (const candidates of parts) {
			expect(writeSignal({ generation: 1, candidates }).length).toBeLessThan(SIGNAL_BYTES_MAX);
		}
	});
});

describe("the outbox", () => {
	beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
	afterEach(() => vi.useRealTimers());
	const box = (pace = new Pace()) => {
		const sent: string[] = [];
		return { sent, outbox: new Outbox(pace, (payload) => sent.push(payload)) };
	};

	it("sends a description at once, and candidates together a little later", () => {
		const { sent, outbox } = box();
		outbox.describe(1, { type: "offer", offer: 1, sdp: "v=0" });
		expect(sent).toHaveLength(1);
		for (let n = 0; n < 5; n += 1) outbox.candidate(1, candidate(n));
		expect(sent).toHaveLength(1);
		vi.advanceTimersByTime(30);
		expect(sent).toHaveLength(2);
		expect(readSignal(sent[1] ?? "")?.candidates).toHaveLength(5);
	});

	it("forgets what was to be said of an older connection", () => {
		const { sent, outbox } = box();
		outbox.candidate(1, candidate(1));
		outbox.candidate(2, candidate(2));
		vi.advanceTimersByTime(30);
		expect(sent.map((payload) => readSignal(payload)?.generation)).toEqual([2]);
	});

	it("keeps to its rate, and loses nothing by it", () => {
		const { sent, outbox } = box();
		for (let n = 1; n <= 100; n += 1) {
			outbox.describe(1, { type: "offer", offer: n, sdp: "" });
			vi.advanceTimersByTime(1);
		}
		const early = sent.length;
		expect(early).toBeLessThan(45);
		vi.advanceTimersByTime(2_000);
		expect(readSignal(sent.at(-1) ?? "")?.description?.offer).toBe(100);
	});

	it("leaves no timer when closed", () => {
		const before = tally.timers;
		const { sent, outbox } = box();
		outbox.candidate(1, candidate(1));
		expect(tally.timers).toBe(before + 1);
		outbox.close();
		vi.advanceTimersByTime(1_000);
		expect([sent.length, tally.timers]).toEqual([0, before]);
	});
});

describe("descriptions", () => {
	const video = ["VP8", "rtx", "VP9", "rtx", "H264", "rtx", "AV1", "red", "ulpfec"].map((name, n) => ({
		mimeType: `video/${name}`,
		clockRate: 90_000,
		...(name === "H264" && { sdpFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f" }),
		...(name === "rtx" && { sdpFmtpLine: `apt=${n}` }),
	}));

	it("offer few codecs: VP8 first, H.264, and what sends again", () => {
		expect(chooseCodecs("video", video).map((codec) => codec.mimeType)).toEqual([
			"video/VP8",
			"video/H264",
			"video/rtx",
		]);
		const audio = [
			{ mimeType: "audio/opus", clockRate: 48_000, channels: 2 },
			{ mimeType: "audio/G722", clockRate: 8_000 },
		];
		expect(chooseCodecs("audio", audio).map((codec) => codec.mimeType)).toEqual(["audio/opus"]);
		expect(chooseCodecs("video", video.slice(2, 4))).toEqual([]);
	});

	it("ask for speech with error correction and silence that costs nothing, once", () => {
		const sdp = "m=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1;stereo=1\r\n";
		const preferred = preferSpeech(sdp);
		expect(preferred).toContain("a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n");
		expect(preferSpeech(preferred)).toBe(preferred);
		expect(preferSpeech("v=0\r\n")).toBe("v=0\r\n");
	});

	it("lose what is said of codecs that are not offered", () => {
		const lines = ["v=0", "m=video 9 X 120", "a=rtcp-fb:120 nack", "a=rtcp-fb:99 nack", "a=fmtp:99 apt=1"];
		const data = ["m=application 9 Y webrtc-datachannel", "a=sctp-port:5000", ""];
		const kept = ["v=0", "m=video 9 X 120", "a=rtcp-fb:120 nack", ...data].join("\r\n");
		expect(dropOrphans([...lines, ...data].join("\r\n"))).toBe(kept);
	});

	it("carry no candidates, and fit", () => {
		const extensions = Array.from(
			{ length: 300 },
			(_, n) => `a=extmap:${n} http://example.org/extension-${n}-of-many-more`,
		);
		const sdp = ["v=0", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host", "a=extmap:1 urn:x:sdes:mid", ...extensions, ""];
		const fitted = fitSdp(sdp.join("\r\n"));
		expect(fitted).not.toContain("candidate");
		expect(fitted).toContain("sdes:mid");
		expect(JSON.stringify(fitted).length).toBeLessThan(SIGNAL_BYTES_MAX);
	});
});

describe("trying again", () => {
	it("starts over where there was never an answer, and where answers led nowhere", () => {
		expect(nextAttempt({ attempts: 0, fruitless: 0, answered: false })).toBe("rebuild");
		expect(nextAttempt({ attempts: 1, fruitless: 1, answered: true })).toBe("restart");
		expect(nextAttempt({ attempts: 2, fruitless: 2, answered: true })).toBe("rebuild");
	});

	it("keeps a connection whose other side is away for long, and not for ever", () => {
		const kinds = [0, 1, 2, 3, 4, 5, 6].map((attempts) => nextAttempt({ attempts, fruitless: 0, answered: true }));
		expect(kinds).toEqual([...Array(5).fill("restart"), "rebuild", "restart"]);
	});

	it("is quick at first, patient later, and never at the same time for everybody", () => {
		const patience = { stood: true, chance: 0.5 };
		for (let attempts = 1; attempts < 12; attempts += 1)
			expect(patienceMs({ ...patience, attempts, chance: 1 })).toBeLessThan(3_000);
		expect(patienceMs({ ...patience, attempts: 60 })).toBe(15_000);
		expect(patienceMs({ ...patience, attempts: 3, chance: 0 })).not.toBe(
			patienceMs({ ...patience, attempts: 3, chance: 1 }),
		);
	});

	it("has more patience each time with what was never there: beginning anew is work", () => {
		const patience = [0, 1, 2, 3, 60].map((attempts) => patienceMs({ attempts, stood: false, chance: 0.5 }));
		expect(patience[0]).toBe(5_000);
		expect(patience).toEqual(patience.toSorted((a, b) => a - b));
		expect(new Set(patience.slice(0, 3)).size).toBe(3);
		expect(patience.at(-1)).toBe(15_000);
	});
});

describe("the words for a way", () => {
	const way = {
		...{ connected: false, everConnected: false, troubledMs: 0, networkless: false, online: true, away: false },
		...{ relayOnly: false, hasRelay: true, nextMs: 2_500 },
	};

	it("need none while all is well, or has only begun", () => {
		expect(describeWay({ ...way, connected: true })).toEqual({ state: "connected", reason: null, retryInMs: null });
		expect(describeWay(way)).toEqual({ state: "connecting", reason: null, retryInMs: null });
		expect(describeWay({ ...way, troubledMs: 5_000 }).reason).toMatch(/looking/);
	});

	it("name the nearest cause", () => {
		const reasons = [
			describeWay({ ...way, networkless: true, online: false, away: true }),
			describeWay({ ...way, online: false, away: true }),
			describeWay({ ...way, away: true, relayOnly: true, hasRelay: false }),
			describeWay({ ...way, relayOnly: true, hasRelay: false }),
			describeWay({ ...way, everConnected: true }),
		].map(({ reason }) => reason);
		expect(new Set(reasons).size).toBe(5);
		expect(reasons.every((reason) => reason?.endsWith("."))).toBe(true);
	});

	it("say failed when it took too long, and when it is tried again if that is possible", () => {
		const failed = describeWay({ ...way, troubledMs: 16_000 });
		expect(failed).toMatchObject({ state: "failed", retryInMs: 2_500 });
		expect(describeWay({ ...way, troubledMs: 16_000, hasRelay: false }).reason).toMatch(/firewall/);
		expect(describeWay({ ...way, troubledMs: 16_000, online: false }).retryInMs).toBeNull();
	});
});

describe("servers", () => {
	it("are renewed before they expire, whatever the clock says", () => {
		expect(renewInMs(3_600_000, 0)).toBe(3_300_000);
		expect(renewInMs(60_000, 0)).toBe(45_000);
		expect(renewInMs(0, 10_000_000)).toBe(15_000);
		expect(renewInMs(1e15, 0)).toBe(24 * 3_600_000);
	});
});

describe("the control channel", () => {
	it("says what is wanted and what is sent", () => {
		const wants = { type: "wants" as const, camera: { width: 320, height: 180 }, screen: null };
		expect(readControl(writeControl(wants))).toEqual(wants);
		const sends = { type: "sends" as const, sends: { ...NOTHING_SENT, camera: true, why: "far" as const } };
		expect(readControl(writeControl(sends))).toEqual(sends);
	});

	it("believes nothing else", () => {
		for (const bad of [7, "", "null", "{}", '{"type":"ping"}', `{"type":"ping","number":1,"x":"${"x".repeat(600)}"}`]) {
			expect(readControl(bad)).toBeNull();
		}
		const odd = readControl('{"type":"wants","camera":{"width":1e9,"height":-4},"screen":7}');
		expect(odd).toEqual({ type: "wants", camera: { width: 16_384, height: 0 }, screen: null });
		expect(readControl('{"type":"sends","sends":{"camera":"yes","why":"because"}}')).toEqual({
			type: "sends",
			sends: NOTHING_SENT,
		});
	});
});

describe("statistics", () => {
	const report = (bytes: number, lost: number): [string, unknown][] => [
		["t", { type: "transport", selectedCandidatePairId: "p" }],
		[
			"p",
			{ type: "candidate-pair", localCandidateId: "l", currentRoundTripTime: 0.04, availableOutgoingBitrate: 500_000 },
		],
		["l", { type: "local-candidate", candidateType: "relay", protocol: "udp", relayProtocol: "tls" }],
		[
			"i",
			{
				type: "inbound-rtp",
				kind: "audio",
				bytesReceived: bytes,
				packetsReceived: bytes / 100,
				packetsLost: lost,
				jitter: 0.01,
			},
		],
		["v", { type: "inbound-rtp", kind: "video", frameWidth: 320, frameHeight: 180, framesPerSecond: 15 }],
		["o", { type: "outbound-rtp", kind: "video", qualityLimitationReason: "cpu" }],
		["r", { type: "remote-inbound-rtp", fractionLost: 0.05 }],
	];

	it("are read from what browsers say", () => {
		const reading = readReport(report(1_000, 0), 0);
		expect(reading).toMatchObject({ via: "relay", protocol: "tls", roundTripMs: 40, availableKbps: 500, jitterMs: 10 });
		expect(reading).toMatchObject({
			video: { width: 320, height: 180, fps: 15 },
			sent: null,
			lossOut: 0.05,
			cpuLimited: true,
		});
	});

	it("of two looks tell the rate between them", () => {
		const [before, now] = [readReport(report(1_000, 0), 0), readReport(report(11_000, 25), 2_000)];
		expect(between(before, now)).toEqual({ kbpsIn: 40, kbpsOut: 0, lossIn: 0.2 });
		expect(between(null, now)).toEqual({ kbpsIn: 0, kbpsOut: 0, lossIn: null });
	});

	it("are unknown where nothing is told", () => {
		expect(readReport([], 0)).toMatchObject({ via: "unknown", roundTripMs: null, lossOut: null, video: null });
	});
});
