// What is nice to have waits until what was asked for is on screen: words first, then pictures and menus.

const BREATH_MS = 60;

export const afterPaint = (): Promise<void> =>
	new Promise((resume) => requestAnimationFrame(() => setTimeout(resume, BREATH_MS)));
