// Session descriptions made small and to our taste: few codecs, speech kept robust. Codecs are chosen by the browser's own
// call; only what it has no call for is done in the text, and only in the copy that is sent.

import { SIGNAL_BYTES_MAX } from "./signal";

/** VP8 first: every browser encodes it, and cheaply when small. H.264 is for phones that encode only that in hardware. */
export function chooseCodecs(kind: "audio" | "video", codecs: readonly RTCRtpCodec[]): RTCRtpCodec[] {
	const named = (name: string) => codecs.filter((codec) => codec.mimeType.toLowerCase() === `${kind}/${name}`);
	if (kind === "audio") return named("opus");
	const baseline = named("h264").filter((codec) =>
		/packetization-mode=1.*profile-level-id=42e0|profile-level-id=42e0.*packetization-mode=1/i.test(
			codec.sdpFmtpLine ?? "",
		),
	);
	const chosen = [...named("vp8"), ...baseline.slice(0, 1)];
	// Without them the browser would negotiate nothing: then its own order is better.
	return chosen.length === 0 ? [] : [...chosen, ...named("rtx").slice(0, 1)];
}

/**
 * Takes away what is said of codecs that are not offered: Firefox leaves it standing when codecs were chosen, and
 * Chromium then refuses the whole description.
 */
export function dropOrphans(sdp: string): string {
	let offered: ReadonlySet<string> | null = null;
	return without(sdp, (line) => {
		if (line.startsWith("m=")) {
			const [, , , ...formats] = line.split(" ");
			offered = /^m=(audio|video)/.test(line) ? new Set(formats) : null;
		}
		const payload = /^a=(?:rtcp-fb|fmtp|rtpmap):(\d+)/.exec(line)?.[1];
		return payload !== undefined && offered !== null && !offered.has(payload);
	});
}

/**
 * Asks the other side to send speech in mono, with forward error correction, and next to nothing in silence. What stands in a
 * description is what its author wants to receive.
 */
export function preferSpeech(sdp: string): string {
	const opus = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
	if (opus === undefined) return sdp;
	return sdp.replace(new RegExp(`^(a=fmtp:${opus} )([^\\r\\n]*)`, "gm"), (_, head: string, parameters: string) => {
		const others = parameters
			.split(";")
			.filter((each) => !/^\s*(useinbandfec|usedtx|stereo|sprop-stereo)=/.test(each) && each.trim() !== "");
		return head + [...others, "useinbandfec=1", "usedtx=1"].join(";");
	});
}

/** What media can do without when the description would not pass. */
const KEPT_EXTENSIONS = /sdes:mid|ssrc-audio-level|transport-wide-cc|abs-send-time|rtp-stream-id/;

/** Candidates travel on their own; of a description that is still too large, extensions go. */
export function fitSdp(sdp: string): string {
	const slim = without(sdp, (line) => line.startsWith("a=candidate:") || line === "a=end-of-candidates");
	// The text is quoted once on its way: each line end takes two more bytes.
	if (slim.length + 2 * slim.split("\n").length < SIGNAL_BYTES_MAX - 500) return slim;
	return without(slim, (line) => line.startsWith("a=extmap:") && !KEPT_EXTENSIONS.test(line));
}

function without(sdp: string, drop: (line: string) => boolean): string {
	return sdp
		.split("\r\n")
		.filter((line) => !drop(line))
		.join("\r\n");
}
