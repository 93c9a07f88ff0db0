// Whether a minute of the day lies in the quiet hours; they may go over midnight. Pure.

import type { NoticeWishes } from "../api/types";

export const minuteOf = (date: Date): number => date.getHours() * 60 + date.getMinutes();

export function isQuiet(quiet: NoticeWishes["quiet"], minute: number): boolean {
	if (!quiet || quiet.from_min === quiet.to_min) return false;
	const { from_min: from, to_min: to } = quiet;
	return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

export const clock = (minute: number): string =>
	`${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export function minutes(text: string): number | null {
	const found = /^(\d{1,2}):(\d{2})/.exec(text);
	if (!found) return null;
	const [hours, rest] = [Number(found[1]), Number(found[2])];
	return hours < 24 && rest < 60 ? hours * 60 + rest : null;
}
