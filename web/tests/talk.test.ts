// What the screens make of the media store: which tiles there are, what the sign says, what is told to senders.

import { describe, expect, it } from "vitest";
import { type Hearing, heardBy, roomNotes } from "../src/space/ui/talk/notes";
import { cameraState, microphoneState } from "../src/space/ui/talk/states";
import { fromKey, inSpotlight, listKey, listTiles, speakerAmong } from "../src/space/ui/tiles/list";
import { ShownSizes } from "../src/space/ui/tiles/sizes";
import type { PeerMedia } from "../src/state/media";

const STREAM = {} as MediaStream;

const peer = (id: number, part: Partial<PeerMedia> = {}): PeerMedia => ({
	id,
	state: "connected",
	reason: null,
	retryInMs: null,
	hears: true,
	heard: true,
	camera: null,
	screen: null,
	speaking: false,
	audioOnly: false,
	volume: 1,
	...part,
});
const peers = (...all: PeerMedia[]) => new Map(all.map((each) => [each.id, each]));

describe("the tiles", () => {
	it("are none where nobody is, whatever oneself shows", () => {
		expect(listTiles({ peers: peers(), onCamera: new Set(), cameraOn: true, sharing: true })).toEqual([]);
	});

	it("are shares, then people, then oneself", () => {
		const tiles = listTiles({
			peers: peers(peer(9), peer(4, { screen: STREAM })),
			onCamera: new Set(),
			cameraOn: true,
			sharing: true,
		});
		expect(tiles.map(({ key }) => key)).toEqual(["screen:4", "ownScreen:0", "person:4", "person:9", "self:0"]);
		expect(fromKey(listKey(tiles))).toEqual(tiles);
		expect(fromKey("")).toEqual([]);
	});

	it("leave out whoever only hears one from before a stage", () => {
		const tiles = listTiles({
			peers: peers(peer(1, { hears: false })),
			onCamera: new Set(),
			cameraOn: false,
			sharing: false,
		});
		expect(tiles).toEqual([]);
	});

	it("put into the spotlight whom one chose, else a share, else who spoke last, else the first", () => {
		const tiles = fromKey("screen:4 person:4 person:9 self:0");
		expect(inSpotlight(tiles, "person:9", 4)).toBe(2);
		expect(inSpotlight(tiles, null, 9)).toBe(0);
		const people = fromKey("person:4 person:9");
		expect(inSpotlight(people, "person:77", 9)).toBe(1);
		expect(inSpotlight(people, null, null)).toBe(0);
		expect(speakerAmong(peers(peer(1), peer(2, { speaking: true })))).toBe(2);
	});
});

describe("the tiles of a crowd", () => {
	const crowd = (count: number, part: (n: number) => Partial<PeerMedia>, onCamera: number[] = []) =>
		listTiles({
			onCamera: new Set(onCamera),
			peers: peers(...Array.from({ length: count }, (_, n) => peer(n + 1, part(n + 1)))),
			cameraOn: false,
			sharing: false,
		}).map(({ id }) => id);

	it("are one for everybody while it is small", () => expect(crowd(9, () => ({}))).toHaveLength(9));
	it("are of those who show something when it is large", () =>
		expect(crowd(20, (n) => (n % 7 === 0 ? { camera: STREAM } : {}))).toEqual([7, 14]));
	it("stay while a picture comes another way, and are rather of those whose picture is here", () => {
		expect(crowd(20, (n) => (n === 7 ? { camera: STREAM } : {}), [7, 14])).toEqual([7, 14]);
		const all = Array.from({ length: 20 }, (_, n) => n + 1);
		expect(crowd(20, (n) => (n > 8 ? { camera: STREAM } : {}), all)).toEqual(all.slice(8));
	});
	it("are of those who speak first when too many show something", () => {
		const shown = crowd(30, (n) => ({ camera: STREAM, speaking: n === 29 }));
		expect(shown).toHaveLength(12);
		expect(shown).toContain(29);
		expect(shown).toContain(1);
	});
});

describe("the sign", () => {
	const open: Hearing = {
		room: "open",
		beyond: 0,
		locked: false,
		lockedOut: 0,
		way: "direct",
		relay: false,
		heard: 0,
		audience: 0,
		status: "available",
		area: null,
	};
	const words = (part: Partial<Hearing>) => roomNotes({ ...open, ...part }).map((note) => note.words);

	it("says nothing where whoever is near is heard", () => expect(words({ heard: 3 })).toEqual([]));
	it("says that nobody hears one in a silent area", () =>
		expect(words({ room: "silent", locked: true })).toEqual(["It is quiet here: nobody hears you."]));
	it("says who hears one in a private area", () =>
		expect(words({ room: "private", area: "Willow" })).toEqual(["Only those in Willow hear you."]));
	it("counts those beyond reach", () =>
		expect(words({ heard: 8, beyond: 4 })).toEqual(["12 people are near; you hear the nearest 8."]));
	it("says last that it goes through a server", () => {
		expect(words({ way: "room", heard: 12 })).toEqual(["A crowd: sound and picture go through a media server."]);
		expect(words({ way: "zones", beyond: 2, room: "private" })).toHaveLength(2);
	});
	it("counts all who hear one on a stage, the near ones too", () => {
		const both = { hears: true, heard: true };
		const near = new Map([
			[1, both],
			[2, both],
		]);
		expect(heardBy(near, 0)).toBe(0);
		expect(heardBy(near, 5)).toBe(7);
		expect(heardBy(new Map([...near, [3, { hears: false, heard: true }], [4, { hears: true, heard: false }]]), 0)).toBe(
			3,
		);
		expect(words({ heard: 2, audience: 7 })).toEqual(["On stage: heard by 7 people."]);
	});
	it("puts do not disturb above all", () => expect(words({ status: "dnd", room: "private" })).toHaveLength(1));
	it("never says more than two things", () =>
		expect(words({ locked: true, lockedOut: 1, beyond: 2, room: "private", relay: true, heard: 1 })).toHaveLength(2));
});

describe("the buttons", () => {
	it("show trouble before wishes", () => {
		expect(microphoneState("denied", true)).toBe("problem");
		expect(microphoneState("starting", true)).toBe("starting");
		expect(microphoneState("on", true)).toBe("off");
		expect(microphoneState("on", false)).toBe("on");
		expect(microphoneState("off", false)).toBe("off");
		expect(cameraState("busy")).toBe("problem");
		expect(cameraState("on")).toBe("on");
	});
});

describe("what senders are told", () => {
	it("is the largest place that shows a picture, told once, and nothing when none is left", () => {
		const told: unknown[] = [];
		const sizes = new ShownSizes((...size) => told.push(size));
		const [tile, view] = [{}, {}];
		sizes.set(tile, 7, "screen", { width: 320, height: 200 });
		sizes.set(tile, 7, "screen", { width: 320, height: 200 });
		sizes.set(view, 7, "screen", { width: 1280, height: 800 });
		sizes.set(tile, 7, "screen", { width: 400, height: 250 });
		sizes.set(view, 7, "screen", null);
		sizes.set(tile, 7, "screen", null);
		expect(told).toEqual([
			[7, "screen", 320, 200],
			[7, "screen", 1280, 800],
			[7, "screen", 400, 250],
			[7, "screen", 0, 0],
		]);
	});
});
