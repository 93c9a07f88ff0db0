// A Tiled map as the renderer wants it: layers below and above people, objects with foot lines, and named places.
// What people may walk through is the world crate's business; the collision grid is here for drawing overviews only.

export const TILE = 32;
/** Objects sorted this far back lie flat on the floor and are painted with it. */
const FLAT = -500;

interface TiledProperty {
	name: string;
	value: unknown;
}
interface TiledTile {
	id: number;
	x?: number;
	y?: number;
	width?: number;
	height?: number;
	properties?: TiledProperty[];
	animation?: { duration: number; tileid: number }[];
}
interface TiledTileset {
	firstgid: number;
	name: string;
	columns: number;
	tiles?: TiledTile[];
}
interface TiledObject {
	gid?: number;
	name: string;
	type?: string;
	class?: string;
	x: number;
	y: number;
	width: number;
	height: number;
	properties?: TiledProperty[];
}
interface TiledLayer {
	name: string;
	type: string;
	data?: number[];
	objects?: TiledObject[];
	visible?: boolean;
}
interface TiledMap {
	width: number;
	height: number;
	layers: TiledLayer[];
	tilesets: TiledTileset[];
	properties?: TiledProperty[];
}

export interface Sprite {
	x: number;
	y: number;
	w: number;
	h: number;
}
export interface Timeline {
	total_ms: number;
	steps: { until_ms: number; index: number }[];
}
export interface MapObject {
	name: string;
	/** Top left corner on the map. */
	x: number;
	y: number;
	sprite: Sprite;
	frames: { timeline: Timeline; sprites: Sprite[] } | null;
	foot: number;
	sway: boolean;
	glow: string | null;
}
export interface Area {
	name: string;
	x: number;
	y: number;
	w: number;
	h: number;
	private: boolean;
	silent: boolean;
	stage: boolean;
}
export interface Seat {
	x: number;
	y: number;
	facing: number;
	seatY: number;
}
export interface Light {
	x: number;
	y: number;
	color: string;
	radius: number;
	kind: string;
}
export interface MapModel {
	name: string;
	columns: number;
	rows: number;
	width: number;
	height: number;
	tileColumns: number;
	/** Tile indices (0 = none, otherwise index + 1 in the tile sheet). */
	below: Uint16Array[];
	above: Uint16Array[];
	solid: Uint8Array;
	animated: Map<number, Timeline>;
	flat: MapObject[];
	standing: MapObject[];
	areas: Area[];
	seats: Seat[];
	lights: Light[];
	spawn: { x: number; y: number; w: number; h: number };
}

const props = (list: TiledProperty[] | undefined): Record<string, unknown> =>
	Object.fromEntries((list ?? []).map((p) => [p.name, p.value]));

const FACINGS = ["down", "up", "left", "right"];
const GID_MASK = 0x0fffffff;

function timeline(animation: { duration: number; tileid: number }[]): Timeline {
	let until_ms = 0;
	const steps = animation.map((step) => {
		until_ms += step.duration;
		return { until_ms, index: step.tileid };
	});
	return { total_ms: until_ms, steps };
}

export function stepAt(line: Timeline, now_ms: number): number {
	const at = now_ms % line.total_ms;
	return (line.steps.find((step) => at < step.until_ms) ?? line.steps[0])?.index ?? 0;
}

class Objects {
	readonly #kinds = new Map<number, { tile: TiledTile; props: Record<string, unknown> }>();
	readonly #first: number;

	constructor(set: TiledTileset | undefined) {
		this.#first = set?.firstgid ?? 0;
		for (const tile of set?.tiles ?? []) this.#kinds.set(tile.id, { tile, props: props(tile.properties) });
	}

	#sprite(id: number): Sprite | null {
		const tile = this.#kinds.get(id)?.tile;
		return tile ? { x: tile.x ?? 0, y: tile.y ?? 0, w: tile.width ?? TILE, h: tile.height ?? TILE } : null;
	}

	place(object: TiledObject): { object: MapObject; offset: number } | null {
		if (object.gid === undefined) return null;
		const id = (object.gid & GID_MASK) - this.#first;
		const kind = this.#kinds.get(id);
		const sprite = this.#sprite(id);
		if (!kind || !sprite) return null;
		const offset = Number(kind.props["sortOffset"] ?? 0);
		const animation = kind.tile.animation;
		const sprites = animation?.map((step) => this.#sprite(step.tileid) ?? sprite);
		const line = animation ? timeline(animation.map((step, i) => ({ duration: step.duration, tileid: i }))) : null;
		return {
			offset,
			object: {
				name: String(kind.props["name"] ?? object.name),
				x: Math.round(object.x),
				y: Math.round(object.y - sprite.h),
				sprite,
				frames: line && sprites ? { timeline: line, sprites } : null,
				foot: object.y + offset,
				sway: kind.props["sway"] === true,
				glow: typeof kind.props["glow"] === "string" ? kind.props["glow"] : null,
			},
		};
	}
}

export function parseMap(json: string): MapModel {
	const map = JSON.parse(json) as TiledMap;
	const tiles = map.tilesets.find((set) => set.name === "tiles");
	const objects = new Objects(map.tilesets.find((set) => set.name === "objects"));
	const first = tiles?.firstgid ?? 1;
	const animated = new Map<number, Timeline>();
	for (const tile of tiles?.tiles ?? []) if (tile.animation) animated.set(tile.id + 1, timeline(tile.animation));

	const model: MapModel = {
		name: String(props(map.properties)["mapName"] ?? ""),
		columns: map.width,
		rows: map.height,
		width: map.width * TILE,
		height: map.height * TILE,
		tileColumns: tiles?.columns ?? 1,
		below: [],
		above: [],
		solid: new Uint8Array(map.width * map.height),
		animated,
		flat: [],
		standing: [],
		areas: [],
		seats: [],
		lights: [],
		spawn: { x: (map.width * TILE) / 2, y: (map.height * TILE) / 2, w: TILE, h: TILE },
	};
	let over = false;
	for (const layer of map.layers) {
		if (layer.type === "tilelayer") {
			if (layer.name === "collision") model.solid = Uint8Array.from(layer.data ?? [], (gid) => (gid ? 1 : 0));
			else if (layer.visible !== false) (over ? model.above : model.below).push(indices(layer.data ?? [], first));
		} else if (layer.name === "floorLayer") over = true;
		else if (layer.name === "places") for (const place of layer.objects ?? []) addPlace(model, place);
		else for (const object of layer.objects ?? []) addObject(model, objects, object);
	}
	return model;
}

const indices = (data: number[], first: number): Uint16Array =>
	Uint16Array.from(data, (gid) => (gid ? (gid & GID_MASK) - first + 1 : 0));

function addObject(model: MapModel, objects: Objects, object: TiledObject): void {
	const placed = objects.place(object);
	if (!placed) return;
	(placed.offset <= FLAT && !placed.object.frames ? model.flat : model.standing).push(placed.object);
}

function addPlace(model: MapModel, place: TiledObject): void {
	const { name, x, y, width: w, height: h } = place;
	const p = props(place.properties);
	switch (place.class || place.type) {
		case "spawn":
			model.spawn = { x, y, w, h };
			break;
		case "area":
			model.areas.push({ name, x, y, w, h, private: !!p["private"], silent: !!p["silent"], stage: !!p["stage"] });
			break;
		case "seat":
			model.seats.push({
				x: x + w / 2,
				y: y + h / 2,
				facing: Math.max(0, FACINGS.indexOf(String(p["facing"] ?? "down"))),
				seatY: Number(p["seatY"] ?? 0),
			});
			break;
		case "light":
			model.lights.push({
				x,
				y,
				color: String(p["color"] ?? "#ffe9a8"),
				radius: Number(p["radius"] ?? 64),
				kind: String(p["kind"] ?? "lamp"),
			});
			break;
	}
}
