// What an avatar looks like, as the API writes it, and the few things one does with a look before drawing it.
// Drawing is in render/; the numbers of variants come from the art's own description.

export interface Look {
	skin: number;
	hair: number;
	hair_color: string;
	eyes_color: string;
	top: number;
	top_color: string;
	bottom: number;
	bottom_color: string;
	shoes_color: string;
	accessory: number;
	accessory_color: string;
}

export const COUNTS = { skin: 8, hair: 12, top: 8, bottom: 6, accessory: 8 } as const;

const HAIR = ["#3a2a3c", "#5b3a35", "#84513a", "#b5713f", "#e0b060", "#c2503a", "#8f3350", "#6d7f99", "#d9dbe0"];
const CLOTH = [
	"#f2ead8",
	"#535068",
	"#c24546",
	"#e57655",
	"#eaa83c",
	"#68a04f",
	"#3d7d5f",
	"#338782",
	"#6db1e0",
	"#7d58a6",
	"#c06a9a",
];
const BOTTOM = ["#3b4a7a", "#2f3150", "#535068", "#6b5a58", "#8a6a4c", "#c9ab7e", "#4d6b50", "#7c3f4f"];
const SHOES = ["#4a3340", "#7a4a3a", "#b3483f", "#f0ece0", "#35507f", "#2d2440"];
const EYES = ["#4a2f2c", "#7a4d2c", "#3f7d4f", "#37608f", "#5a5f73"];

type Random = () => number;

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length) % from.length] as T;
const upTo = (count: number, random: Random): number => Math.floor(random() * count) % count;

/** A look that goes together: swatch colours only, and an accessory for about every second person. */
export function randomLook(random: Random = Math.random): Look {
	return {
		skin: upTo(COUNTS.skin, random),
		hair: upTo(COUNTS.hair, random),
		hair_color: pick(HAIR, random),
		eyes_color: pick(EYES, random),
		top: upTo(COUNTS.top, random),
		top_color: pick(CLOTH, random),
		bottom: upTo(COUNTS.bottom, random),
		bottom_color: pick(BOTTOM, random),
		shoes_color: pick(SHOES, random),
		accessory: random() < 0.5 ? 0 : 1 + upTo(COUNTS.accessory - 1, random),
		accessory_color: pick(CLOTH, random),
	};
}

/** A small seeded generator (mulberry32), so that a number can stand for a look or a crowd. */
export function seeded(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

export const isColor = (value: unknown): value is string => typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);

/** Accepts only a whole and valid look: what is stored in the browser may be of any age. */
export function parseLook(value: unknown): Look | null {
	if (typeof value !== "object" || value === null) return null;
	const from = value as Record<string, unknown>;
	for (const [part, count] of Object.entries(COUNTS)) {
		const n = from[part];
		if (typeof n !== "number" || !Number.isInteger(n) || n < 0 || n >= count) return null;
	}
	for (const color of ["hair_color", "eyes_color", "top_color", "bottom_color", "shoes_color", "accessory_color"]) {
		if (!isColor(from[color])) return null;
	}
	return value as Look;
}

/** Two looks are drawn the same if and only if their keys are the same. */
export const lookKey = (look: Look): string =>
	`${look.skin}.${look.hair}${look.hair_color}${look.eyes_color}.${look.top}${look.top_color}.${look.bottom}${look.bottom_color}${look.shoes_color}.${look.accessory}${look.accessory_color}`;

const STORED = "earshot.look";
const STORED_NAME = "earshot.name";

/** A guest's look stays in this browser; storage may be off, which is not worth a word to anybody. */
export function storedLook(): Look | null {
	try {
		return parseLook(JSON.parse(localStorage.getItem(STORED) ?? "null"));
	} catch {
		return null;
	}
}

export function storeLook(look: Look): void {
	try {
		localStorage.setItem(STORED, JSON.stringify(look));
	} catch {
		// Private windows may refuse; the look then lasts as long as the page.
	}
}

export function storedName(): string {
	try {
		return localStorage.getItem(STORED_NAME) ?? "";
	} catch {
		return "";
	}
}

export function storeName(name: string): void {
	try {
		localStorage.setItem(STORED_NAME, name);
	} catch {
		// As above.
	}
}
