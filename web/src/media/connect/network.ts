// Hints that the network may have changed: none of them is sure, none comes everywhere, and each costs only a look.

const SLEPT_MS = 20_000;

export function listenToNetwork(hint: () => void, unplugged: () => void): () => void {
	const gone = new AbortController();
	const { signal } = gone;
	const connection = (navigator as Navigator & { connection?: EventTarget }).connection;
	let hiddenAt = 0;
	window.addEventListener("online", hint, { signal });
	window.addEventListener("offline", unplugged, { signal });
	connection?.addEventListener("change", hint, { signal });
	// A phone comes out of the pocket, a laptop is opened.
	document.addEventListener(
		"visibilitychange",
		() => {
			if (document.visibilityState === "hidden") hiddenAt = performance.now();
			else if (performance.now() - hiddenAt > SLEPT_MS) hint();
		},
		{ signal },
	);
	window.addEventListener("pageshow", (event) => event.persisted && hint(), { signal });
	return () => gone.abort();
}
