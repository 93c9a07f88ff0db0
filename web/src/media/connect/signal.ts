// What two peers tell each other through the space to get connected. It comes from somebody else's browser: all of it is
// checked here, and what does not fit is nothing.
//
// A peering outlives its connections: `generation` says which of them a signal is about, and grows with each. The
// impolite side alone begins a generation. `offer` numbers the offers within it, so that an answer that was overtaken by
// the next offer is not taken for its answer.

export interface Description {
	type: "offer" | "answer";
	offer: number;
	sdp: string;
}

export interface Signal {
	generation: number;
	description?: Description;
	candidates?: RTCIceCandidateInit[];
	/** From the polite side: this generation leads nowhere, begin another. */
	again?: true;
}

/** What the space relays at most, in bytes. */
export const SIGNAL_BYTES_MAX = 16_000;
/** A candidate with everything about it takes less than 300. */
const CANDIDATE_LENGTH_MAX = 1_000;
/** More addresses than this nobody has; each costs checks. */
const CANDIDATES_MAX = 64;

export function writeSignal(signal: Signal): string {
	const { generation, description, candidates, again } = signal;
	return JSON.stringify({
		g: generation,
		...(description && { d: description.type, n: description.offer, s: description.sdp }),
		...(candidates?.length && {
			c: candidates.map((c) => [c.candidate, c.sdpMid ?? null, c.sdpMLineIndex ?? null, c.usernameFragment ?? null]),
		}),
		...(again && { a: 1 }),
	});
}

/** None where it is not one. */
export function readSignal(payload: string): Signal | null {
	let read: unknown;
	try {
		read = JSON.parse(payload);
	} catch {
		return null;
	}
	if (typeof read !== "object" || read === null) return null;
	const { g, d, n, s, c, a } = read as Record<string, unknown>;
	if (!isCount(g)) return null;
	const signal: Signal = { generation: g };
	if (d !== undefined) {
		if ((d !== "offer" && d !== "answer") || !isCount(n) || typeof s !== "string") return null;
		signal.description = { type: d, offer: n, sdp: s };
	}
	if (Array.isArray(c)) signal.candidates = c.slice(0, CANDIDATES_MAX).flatMap(readCandidate);
	if (a === 1) signal.again = true;
	return signal;
}

function readCandidate(entry: unknown): RTCIceCandidateInit[] {
	if (!Array.isArray(entry)) return [];
	const [candidate, sdpMid, sdpMLineIndex, usernameFragment] = entry as unknown[];
	if (typeof candidate !== "string" || candidate.length > CANDIDATE_LENGTH_MAX) return [];
	return [
		{
			candidate,
			sdpMid: typeof sdpMid === "string" ? sdpMid : null,
			sdpMLineIndex: isCount(sdpMLineIndex) ? sdpMLineIndex : null,
			usernameFragment: typeof usernameFragment === "string" ? usernameFragment : null,
		},
	];
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Cuts candidates into as many signals as fit. */
export function splitCandidates(candidates: readonly RTCIceCandidateInit[], bytesMax: number): RTCIceCandidateInit[][] {
	const parts: RTCIceCandidateInit[][] = [];
	let part: RTCIceCandidateInit[] = [];
	let bytes = 0;
	for (const candidate of candidates) {
		// The frame around one, and quotes.
		const own = (candidate.candidate?.length ?? 0) + 80;
		if (part.length > 0 && bytes + own > bytesMax) {
			parts.push(part);
			part = [];
			bytes = 0;
		}
		part.push(candidate);
		bytes += own;
	}
	if (part.length > 0) parts.push(part);
	return parts;
}
