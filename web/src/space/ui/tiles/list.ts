// Which tiles there are: of those one hears, what they share, and oneself. Nobody there: none at all.

import type { MediaState, PeerMedia } from "../../../state/media";

export interface Tile {
	/** Stays the same as long as the tile means the same. */
	key: string;
	kind: "screen" | "ownScreen" | "person" | "self";
	/** A session; 0 for oneself. */
	id: number;
}

type Shown = Pick<MediaState, "peers"> & {
	/** Who says that they show themselves, whether or not their picture is here yet. */
	onCamera: ReadonlySet<number>;
	cameraOn: boolean;
	sharing: boolean;
};

/** So many people have a tile each. In a larger crowd only those who show something do: the place shows the others, and who speaks. */
const CROWD_MIN = 10;
/** As many pictures as a media room sends to one person. */
const PICTURES_MAX = 12;

function withTile(heard: PeerMedia[], onCamera: ReadonlySet<number>): PeerMedia[] {
	if (heard.length < CROWD_MIN) return heard;
	// Between one way and another a picture is gone for a moment: its tile stays.
	const showing = heard.filter((peer) => peer.camera || onCamera.has(peer.id));
	if (showing.length <= PICTURES_MAX) return showing;
	const speakersFirst = [...showing].sort((a, b) => weight(b) - weight(a));
	const chosen = new Set(speakersFirst.slice(0, PICTURES_MAX));
	return showing.filter((peer) => chosen.has(peer));
}

const weight = ({ speaking, camera }: PeerMedia): number => (speaking ? 2 : 0) + (camera ? 1 : 0);

/** Shares first, then people, oneself last. */
export function listTiles({ peers, onCamera, cameraOn, sharing }: Shown): Tile[] {
	// Whoever only hears me (I am on stage) has nothing to show.
	const heard = [...peers.values()].filter((peer) => peer.hears).sort((a, b) => a.id - b.id);
	if (peers.size === 0) return [];
	return [
		...heard.filter((peer) => peer.screen).map((peer) => tile("screen", peer.id)),
		...(sharing ? [tile("ownScreen", 0)] : []),
		...withTile(heard, onCamera).map((peer) => tile("person", peer.id)),
		...(cameraOn ? [tile("self", 0)] : []),
	];
}

const tile = (kind: Tile["kind"], id: number): Tile => ({ key: `${kind}:${id}`, kind, id });

/** A text that changes when the list does: peers change far more often than tiles. */
export const listKey = (tiles: readonly Tile[]): string => tiles.map(({ key }) => key).join(" ");
export const fromKey = (key: string): Tile[] =>
	key === ""
		? []
		: key.split(" ").map((each) => {
				const [kind, id] = each.split(":") as [Tile["kind"], string];
				return { key: each, kind, id: Number(id) };
			});

/** Who stands in the spotlight: whom one chose, else what is shared, else who spoke last, else the first. */
export function inSpotlight(tiles: readonly Tile[], pinned: string | null, lastSpoke: number | null): number {
	const found = [
		tiles.findIndex(({ key }) => key === pinned),
		tiles.findIndex(({ kind }) => kind === "screen"),
		tiles.findIndex(({ kind, id }) => kind === "person" && id === lastSpoke),
		tiles.findIndex(({ kind }) => kind === "person"),
	];
	return Math.max(0, found.find((index) => index >= 0) ?? 0);
}

export const speakerAmong = (peers: ReadonlyMap<number, PeerMedia>): number | null =>
	[...peers.values()].find((peer) => peer.speaking && peer.hears)?.id ?? null;
