// Which stretches of a channel's history are known without a gap. A reconnect may leave one, between what was there before
// and the newest that the space tells; it is then filled page by page from the record, like what lies before all of it.

import type { ChatMessage } from "../space/client";

/** Ids from `low` to `high`. Nothing newer is missed while `high` is infinite; from 0 on, nothing is older. */
export interface Range {
	low: number;
	high: number;
}

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
export function told(ranges: readonly Range[], kept: readonly ChatMessage[]): readonly Range[] {
	if (kept.length === 0 || ranges.some(isLive)) return ranges;
	return addRange(ranges, { low: Math.min(...kept.map(({ id }) => id)), high: Number.POSITIVE_INFINITY });
}

/** A page of the record, which was asked for by `before`; null asked for the newest. `live`: still the same connection. */
export function paged(
	ranges: readonly Range[],
	before: number | null,
	page: { ids: readonly number[]; more: boolean },
	live: boolean,
): readonly Range[] {
	const low = page.more && page.ids.length > 0 ? Math.min(...page.ids) : 0;
	const newest = live ? Number.POSITIVE_INFINITY : Math.max(0, ...page.ids);
	return addRange(ranges, { low, high: before === null ? newest : before - 1 });
}
