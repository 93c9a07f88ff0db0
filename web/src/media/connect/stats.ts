// What a browser says of a connection, read into what the panel shows and the quality of the picture follows. Browsers
// differ in what they tell: whatever is missing is null, and nothing depends on it.

import type { PeerStats, VideoSize } from "../../state/media";

export type Via = "host" | "srflx" | "prflx" | "relay" | "unknown";
type Entry = Record<string, unknown>;

export interface Reading {
	via: Via;
	protocol: string;
	roundTripMs: number | null;
	availableKbps: number | null;
	/** Totals, for the difference to the next reading. */
	atMs: number;
	bytesIn: number;
	bytesOut: number;
	packetsIn: number;
	lostIn: number;
	/** 0 to 1, as the other side reported last; the worst of what we send. */
	lossOut: number | null;
	jitterMs: number | null;
	video: VideoSize | null;
	sent: VideoSize | null;
	cpuLimited: boolean;
}

const number = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
const worst = (values: (number | null)[]): number | null => {
	const known = values.filter((value) => value !== null);
	return known.length === 0 ? null : Math.max(...known);
};

export function readReport(report: Iterable<[string, unknown]>, atMs: number): Reading {
	const byId = new Map<string, Entry>();
	for (const [id, entry] of report) byId.set(id, entry as Entry);
	const all = [...byId.values()];
	const of = (type: string) => all.filter((entry) => entry["type"] === type);
	const pair = choosePair(byId, of("transport"), of("candidate-pair"));
	const local = pair ? byId.get(String(pair["localCandidateId"])) : undefined;
	const received = of("inbound-rtp");
	const remote = of("remote-inbound-rtp");
	const sum = (entries: Entry[], key: string) => entries.reduce((total, entry) => total + (number(entry[key]) ?? 0), 0);
	const trip =
		worst([number(pair?.["currentRoundTripTime"])]) ?? worst(remote.map((entry) => number(entry["roundTripTime"])));
	const available = number(pair?.["availableOutgoingBitrate"]);
	const jitter = worst(received.filter((entry) => entry["kind"] === "audio").map((entry) => number(entry["jitter"])));
	return {
		via: readVia(local?.["candidateType"]),
		protocol: String(local?.["relayProtocol"] ?? local?.["protocol"] ?? "unknown"),
		roundTripMs: trip === null ? null : trip * 1000,
		availableKbps: available === null ? null : available / 1000,
		atMs,
		bytesIn: sum(received, "bytesReceived"),
		bytesOut: sum(of("outbound-rtp"), "bytesSent"),
		packetsIn: sum(received, "packetsReceived"),
		lostIn: sum(received, "packetsLost"),
		lossOut: worst(remote.map((entry) => number(entry["fractionLost"]))),
		jitterMs: jitter === null ? null : jitter * 1000,
		video: largest(received),
		sent: largest(of("outbound-rtp")),
		cpuLimited: of("outbound-rtp").some((entry) => entry["qualityLimitationReason"] === "cpu"),
	};
}

function choosePair(byId: Map<string, Entry>, transports: Entry[], pairs: Entry[]): Entry | undefined {
	const chosen = transports.map((entry) => byId.get(String(entry["selectedCandidatePairId"]))).find(Boolean);
	// Firefox marks the pair itself.
	return (
		chosen ??
		pairs.find((pair) => pair["selected"]) ??
		pairs.find((pair) => pair["nominated"] && pair["state"] === "succeeded")
	);
}

const readVia = (type: unknown): Via =>
	type === "host" || type === "srflx" || type === "prflx" || type === "relay" ? type : "unknown";

function largest(entries: Entry[]): VideoSize | null {
	let best: VideoSize | null = null;
	for (const entry of entries) {
		const [width, height, fps] = [
			number(entry["frameWidth"]),
			number(entry["frameHeight"]),
			number(entry["framesPerSecond"]),
		];
		// Nothing moves: it is what was seen last.
		if (entry["kind"] !== "video" || !width || !height || !fps) continue;
		if (!best || width * height > best.width * best.height) best = { width, height, fps: Math.round(fps) };
	}
	return best;
}

/** Of two readings, what happened in between. */
export function between(
	before: Reading | null,
	now: Reading,
): { kbpsIn: number; kbpsOut: number; lossIn: number | null } {
	const seconds = before ? (now.atMs - before.atMs) / 1000 : 0;
	if (!before || seconds <= 0) return { kbpsIn: 0, kbpsOut: 0, lossIn: null };
	const kbps = (bytes: number) => Math.max(0, Math.round((bytes * 8) / 1000 / seconds));
	const lost = Math.max(0, now.lostIn - before.lostIn);
	const packets = Math.max(0, now.packetsIn - before.packetsIn) + lost;
	return {
		kbpsIn: kbps(now.bytesIn - before.bytesIn),
		kbpsOut: kbps(now.bytesOut - before.bytesOut),
		lossIn: packets === 0 ? null : lost / packets,
	};
}

export function toPeerStats(id: number, state: string, before: Reading | null, now: Reading): PeerStats {
	const { via, protocol, roundTripMs, lossOut, video, sent, jitterMs } = now;
	return { id, state, via, protocol, roundTripMs, lossOut, video, sent, jitterMs, ...between(before, now) };
}

/** By which kind of address it goes. */
export async function viaOf(pc: RTCPeerConnection): Promise<Via> {
	return readReport((await pc.getStats()) as unknown as Iterable<[string, unknown]>, 0).via;
}

/**
 * How much ever came in of what the other side sent to us. Answers to checks do not count: after half a restart they come
 * from a side that does not know yet where to send.
 */
export async function receivedOf(pc: RTCPeerConnection): Promise<number> {
	let total = 0;
	for (const [, entry] of (await pc.getStats()) as unknown as Iterable<[string, Entry]>) {
		if (entry["type"] === "candidate-pair") total += number(entry["bytesReceived"]) ?? 0;
	}
	return total;
}

/** For how long no packet of a voice or picture has come; infinite where none ever did, or the browser does not say. */
export async function mediaAgeOf(pc: RTCPeerConnection): Promise<number> {
	let ageMs = Number.POSITIVE_INFINITY;
	for (const [, entry] of (await pc.getStats()) as unknown as Iterable<[string, Entry]>) {
		const at = number(entry["lastPacketReceivedTimestamp"]);
		if (entry["type"] === "inbound-rtp" && at) ageMs = Math.min(ageMs, Number(entry["timestamp"]) - at);
	}
	return ageMs;
}
