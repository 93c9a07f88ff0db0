// What a person likes, kept in this browser: theme, contrast, motion, light, letter keys. Applied to <html> so that CSS follows.

export interface Settings {
	theme: "system" | "light" | "dark";
	contrast: "normal" | "high";
	motion: "system" | "reduced";
	daylight: boolean;
	letterKeys: boolean;
	/** Of the small sounds, not of voices: 0 to 1. */
	soundVolume: number;
	soundNudges: boolean;
	soundMessages: boolean;
	/** Notes of the system while one looks elsewhere, in this browser. */
	notices: boolean;
}

const STORED = "earshot.settings";
const DEFAULTS: Settings = {
	theme: "system",
	contrast: "normal",
	motion: "system",
	daylight: false,
	letterKeys: true,
	soundVolume: 0.6,
	soundNudges: true,
	soundMessages: true,
	notices: false,
};

export function loadSettings(): Settings {
	try {
		const stored = JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Settings>;
		return { ...DEFAULTS, ...stored };
	} catch {
		return DEFAULTS;
	}
}

export function saveSettings(settings: Settings): void {
	try {
		localStorage.setItem(STORED, JSON.stringify(settings));
	} catch {
		// They then last as long as the page.
	}
	applySettings(settings);
}

export function applySettings(settings: Settings): void {
	const { dataset } = document.documentElement;
	if (settings.theme === "system") delete dataset["theme"];
	else dataset["theme"] = settings.theme;
	if (settings.contrast === "high") dataset["contrast"] = "high";
	else delete dataset["contrast"];
	if (settings.motion === "reduced") dataset["motion"] = "reduced";
	else delete dataset["motion"];
}

/** What the system wishes; asked for in every frame, so the list that knows it is made once. */
function wish(query: string): () => boolean {
	let list: MediaQueryList | undefined;
	return () => {
		list ??= matchMedia(query);
		return list.matches;
	};
}

const lessMotion = wish("(prefers-reduced-motion: reduce)");
const moreContrast = wish("(prefers-contrast: more)");

export const motionReduced = (settings: Settings): boolean => settings.motion === "reduced" || lessMotion();

export const contrastHigh = (settings: Settings): boolean => settings.contrast === "high" || moreContrast();
