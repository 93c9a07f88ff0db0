// Notices that nobody is there: five minutes without a touch, or with the tab hidden. One timer, no polling.

const IDLE_MS = 5 * 60_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel"] as const;

export function listenForIdle(onChange: (idle: boolean) => void, idle_ms = IDLE_MS): () => void {
	let timer = 0;
	let idle = false;
	let seen_ms = performance.now();

	const set = (now: boolean) => {
		if (idle === now) return;
		idle = now;
		onChange(now);
	};
	const check = () => {
		const left = idle_ms - (performance.now() - seen_ms);
		if (left <= 0) set(true);
		else timer = window.setTimeout(check, left);
	};
	const sign = () => {
		seen_ms = performance.now();
		if (!idle) return;
		set(false);
		timer = window.setTimeout(check, idle_ms);
	};
	const visible = () => !document.hidden && sign();

	timer = window.setTimeout(check, idle_ms);
	for (const kind of SIGNS) window.addEventListener(kind, sign, { passive: true, capture: true });
	document.addEventListener("visibilitychange", visible);
	return () => {
		window.clearTimeout(timer);
		for (const kind of SIGNS) window.removeEventListener(kind, sign, { capture: true });
		document.removeEventListener("visibilitychange", visible);
	};
}
