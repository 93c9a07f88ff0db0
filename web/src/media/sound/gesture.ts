// What browsers take for a wish to hear something. Pressing a pointer down is none where it is a finger, which may be
// about to scroll: only lifting it is.

const GESTURES = ["click", "touchend", "keydown"] as const;

/** Ends with what it returns. Buttons keep clicks to themselves, so these are heard on their way down. */
export function listenToGestures(told: () => void): () => void {
	const gone = new AbortController();
	for (const gesture of GESTURES)
		window.addEventListener(gesture, told, { capture: true, passive: true, signal: gone.signal });
	return () => gone.abort();
}
