// The tiles: whom one hears, in a layout one chooses; over the place, or in a window of their own.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useMediaPreferences } from "../../../media/preferences";
import { useMedia } from "../../../state/media";
import { useSpace } from "../../../state/space";
import "../../../styles/tiles.css";
import { useLow, useNarrow } from "../../../ui/narrow";
import { useTalk } from "../talk/panels";
import { talkText as text } from "../talk/text";
import { useTileArea } from "./area";
import { GAP, grid, type Layout, phoneRow, type Rect, spotlight, strip } from "./geometry";
import { fromKey, inSpotlight, listKey, listTiles, speakerAmong, type Tile } from "./list";
import { PersonTile } from "./PersonTile";
import { type Present, usePresence } from "./presence";
import { OwnScreenTile, ScreenTile } from "./ScreenTile";
import { SelfTile } from "./SelfTile";
import { closeTileWindow } from "./window";

export function Tiles() {
	const shows = useSpace((state) =>
		[...state.people.values()].flatMap((person) => (person.camera ? [person.id] : [])).join(),
	);
	const onCamera = useMemo(() => new Set(shows.split(",").map(Number)), [shows]);
	const key = useMedia(({ peers, camera, screen }) =>
		listKey(listTiles({ peers, onCamera, cameraOn: camera.stream !== null, sharing: screen.on })),
	);
	const tiles = useMemo(() => fromKey(key), [key]);
	const present = usePresence(tiles);
	const other = useTalk((state) => state.window);
	useEffect(() => closeTileWindow, []);
	useEffect(() => {
		// With the last one gone, a window would show nothing.
		if (tiles.length === 0) closeTileWindow();
	}, [tiles]);
	if (present.length === 0) return null;
	if (other) return createPortal(<WindowTiles tiles={tiles} present={present} view={other} />, other.document.body);
	return <PlaceTiles tiles={tiles} present={present} />;
}

function PlaceTiles({ tiles, present }: { tiles: Tile[]; present: Present[] }) {
	const layout = useMediaPreferences((state) => state.tiles);
	const [narrow, low] = [useNarrow(), useLow()];
	const area = useTileArea(layout);
	const asRow = (narrow || low) && layout === "strip";
	const wide = useRects(layout, area, tiles);
	const row = usePhoneRow(area, tiles);
	useRowBottom(asRow ? area.y + row.height : null);
	// One stage for both: whoever turns their phone keeps pictures and menus as they are.
	return (
		<Stage
			layout={layout}
			present={present}
			rects={asRow ? row.rects : wide}
			{...(asRow && { row: { ...area, height: row.height, full: row.width } })}
		/>
	);
}

/** Where a phone's row ends, for what goes below it. */
function useRowBottom(bottom: number | null) {
	useLayoutEffect(() => {
		const place = document.querySelector<HTMLElement>(".space");
		if (bottom === null || !place) return;
		place.style.setProperty("--row-bottom", `${bottom}px`);
		return () => void place.style.removeProperty("--row-bottom");
	}, [bottom]);
}

function usePhoneRow({ width, height }: Rect, tiles: Tile[]) {
	return useMemo(() => {
		const count = (...kinds: Tile["kind"][]) => tiles.filter(({ kind }) => kinds.includes(kind)).length;
		const { rects, ...size } = phoneRow(
			{ width, height },
			count("screen"),
			count("ownScreen", "person"),
			count("self") > 0,
		);
		return { rects: new Map(tiles.map((tile, i) => [tile.key, rects[i] as Rect])), ...size };
	}, [tiles, width, height]);
}

/** A small window has room for one layout. */
function WindowTiles({ tiles, present, view }: { tiles: Tile[]; present: Present[]; view: Window }) {
	const look = () => ({ x: 4, y: 4, width: view.innerWidth - 8, height: view.innerHeight - 8 });
	const [area, setArea] = useState<Rect>(look);
	useEffect(() => {
		const measure = () => setArea(look());
		view.addEventListener("resize", measure);
		return () => view.removeEventListener("resize", measure);
	});
	return <Stage layout="grid" present={present} rects={useRects("grid", area, tiles)} />;
}

function useRects(layout: Layout, area: Rect, tiles: Tile[]): Map<string, Rect> {
	const pinned = useTalk((state) => state.pinned);
	const lastSpoke = useLastSpeaker(layout === "spotlight");
	const { x, y, width, height } = area;
	return useMemo(() => {
		const box = { x, y, width, height };
		// One's own share one sees anyway; the others' are large.
		const shares = tiles.filter(({ kind }) => kind === "screen").length;
		const rects =
			layout === "strip"
				? strip(box, shares, tiles.length - shares)
				: layout === "grid"
					? grid(box, tiles.length)
					: spotlight(box, tiles.length, inSpotlight(tiles, pinned, lastSpoke));
		return new Map(tiles.map((tile, i) => [tile.key, rects[i] as Rect]));
	}, [layout, x, y, width, height, tiles, pinned, lastSpoke]);
}

/** Keeps to one speaker while that one speaks. */
function useLastSpeaker(wanted: boolean): number | null {
	const last = useRef<number | null>(null);
	return useMedia((state) => {
		if (!wanted) return null;
		const now = last.current === null ? undefined : state.peers.get(last.current);
		if (!now?.speaking) last.current = speakerAmong(state.peers) ?? last.current;
		return last.current;
	});
}

interface StageProps {
	layout: Layout;
	present: Present[];
	rects: Map<string, Rect>;
	/** The one row of a phone, and how long it is in full. */
	row?: Rect & { full: number };
}

function Stage({ layout, present, rects, row }: StageProps) {
	// Whoever leaves fades where they were.
	const kept = useRef(new Map<string, Rect>());
	for (const [key, rect] of rects) kept.current.set(key, rect);
	useEffect(() => {
		for (const key of kept.current.keys()) if (!present.some((tile) => tile.key === key)) kept.current.delete(key);
	});
	return (
		<section
			className={row ? "tiles tiles-row" : "tiles"}
			data-layout={layout}
			aria-label={text.tile.list}
			{...(row && {
				style: { top: row.y - GAP, left: row.x - GAP, width: row.width + 2 * GAP, height: row.height + 2 * GAP },
			})}
		>
			<ul {...(row && { style: { width: row.full } })}>
				{present.map((tile) => {
					const rect = kept.current.get(tile.key);
					return rect && <Placed key={tile.key} tile={tile} rect={rect} />;
				})}
			</ul>
		</section>
	);
}

function Placed({ tile, rect }: { tile: Present; rect: Rect }) {
	const { x, y, width, height } = rect;
	const size = width < 132 ? "small" : width > 260 ? "large" : "medium";
	return (
		<li
			className="tile-place"
			data-leaving={tile.leaving || undefined}
			style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
		>
			{tile.kind === "person" && <PersonTile id={tile.id} size={size} height={height} />}
			{tile.kind === "screen" && <ScreenTile id={tile.id} size={size} />}
			{tile.kind === "ownScreen" && <OwnScreenTile size={size} />}
			{tile.kind === "self" && <SelfTile size={size} />}
		</li>
	);
}
