// How large, how often and how richly a picture is sent to one person: as large as they draw it, as rich as the way to
// them carries, as dear as the number of people allows (each of them costs an encoder). Pure: measurements in, a plan out.
//
// Everything changes its mind slowly where it would be seen: worse after two measurements, better after five, and after a
// relapse later still.

import type { Size } from "../connect/control";

/** The way to somebody, as measured over the last seconds. */
export interface Measure {
	lossShare: number | null;
	roundTripMs: number | null;
	availableKbps: number | null;
}

export type Grade = "good" | "fair" | "poor";

export interface Judgement {
	grade: Grade;
	/** Measurements in a row that spoke against the grade. */
	worse: number;
	better: number;
	/** How many good ones are asked for before video is tried again. */
	calm: number;
	/** Measurements since video was tried again; null when it was not. */
	trial: number | null;
}

const CALM_MIN = 5;
const CALM_MAX = 30;
const WORSE_MIN = 2;
/** A trial that holds for this long was right. */
const TRIAL_MAX = 15;

export const unjudged = (): Judgement => ({ grade: "good", worse: 0, better: 0, calm: CALM_MIN, trial: null });

const RANK: Record<Grade, number> = { poor: 0, fair: 1, good: 2 };
const step = (grade: Grade, by: 1 | -1): Grade => (["poor", "fair", "good"] as const)[RANK[grade] + by] ?? grade;

/**
 * What this one measurement says. How much passes only counts where it is too little for any picture: above that the plan
 * follows it, and an estimate is low as long as little is sent. Without video nothing measures it at all.
 */
export function gradeOf({ lossShare, roundTripMs, availableKbps }: Measure, videoFlows: boolean): Grade {
	const loss = lossShare ?? 0;
	const trip = roundTripMs ?? 0;
	const kbps = videoFlows ? (availableKbps ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
	if (loss > 0.16 || trip > 1_500 || kbps < 110) return "poor";
	if (loss > 0.08 || trip > 600) return "fair";
	return "good";
}

export function judge(before: Judgement, measure: Measure): Judgement {
	const now = gradeOf(measure, before.grade !== "poor");
	const worse = RANK[now] < RANK[before.grade] ? before.worse + 1 : 0;
	const better = RANK[now] > RANK[before.grade] ? before.better + 1 : 0;
	const trial = before.trial === null || before.trial >= TRIAL_MAX ? null : before.trial + 1;
	if (worse >= WORSE_MIN) {
		const grade = step(before.grade, -1);
		const relapsed = grade === "poor" && trial !== null;
		const calm = relapsed ? Math.min(CALM_MAX, before.calm * 2) : before.calm;
		return { grade, worse: 0, better: 0, calm, trial: grade === "poor" ? null : trial };
	}
	const enough = before.grade === "poor" ? before.calm : CALM_MIN;
	if (better >= enough) {
		return {
			grade: step(before.grade, 1),
			worse: 0,
			better: 0,
			calm: before.calm,
			trial: before.grade === "poor" ? 0 : trial,
		};
	}
	// A trial that held: the next trouble is a new one.
	const calm = before.trial !== null && trial === null ? CALM_MIN : before.calm;
	return { ...before, worse, better, calm, trial };
}

/** Beyond six tiles a face is a few pixels of somebody one hardly hears. Back again only half a tile nearer. */
export const FAR_PX = 192;
const NEAR_PX = 176;

export function isFar(before: boolean, distancePx: number, fullVolume: boolean): boolean {
	if (fullVolume || distancePx < 0) return false;
	return distancePx > (before ? NEAR_PX : FAR_PX);
}

/** Heights that are sent, with the frames and kilobits a second that suit them for a talking head. */
export const RUNGS = [
	{ height: 90, fps: 12, kbps: 60 },
	{ height: 135, fps: 15, kbps: 100 },
	{ height: 180, fps: 15, kbps: 150 },
	{ height: 270, fps: 20, kbps: 280 },
	{ height: 360, fps: 24, kbps: 450 },
	{ height: 540, fps: 24, kbps: 800 },
	{ height: 720, fps: 30, kbps: 1_400 },
] as const;

export interface Plan {
	active: boolean;
	scaleDownBy: number;
	fps: number;
	kbps: number;
}

export interface CameraWish {
	source: Size;
	/** How it is drawn there, device pixels; null: not known yet, 0: not at all. */
	tile: Size | null;
	/** To how many the camera is sent. */
	people: number;
	grade: Grade;
	availableKbps: number | null;
	lowData: boolean;
	smallDevice: boolean;
	/** The processor cannot keep up. */
	cpuLimited: boolean;
	/** The rung of the plan before; -1: none. */
	rungBefore: number;
}

/** Until they say how they draw it. */
const TILE_UNKNOWN: Size = { width: 320, height: 180 };
/** Sound comes first. */
const AUDIO_KBPS = 50;

const OFF: Plan = { active: false, scaleDownBy: 1, fps: 1, kbps: 50 };

export function planCamera(wish: CameraWish): { plan: Plan; rung: number } {
	const tile = wish.tile ?? TILE_UNKNOWN;
	if (tile.width === 0 || tile.height === 0 || wish.grade === "poor") return { plan: OFF, rung: -1 };
	const height = wish.source.height || 720;
	// A tile crops what does not fit: it is the larger ratio that has to be sharp.
	const drawn = Math.max(tile.height, (tile.width * height) / (wish.source.width || (height * 16) / 9));
	const enough = RUNGS.findIndex((rung) => rung.height >= Math.min(drawn, height));
	const shown = enough === -1 ? RUNGS.length - 1 : enough;
	const carried = rungCarried(wish);
	const rung = Math.max(0, Math.min(shown, capOf(wish), carried));
	const chosen = RUNGS[rung] ?? RUNGS[0];
	const kbps = wish.lowData ? Math.round(chosen.kbps * 0.7) : chosen.kbps;
	return {
		plan: { active: true, scaleDownBy: Math.max(1, height / chosen.height), fps: chosen.fps, kbps },
		rung,
	};
}

/** The most that is worth its price. */
function capOf({ people, grade, lowData, smallDevice, cpuLimited }: CameraWish): number {
	const byPeople = people <= 1 ? 6 : people <= 2 ? 5 : people <= 4 ? 4 : people <= 6 ? 3 : 2;
	const caps = [byPeople];
	if (grade === "fair") caps.push(3);
	if (lowData) caps.push(2);
	if (smallDevice) caps.push(byPeople - 1);
	if (cpuLimited) caps.push(byPeople - 1);
	return Math.max(0, Math.min(...caps));
}

/** What the way carries. Up only with room to spare, down only when it is clearly too much. */
function rungCarried({ availableKbps, rungBefore }: CameraWish): number {
	if (availableKbps === null) return RUNGS.length - 1;
	const budget = availableKbps - AUDIO_KBPS;
	const fits = (share: number) => RUNGS.findLastIndex((rung) => rung.kbps * share <= budget);
	const [up, down] = [fits(0.8), fits(0.5)];
	if (rungBefore < 0) return up;
	if (up > rungBefore) return up;
	return Math.max(0, Math.min(down, rungBefore));
}

export interface ScreenWish {
	source: Size;
	tile: Size | null;
	people: number;
	grade: Grade;
	lowData: boolean;
}

/** Letters need their pixels: what is saved is saved on frames. Only a thumbnail gets a smaller picture. */
export function planScreen({ source, tile, people, grade, lowData }: ScreenWish): Plan {
	if (tile && (tile.width === 0 || tile.height === 0)) return OFF;
	const width = source.width || 1920;
	const ratio = tile ? Math.min(width / tile.width, (source.height || 1080) / tile.height) : 1;
	// Half the size of a thumbnail still reads as one; anything drawn larger gets all there is.
	const scaleDownBy = ratio >= 3 ? Math.min(4, ratio / 1.5) : 1;
	const thumbnail = scaleDownBy > 1;
	const weak = grade === "poor" ? 0.25 : grade === "fair" ? 0.5 : 1;
	const shared = people <= 2 ? 1 : people <= 4 ? 0.7 : 0.5;
	return {
		active: true,
		scaleDownBy,
		fps: grade === "poor" || lowData ? 3 : thumbnail || people > 4 ? 5 : people > 2 ? 8 : 15,
		kbps: Math.round((thumbnail ? 250 : 2_500) * weak * shared * (lowData ? 0.5 : 1)),
	};
}

/** Whether the second is worth telling the browser after the first. */
export const differs = (a: Plan | null, b: Plan): boolean =>
	!a ||
	a.active !== b.active ||
	(b.active &&
		(Math.abs(a.scaleDownBy - b.scaleDownBy) > 0.05 || a.fps !== b.fps || Math.abs(a.kbps - b.kbps) > a.kbps * 0.1));
