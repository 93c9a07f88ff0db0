// What the screens make of the media store: which tiles there are, what the sign says, what is told to senders.

import { describe, expect, it } from "vitest";
import { type Hearing, roomNotes } from "../src/space/ui/talk/notes";
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
		expect(listTiles({ peers: peers(), cameraOn: true, sharing: true })).toEqual([]);
	});

	it("are shares, then people, then oneself", () => {
		const tiles = listTiles({ peers: peers(peer(9), peer(4, { screen: STREAM })), cameraOn: true, sharing: true });
		expect(tiles.map(({ key }) => key)).toEqual(["screen:4", "ownScreen:0", "person:4", "person:9", "self:0"]);
		expect(fromKey(listKey(tiles))).toEqual(tiles);
		expect(fromKey("")).toEqual([]);
	});

	it("leave out whoever only hears one from before a stage", () => {
		const tiles = listTiles({ peers: peers(peer(1, { hears: false })), cameraOn: false, sharing: false });
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

describe("the sign", () => {
	const open: Hearing = {
		room: "open",
		beyond: 0,
		locked: false,
		lockedOut: 0,
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
