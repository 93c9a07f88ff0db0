// Which stretches of a channel's history are known without a gap. A reconnect may leave one, and so does a jump to an old message;
// it is then filled page by page from the record, from either side, like what lies before all of it.

import type { Message } from "./place";

/** Ids from `low` to `high`. Nothing newer is missed while `high` is infinite; from 0 on, nothing is older. */
export interface Range {
	low: number;
	high: number;
}

/** What a page was asked for: before or after an id, or the newest. */
export type Asked = { before: number } | { after: number } | null;

export const isLive = ({ high }: Range): boolean => high === Number.POSITIVE_INFINITY;

/** Joins a range to those that it overlaps or touches; sorted, oldest first. */
export function addRange(ranges: readonly Range[], added: Range): readonly Range[] {
	const apart = ranges.filter(({ low, high }) => high + 1 < added.low || added.high + 1 < low);
	const joined = ranges.filter((range) => !apart.includes(range)).concat(added);
	const whole = {
		low: Math.min(...joined.map(({ low }) => low)),
		high: Math.max(...joined.map(({ high }) => high)),
	};
	return [...apart, whole].sort((a, b) => a.low - b.low);
}

/** The connection is a new one: what was live ends with the newest message that came. */
export function closeLive(ranges: readonly Range[], newest: number): readonly Range[] {
	return ranges.map((range) => (isLive(range) ? { low: range.low, high: Math.max(range.low, newest) } : range));
}

/** What was just told is the newest: from its first on nothing is missed. */
export function told(ranges: readonly Range[], kept: readonly Message[]): readonly Range[] {
	if (kept.length === 0 || ranges.some(isLive)) return ranges;
	return addRange(ranges, { low: Math.min(...kept.map(({ id }) => id)), high: Number.POSITIVE_INFINITY });
}

/** A page of the record. `live`: still the same connection, so that the end of the record is what is newest. */
export function paged(
	ranges: readonly Range[],
	asked: Asked,
	page: { ids: readonly number[]; more: boolean },
	live: boolean,
): readonly Range[] {
	const newest = Math.max(0, ...page.ids);
	const end = live ? Number.POSITIVE_INFINITY : newest;
	if (asked && "after" in asked) {
		const high = page.more ? newest : Math.max(end, asked.after);
		// Nothing came: then the stretch it was asked for just ends there.
		return addRange(ranges, { low: asked.after, high: Math.max(high, asked.after) });
	}
	const low = page.more && page.ids.length > 0 ? Math.min(...page.ids) : 0;
	return addRange(ranges, { low, high: asked === null ? end : asked.before - 1 });
}

/** Whether a message lies where all is known. */
export const isKnown = (ranges: readonly Range[], id: number): boolean =>
	ranges.some(({ low, high }) => low <= id && id <= high);
