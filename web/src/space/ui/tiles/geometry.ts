// Where each tile lies, as rectangles in CSS pixels: strip, grid and spotlight. Pure: sizes in, rectangles out, in the order
// asked for. Every tile has the same shape, so that a row reads as a row; a picture of another shape is cut to it.

export interface Rect {
	x: number;
	y: number;
	width: number;
	height: number;
}

export type Layout = "strip" | "grid" | "spotlight";

/** Width over height. */
const ASPECT = 1.6;
export const GAP = 8;
/** A strip's tile is never wider, nor than this share of its room: it accompanies the place, it does not hide it. */
const STRIP_WIDTH_MAX = 240;
const STRIP_SHARE_MAX = 0.17;
const STRIP_WIDTH_USUAL = 176;
const GRID_WIDTH_MAX = 900;
const ROW_PX = 72;
const ROW_OF_ONE_PX = 90;
const ROW_WITH_SHARE_PX = 124;
/** Half an avatar's way from the middle of the screen, its name included, in CSS pixels. */
const AVATAR_PX = 118;
const STRIP_HEIGHT_MIN = 60;
/** A share takes this many rows and columns of a strip. */
const SHARE_CELLS = 2;
const FILMSTRIP_SHARE = 0.2;
const SHELF_SHARE = 0.36;
const FILMSTRIP_MIN = 72;
const FILMSTRIP_MAX = 150;

interface Place {
	column: number;
	row: number;
}

interface Plan {
	cell: number;
	columns: number;
	places: Place[];
}

const heightOf = (width: number): number => Math.floor(width / ASPECT);
const span = (cells: number, size: number): number => cells * size + (cells - 1) * GAP;

/** The widest cell of which so many fit. */
function cellFor(columns: number, rows: number, box: Rect, max: number): number {
	const across = (box.width - (columns - 1) * GAP) / columns;
	const down = ((box.height - (rows - 1) * GAP) / rows) * ASPECT;
	return Math.max(0, Math.floor(Math.min(across, down, max)));
}

/** Rows from the top; shares first and larger, where there are any, and people in the cells that they leave free. */
export function strip(box: Rect, shares: number, people: number): Rect[] {
	if (shares === 0) return rows(box, people, stripWidthMax(box), "top");
	const { cell, columns, places } = bestPlan(box, shares, people);
	const height = heightOf(cell);
	const left = box.x + Math.floor((box.width - span(columns, cell)) / 2);
	return places.map(({ column, row }, i) => {
		const cells = i < shares ? SHARE_CELLS : 1;
		return {
			x: left + column * (cell + GAP),
			y: box.y + row * (height + GAP),
			width: span(cells, cell),
			height: span(cells, height),
		};
	});
}

const stripWidthMax = (box: Rect): number =>
	Math.min(STRIP_WIDTH_MAX, Math.max(STRIP_WIDTH_USUAL, box.width * STRIP_SHARE_MAX));

/** Of all numbers of columns, the one with the largest tiles. */
function bestPlan(box: Rect, shares: number, people: number): Plan {
	const plans: Plan[] = [];
	for (let columns = SHARE_CELLS; columns <= SHARE_CELLS * shares + people; columns++) {
		const places = placesIn(columns, shares, people);
		const rows = Math.max(...places.map(({ row }, i) => row + (i < shares ? SHARE_CELLS : 1)));
		const used = Math.max(...places.map(({ column }, i) => column + (i < shares ? SHARE_CELLS : 1)));
		plans.push({ cell: cellFor(used, rows, box, stripWidthMax(box)), columns: used, places });
	}
	return plans.reduce((best, plan) => (plan.cell > best.cell ? plan : best));
}

/** Shares in bands from the left, then people wherever a cell is free, row by row. */
function placesIn(columns: number, shares: number, people: number): Place[] {
	const abreast = Math.floor(columns / SHARE_CELLS);
	const places: Place[] = Array.from({ length: shares }, (_, i) => ({
		column: SHARE_CELLS * (i % abreast),
		row: SHARE_CELLS * Math.floor(i / abreast),
	}));
	const taken = (column: number, row: number) =>
		places
			.slice(0, shares)
			.some((s) => column >= s.column && column < s.column + SHARE_CELLS && row >= s.row && row < s.row + SHARE_CELLS);
	for (let cell = 0; places.length < shares + people; cell++) {
		const [column, row] = [cell % columns, Math.floor(cell / columns)];
		if (!taken(column, row)) places.push({ column, row });
	}
	return places;
}

export interface Row {
	rects: Rect[];
	/** What all of them take; more than there is: the row scrolls sideways. */
	width: number;
	height: number;
}

/** On a phone: one low row, so that the place stays the main thing. Rectangles begin at the row's own corner. */
export function phoneRow(box: Pick<Rect, "width" | "height">, shares: number, people: number, self: boolean): Row {
	const { width } = box;
	const alone = shares === 0 && people === 1;
	const high = Math.min(box.height, shares > 0 ? ROW_WITH_SHARE_PX : alone ? ROW_OF_ONE_PX : ROW_PX);
	const rects: Rect[] = [];
	let x = 0;
	const add = (tileWidth: number) => {
		rects.push({ x, y: 0, width: tileWidth, height: high });
		x += tileWidth + GAP;
	};
	for (let i = 0; i < shares; i++) add(Math.floor(high * ASPECT));
	if (high === ROW_WITH_SHARE_PX) {
		// Beside a share people stand in two rows.
		const height = (high - GAP) / 2;
		const cell = Math.floor(height * ASPECT);
		for (let i = 0; i < people; i++) {
			rects.push({ x: x + Math.floor(i / 2) * (cell + GAP), y: (i % 2) * (height + GAP), width: cell, height });
		}
		x += Math.ceil(people / 2) * (cell + GAP);
	} else for (let i = 0; i < people; i++) add(Math.floor(high * ASPECT));
	// Oneself one knows: a narrow mirror will do.
	if (self) add(Math.floor(Math.min(high, ROW_PX) * 0.75));
	const taken = Math.max(0, x - GAP);
	const shift = Math.max(0, Math.floor((width - taken) / 2));
	return { rects: rects.map((rect) => ({ ...rect, x: rect.x + shift })), width: Math.max(width, taken), height: high };
}

/** All tiles alike and as large as they can be, in the middle. */
export const grid = (box: Rect, count: number): Rect[] => rows(box, count, GRID_WIDTH_MAX, "middle");

function rows(box: Rect, count: number, max: number, align: "top" | "middle"): Rect[] {
	let columns = 1;
	let cell = 0;
	for (let tried = 1; tried <= count; tried++) {
		const size = cellFor(tried, Math.ceil(count / tried), box, max);
		// Of two that are as large, the one with fewer rows.
		if (size >= cell) {
			cell = size;
			columns = tried;
		}
	}
	const height = heightOf(cell);
	const lines = Math.ceil(count / columns);
	const top = align === "top" ? box.y : box.y + Math.floor((box.height - span(lines, height)) / 2);
	return Array.from({ length: count }, (_, i) => {
		const line = Math.floor(i / columns);
		const inLine = Math.min(columns, count - line * columns);
		const left = box.x + Math.floor((box.width - span(inLine, cell)) / 2);
		return { x: left + (i % columns) * (cell + GAP), y: top + line * (height + GAP), width: cell, height };
	});
}

/** One large, the others in a film strip: at the side where the screen is wide, below where it is tall. */
export function spotlight(box: Rect, count: number, chosen: number): Rect[] {
	if (count <= 1) return grid(box, count);
	const others = count - 1;
	const wide = box.width > box.height;
	const film = wide ? column(box, others) : shelf(box, others);
	const large: Rect = wide
		? { ...box, width: (film[0] as Rect).x - GAP - box.x }
		: { ...box, height: (film[0] as Rect).y - GAP - box.y };
	const next = film.values();
	return Array.from({ length: count }, (_, i) => (i === chosen ? large : (next.next().value as Rect)));
}

function column(box: Rect, count: number): Rect[] {
	const wanted = Math.min(FILMSTRIP_MAX, Math.max(FILMSTRIP_MIN, box.width * FILMSTRIP_SHARE));
	const width = cellFor(1, count, box, Math.floor(wanted));
	const height = heightOf(width);
	const top = box.y + Math.floor((box.height - span(count, height)) / 2);
	return Array.from({ length: count }, (_, i) => ({
		x: box.x + box.width - width,
		y: top + i * (height + GAP),
		width,
		height,
	}));
}

/** Rows at the lower edge. */
function shelf(box: Rect, count: number): Rect[] {
	const height = Math.floor(box.height * SHELF_SHARE);
	const film = rows({ ...box, height }, count, FILMSTRIP_MAX, "top");
	const last = film.at(-1) as Rect;
	const down = box.y + box.height - (last.y + last.height);
	return film.map((rect) => ({ ...rect, y: rect.y + down }));
}

/** What the panels leave free at the top of a wide screen, symmetric to the middle where that is roomy enough. */
export function stripBox(
	screen: { width: number; height: number },
	sign: { right: number; bottom: number },
	rightTaken: number,
): Rect {
	const height = Math.max(
		STRIP_HEIGHT_MIN,
		Math.floor(Math.min(screen.height * 0.33, screen.height / 2 - AVATAR_PX)) - 12,
	);
	const left = sign.right + 16;
	const right = screen.width - rightTaken - 16;
	const half = Math.min(screen.width / 2 - left, right - screen.width / 2);
	// Beside an open panel there is no middle worth keeping.
	if (half < 190) return { x: left, y: 12, width: Math.max(120, right - left), height };
	return { x: screen.width / 2 - half, y: 12, width: half * 2, height };
}
