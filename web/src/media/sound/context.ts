// The one AudioContext of the page, there while somebody needs it: an idle one costs a thread that wakes a hundred times
// a second.

let context: AudioContext | null = null;
let users = 0;

export interface ContextUse {
	context: AudioContext;
	release(): void;
}

/** At 48 kHz, which is what calls are at, and what the noise suppressor was trained on. */
export function borrowContext(): ContextUse {
	context ??= new AudioContext({ sampleRate: 48_000, latencyHint: "interactive" });
	const used = context;
	users += 1;
	// Before a click it may be held back; then it starts with the next.
	if (used.state === "suspended") void used.resume().catch(() => {});
	let released = false;
	return {
		context: used,
		release() {
			if (released) return;
			released = true;
			users -= 1;
			if (users > 0 || context !== used) return;
			context = null;
			void used.close().catch(() => {});
		},
	};
}

/** Called within a click. */
export function resumeContext(): void {
	if (context?.state === "suspended") void context.resume().catch(() => {});
}

/** Where the browser lets a context play to another device than the usual one. */
export async function setContextSpeaker(used: AudioContext, id: string | null): Promise<void> {
	const able = used as AudioContext & { setSinkId?: (id: string) => Promise<void> };
	await able.setSinkId?.(id ?? "").catch(() => {});
}
