// Keeps those who left for as long as their leaving is shown.

import { useEffect, useRef, useState } from "react";
import { motionReduced } from "../../../settings/settings";
import { useSettings } from "../../../state/settings";
import type { Tile } from "./list";

const LEAVING_MS = 180;

export interface Present extends Tile {
	leaving: boolean;
}

export function usePresence(tiles: readonly Tile[]): Present[] {
	const [gone, setGone] = useState<readonly Tile[]>([]);
	const before = useRef<readonly Tile[]>(tiles);
	const still = motionReduced(useSettings());
	useEffect(() => {
		const left = before.current.filter(({ key }) => !tiles.some((tile) => tile.key === key));
		before.current = tiles;
		if (left.length === 0 || still) return;
		setGone((others) => [...others, ...left]);
		const keys = new Set(left.map(({ key }) => key));
		// Not undone by the next change: each leaves in its own time.
		window.setTimeout(() => setGone((others) => others.filter(({ key }) => !keys.has(key))), LEAVING_MS);
	}, [tiles, still]);
	const here = tiles.map((tile) => ({ ...tile, leaving: false }));
	const leaving = gone.filter(({ key }) => !tiles.some((tile) => tile.key === key));
	// One order for all time: a video that is moved in the document stops for a moment.
	return [...here, ...leaving.map((tile) => ({ ...tile, leaving: true }))].sort((a, b) => a.key.localeCompare(b.key));
}
