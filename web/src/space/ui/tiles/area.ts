// The part of the screen that is free for tiles, measured anew when what lies around them changes.

import { useLayoutEffect, useState } from "react";
import { useSpace } from "../../../state/space";
import { useMapOpen } from "../Minimap";
import { GAP, type Layout, type Rect, stripBox } from "./geometry";

/** As in styles/space.css: a panel or the little map, with the gap beside it. */
const PANEL_PX = 352;
const MINIMAP_PX = 252;
const BAR_PX = 92;
/** As in ui/narrow.ts. */
const NARROW_PX = 760;
const LOW_PX = 520;
const EDGE_PX = 12;
/** As in styles/space.css: microphone and camera stand above a sheet. */
const SHEET_TOOLS_PX = 56;
/** As high as the place's name; a little wider than one tile of that height. */
const BESIDE_HIGH_PX = 56;
const BESIDE_MIN_PX = 108;

interface Around {
	width: number;
	height: number;
	sign: { right: number; bottom: number };
}

function look(): Around {
	const sign = document.querySelector(".sign")?.getBoundingClientRect();
	return {
		width: window.innerWidth,
		height: window.innerHeight,
		sign: { right: sign?.right ?? 0, bottom: sign?.bottom ?? 0 },
	};
}

export function useTileArea(layout: Layout): Rect {
	const [around, setAround] = useState(look);
	const panel = useSpace((state) => state.panel !== "none");
	const minimap = useMapOpen();
	useLayoutEffect(() => {
		const measure = () => setAround(look());
		const watch = new ResizeObserver(measure);
		const sign = document.querySelector(".sign");
		if (sign) watch.observe(sign);
		window.addEventListener("resize", measure);
		measure();
		return () => {
			watch.disconnect();
			window.removeEventListener("resize", measure);
		};
	}, []);
	return areaFor(layout, around, panel, minimap);
}

export function areaFor(layout: Layout, around: Around, panel: boolean, minimap: boolean): Rect {
	const { width, height, sign } = around;
	const narrow = width < NARROW_PX;
	const beside = panel && !narrow ? PANEL_PX : 0;
	if (layout === "strip" && narrow && (panel || height < LOW_PX)) {
		// Here little is left of the place: the tiles go beside its name, small, and off the people they belong to.
		const free = width - sign.right - 2 * GAP;
		const beside = free >= BESIDE_MIN_PX;
		return {
			x: beside ? sign.right + GAP : GAP,
			y: beside ? EDGE_PX : sign.bottom + GAP,
			width: beside ? free : width - 2 * GAP,
			height: BESIDE_HIGH_PX,
		};
	}
	// The little map, if it is open, goes below the row.
	if (layout === "strip" && narrow) return { x: GAP, y: sign.bottom + GAP, width: width - 2 * GAP, height: height / 4 };
	if (layout === "strip") return stripBox({ width, height }, sign, Math.max(beside, minimap ? MINIMAP_PX : 0));
	const top = sign.bottom + EDGE_PX;
	// On a phone the sheet comes from below.
	const bottom = panel && narrow ? height * 0.62 + EDGE_PX + SHEET_TOOLS_PX : BAR_PX;
	return { x: EDGE_PX, y: top, width: width - 2 * EDGE_PX - beside, height: Math.max(80, height - top - bottom) };
}
