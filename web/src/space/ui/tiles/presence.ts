// Keeps those who left for as long as their leaving is shown.

import { useEffect, useState } from "react";
import { motionReduced } from "../../../settings/settings";
import { useSettings } from "../../../state/settings";
import type { Tile } from "./list";

const LEAVING_MS = 180;

export interface Present extends Tile {
	leaving: boolean;
}

export function usePresence(tiles: readonly Tile[]): Present[] {
	const [before, setBefore] = useState(tiles);
	const [gone, setGone] = useState<readonly Tile[]>([]);
	const still = motionReduced(useSettings());
	// Noticed while rendering: a tile that is missing for even one picture would have forgotten whom it showed.
	let leaving = gone.filter(({ key }) => !tiles.some((tile) => tile.key === key));
	if (before !== tiles) {
		const left = before.filter(({ key }) => !tiles.some((tile) => tile.key === key));
		if (!still) leaving = [...leaving, ...left];
		setBefore(tiles);
		setGone(leaving);
	}
	useEffect(() => {
		if (gone.length === 0) return;
		const timer = window.setTimeout(() => setGone([]), LEAVING_MS);
		return () => window.clearTimeout(timer);
	}, [gone]);
	const all = [
		...tiles.map((tile) => ({ ...tile, leaving: false })),
		...leaving.map((tile) => ({ ...tile, leaving: true })),
	];
	// One order for all time: a video that is moved in the document stops for a moment.
	return all.sort((a, b) => a.key.localeCompare(b.key));
}
