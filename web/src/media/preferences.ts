// How somebody likes to hear, be heard and be seen, kept in this browser. What is chosen here outlives a visit; what is
// on right now (muted, camera) does not live here: a device never turns itself on because it once was.
//
// `checked` false asks for the device check. When it turns true inside a space, and on entering with it true, the media
// engine itself does what `startWithMicrophone` and `startWithCamera` say; nobody else needs to.

import { create } from "zustand";

export interface MediaPreferences {
	checked: boolean;
	microphoneId: string | null;
	cameraId: string | null;
	speakerId: string | null;
	startWithMicrophone: boolean;
	startWithCamera: boolean;
	echoCancellation: boolean;
	noise: "browser" | "strong" | "off";
	blur: boolean;
	/** Voices come from where people stand; for headphones, as it defeats the browser's echo cancellation. */
	stereo: boolean;
	/** Off: everybody who is heard is heard at full volume. */
	distance: boolean;
	pushToTalk: boolean;
	/** Never connect directly, so that nobody learns one's address. */
	relayOnly: boolean;
	tiles: "strip" | "grid" | "spotlight";
	lowData: boolean;
	/** By user: 0 to 1. Whoever is not in it is at 1. */
	volumes: Record<string, number>;
}

const STORED = "earshot.media";
/** Whoever changes the volume of more people than this loses the one set first. */
const VOLUMES_MAX = 500;

const DEFAULTS: MediaPreferences = {
	checked: false,
	microphoneId: null,
	cameraId: null,
	speakerId: null,
	startWithMicrophone: false,
	startWithCamera: false,
	echoCancellation: true,
	noise: "browser",
	blur: false,
	stereo: false,
	distance: true,
	pushToTalk: false,
	relayOnly: false,
	tiles: "strip",
	lowData: false,
	volumes: {},
};

export const useMediaPreferences = create<MediaPreferences>(() => load());

export function changeMediaPreferences(part: Partial<MediaPreferences>): void {
	useMediaPreferences.setState(part);
	try {
		localStorage.setItem(STORED, JSON.stringify(useMediaPreferences.getState()));
	} catch {
		// They then last as long as the page.
	}
}

export function rememberVolume(userId: string, volume: number): void {
	const { [userId]: _, ...others } = useMediaPreferences.getState().volumes;
	const kept = Object.entries(others).slice(1 - VOLUMES_MAX);
	const volumes = Object.fromEntries(volume === 1 ? kept : [...kept, [userId, volume]]);
	changeMediaPreferences({ volumes });
}

export const volumeOf = (userId: string | undefined): number =>
	(userId === undefined ? undefined : useMediaPreferences.getState().volumes[userId]) ?? 1;

function load(): MediaPreferences {
	try {
		const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
		return readPreferences(stored);
	} catch {
		return DEFAULTS;
	}
}

/** What was kept may come from another version, or have been edited by hand: what does not fit is as if never chosen. */
export function readPreferences(stored: unknown): MediaPreferences {
	const from = (typeof stored === "object" && stored !== null ? stored : {}) as Record<string, unknown>;
	const result: Record<string, unknown> = { ...DEFAULTS };
	for (const [key, standard] of Object.entries(DEFAULTS)) {
		const value = from[key];
		const fits = standard === null ? value === null || typeof value === "string" : typeof value === typeof standard;
		if (fits && value !== undefined) result[key] = value;
	}
	if (!["browser", "strong", "off"].includes(result["noise"] as string)) result["noise"] = DEFAULTS.noise;
	if (!["strip", "grid", "spotlight"].includes(result["tiles"] as string)) result["tiles"] = DEFAULTS.tiles;
	result["volumes"] = readVolumes(from["volumes"]);
	return result as unknown as MediaPreferences;
}

function readVolumes(stored: unknown): Record<string, number> {
	if (typeof stored !== "object" || stored === null) return {};
	const entries = Object.entries(stored).filter(
		([, volume]) => typeof volume === "number" && volume >= 0 && volume <= 1,
	);
	return Object.fromEntries(entries);
}
