// A visit with media rooms, as far as the page goes: the browser's connections, the node at their other end and the space are
// stand-ins, and time is the test's.
//
// Long for one reason: all stories share the stand-ins, which have to agree with each other.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HearingPeer, MediaRoom, SpaceClient, SpaceEvent } from "../src/space/client";

class StandInElement {
	static readonly all: StandInElement[] = [];
	muted = false;
	volume = 1;
	srcObject: unknown = null;
	constructor() {
		StandInElement.all.push(this);
	}
	async play() {}
	pause() {}
}

class StandInChannel extends EventTarget {
	readyState = "connecting";
	readonly sent: { type: string; [field: string]: unknown }[] = [];
	send(text: string) {
		this.sent.push(JSON.parse(text));
	}
	close() {
		this.readyState = "closed";
	}
}

/** The connection, and what is at its other end. */
class StandIn extends EventTarget {
	static readonly all: StandIn[] = [];
	connectionState = "new";
	iceConnectionState = "new";
	signalingState = "stable";
	readonly channel = new StandInChannel();
	received = 0;
	/** When the last packet of a voice came. */
	mediaAt: number | null = null;
	/** Something is played of it. */
	sounds = false;

	constructor() {
		super();
		StandIn.all.push(this);
	}
	createDataChannel() {
		return this.channel;
	}
	addTransceiver(kind: string) {
		const sender = { replaceTrack: async () => {}, setStreams() {}, getParameters: () => ({ encodings: [] }) };
		const track = { kind, enabled: true, stop() {} };
		const played = () => (this.sounds ? [{ timestamp: Date.now(), audioLevel: 0 }] : []);
		return { sender, receiver: { track, getSynchronizationSources: played }, setCodecPreferences() {} };
	}
	async createOffer() {
		return { type: "offer", sdp: "v=0" };
	}
	async setLocalDescription() {}
	async setRemoteDescription() {}
	async getStats() {
		const voice = { type: "inbound-rtp", timestamp: Date.now(), lastPacketReceivedTimestamp: this.mediaAt };
		return new Map<string, object>([
			["pair", { type: "candidate-pair", bytesReceived: this.received }],
			["voice", this.mediaAt === null ? {} : voice],
		]);
	}
	close() {}

	become(state: string) {
		this.connectionState = state;
		this.dispatchEvent(new Event("connectionstatechange"));
	}
	open() {
		this.channel.readyState = "open";
		this.channel.dispatchEvent(new Event("open"));
		this.become("connected");
	}
	says(message: object) {
		this.received += 60;
		this.channel.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
	}
	beat() {
		this.says({ type: "beat", speakers: [] });
	}
	/** Puts somebody's voice on a lane, or nobody's. */
	lane(slot: number, id: number | null) {
		this.says({ type: "slots", slots: [{ picture: false, slot, content: id === null ? null : [id, "microphone"] }] });
	}
	get wants() {
		return this.channel.sent.filter(({ type }) => type === "want");
	}
	get wanted() {
		return this.wants.at(-1)?.["pictures"];
	}
}

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** As nodes do it. */
async function beatOn(ms: number, ...rooms: StandIn[]) {
	for (let passed = 0; passed < ms; passed += 500) {
		for (const room of rooms) room.beat();
		await pass(500);
	}
}

const room = (number: number, more = {}): MediaRoom => ({ room: number, publish: true, leaving: false, ...more });
const rights = { hears: true, heard: true, fullVolume: false };

const hearing = (rooms: MediaRoom[], ids: number[], peers: Partial<HearingPeer>[] = []): SpaceEvent =>
	({
		...{ type: "hearing", room: "open", beyond: 0, audience: 0, locked: false, lockedOut: 0, mediaRooms: rooms },
		...{ roomPeers: ids.map((id) => ({ id, ...rights })), peers: peers.map((peer) => ({ ...rights, ...peer })) },
	}) as unknown as SpaceEvent;

const welcome = { type: "welcome", self: 1 } as unknown as SpaceEvent;

/** One that runs out after as many seconds. */
const grantFor = (seconds: number) => `x.${btoa(JSON.stringify({ iat: 0, exp: seconds }))}.x`;

/** What the Worker answers to whoever would join. */
let answer: () => Response;
let joins: number;
const refusal =
	(status: number, code: string, more = {}) =>
	() =>
		Response.json({ error: { code, message: "no", ...more } }, { status });

/** Shows somebody's camera, or not. */
async function show(...ids: number[]) {
	const { useSpace } = await import("../src/state/space");
	useSpace.setState({ people: new Map(ids.map((id) => [id, { id, camera: true, userId: `u${id}` }])) as never });
}

async function begin() {
	const { Visit } = await import("../src/media/visit");
	const visit = new Visit("one", false, { company() {}, soundBlocked() {}, pulse() {} });
	const sounds = new Map<number, number>();
	const client = {
		...{ hope: vi.fn(), wantGrant: vi.fn(), roomLost: vi.fn(), flows: vi.fn(), publish: vi.fn(), signal: vi.fn() },
		...{ report: vi.fn(), moving: () => false },
		hearing: () => Float32Array.from([...sounds].flatMap(([id, gain]) => [id, gain, 0, 50])),
	};
	visit.attach(client as unknown as SpaceClient);
	visit.handle(welcome);
	return { visit, client, sounds };
}

type World = Awaited<ReturnType<typeof begin>>;

/** In these rooms, with these people; the node has said its first word in each. */
async function joined(rooms = [room(1)], ids = [7]): Promise<World & { nodes: StandIn[] }> {
	const world = await begin();
	world.visit.handle(hearing(rooms, ids));
	for (const { room } of rooms) world.visit.handle({ type: "mediaGrant", room, grant: grantFor(300) });
	await pass();
	const nodes = rooms.map((_, n) => StandIn.all[n] as StandIn);
	for (const node of nodes) node.open();
	for (const node of nodes) node.beat();
	await pass();
	return { ...world, nodes };
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.resetModules();
	StandIn.all.length = 0;
	StandInElement.all.length = 0;
	joins = 0;
	answer = () => Response.json({ answer: "v=0" });
	vi.stubGlobal("window", new EventTarget());
	vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: false }));
	vi.stubGlobal("navigator", { onLine: true });
	vi.stubGlobal("Audio", StandInElement);
	vi.stubGlobal("MediaStream", class {});
	vi.stubGlobal("RTCPeerConnection", StandIn);
	vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => ({ codecs: [] }) });
	vi.stubGlobal("fetch", async (path: string) => {
		if (!path.endsWith("/media/join")) return new Promise(() => {});
		joins += 1;
		return answer();
	});
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe("a node that falls silent", () => {
	it("makes one doubt the socket, once for all of its rooms", async () => {
		const { visit, client } = await joined([room(1), room(2)]);
		await pass(2_000);
		expect(client.roomLost.mock.calls).toEqual([[1], [2]]);
		expect(client.hope).toHaveBeenCalledTimes(1);
		visit.leave();
	});

	it("makes one doubt it also where the browser gave up first, but not before anything ever came", async () => {
		const { visit, client, nodes } = await joined([room(1)]);
		nodes[0]?.become("failed");
		expect(client.hope).toHaveBeenCalledTimes(1);
		await pass(600);
		StandIn.all[1]?.become("failed");
		await pass(1_000);
		expect([client.hope.mock.calls.length, client.roomLost.mock.calls.length]).toEqual([1, 2]);
		visit.leave();
	});

	it("is no reason to doubt it where it says goodbye, or lets one go", async () => {
		const { visit, client, nodes } = await joined([room(1), room(2)]);
		nodes[0]?.says({ type: "bye", reason: "removed" });
		nodes[1]?.channel.dispatchEvent(new Event("close"));
		await pass(400);
		expect(client.roomLost).toHaveBeenCalledTimes(2);
		expect(client.hope).not.toHaveBeenCalled();
		visit.leave();
	});

	it("is lost after 1.4 s where voices broke off, too", async () => {
		const { visit, client, nodes } = await joined();
		const [node] = nodes as [StandIn];
		node.mediaAt = Date.now() + 400;
		await pass(1_390);
		expect(client.roomLost).not.toHaveBeenCalled();
		await pass(20);
		expect(client.roomLost).toHaveBeenCalledTimes(1);
		visit.leave();
	});

	it("is not lost where only beats came, and one of them is sent again after a second", async () => {
		const { visit, client, nodes } = await joined();
		const [node] = nodes as [StandIn];
		// Somebody spoke a while ago.
		node.mediaAt = Date.now() - 1_500;
		// The beat of 500 ms is lost, and that of 1,000 has come and waits for it.
		await pass(1_000);
		node.received += 60;
		await pass(500);
		for (let late = 0; late < 3; late += 1) node.beat();
		await beatOn(3_000, node);
		expect(client.roomLost).not.toHaveBeenCalled();
		await pass(1_290);
		expect(client.roomLost, "where it is dead, it is").not.toHaveBeenCalled();
		await pass(20);
		expect(client.roomLost).toHaveBeenCalledTimes(1);
		visit.leave();
	});

	it("is not lost where somebody says nothing, for of silence there is a packet only every 400 ms", async () => {
		const { visit, client, nodes } = await joined();
		const [node] = nodes as [StandIn];
		for (let passed = 0; passed < 1_600; passed += 400) {
			await pass(passed === 0 ? 280 : 400);
			node.mediaAt = Date.now();
			node.received += 40;
		}
		node.beat();
		await beatOn(2_000, node);
		expect(client.roomLost).not.toHaveBeenCalled();
		visit.leave();
	});

	it("is not lost as long as anything comes", async () => {
		const { visit, client, nodes } = await joined();
		const [node] = nodes as [StandIn];
		for (let passed = 0; passed < 5_000; passed += 100) {
			node.received += 100;
			await pass(100);
		}
		expect(client.roomLost).not.toHaveBeenCalled();
		visit.leave();
	});
});

describe("with the socket back", () => {
	it("what waits for a grant asks again at once, and has its time from then on", async () => {
		const { visit, client } = await begin();
		visit.handle(hearing([room(1)], [7]));
		await pass(9_000);
		expect(client.wantGrant).toHaveBeenCalledTimes(1);
		visit.handle(welcome);
		expect(client.wantGrant).toHaveBeenCalledTimes(2);
		await pass(5_000);
		expect(client.roomLost).not.toHaveBeenCalled();
		visit.leave();
	});

	it("a lost room is begun again at once", async () => {
		const { visit, client, nodes } = await joined();
		nodes[0]?.become("failed");
		expect(StandIn.all).toHaveLength(1);
		visit.handle(welcome);
		expect(StandIn.all).toHaveLength(2);
		expect(client.wantGrant).toHaveBeenCalledTimes(2);
		visit.leave();
	});

	it("a room that has what it needs asks for nothing", async () => {
		const { visit, client } = await joined();
		visit.handle(welcome);
		expect([client.wantGrant.mock.calls.length, StandIn.all.length]).toEqual([1, 1]);
		visit.leave();
	});

	it("which ways flow is said anew (P36)", async () => {
		const { visit, client, nodes } = await joined();
		await beatOn(1_500, ...nodes);
		expect(client.flows.mock.lastCall).toEqual([[1], []]);
		const before = client.flows.mock.calls.length;
		await beatOn(1_000, ...nodes);
		expect(client.flows).toHaveBeenCalledTimes(before);
		visit.handle(welcome);
		visit.handle(hearing([room(1)], [7]));
		expect(client.flows).toHaveBeenCalledTimes(before + 1);
		expect(client.flows.mock.lastCall).toEqual([[1], []]);
		visit.leave();
	});
});

describe("a grant", () => {
	it("is asked for until another one was taken", async () => {
		const { visit, client, nodes } = await joined();
		const asked = () => client.wantGrant.mock.calls.length;
		await beatOn(209_500, ...nodes);
		expect(asked()).toBe(1);
		await beatOn(1_000, ...nodes);
		expect(asked()).toBe(2);
		await beatOn(30_000, ...nodes);
		expect(asked()).toBe(5);
		visit.handle({ type: "mediaGrant", room: 1, grant: grantFor(300) });
		expect(nodes[0]?.channel.sent.filter(({ type }) => type === "renew")).toHaveLength(1);
		await beatOn(100_000, ...nodes);
		expect(asked()).toBe(5);
		visit.leave();
	});

	it("that comes when the connection is given up is not used up for it", async () => {
		const { visit, client } = await begin();
		const { tally } = await import("../src/media/tally");
		visit.handle(hearing([room(1)], [7]));
		await pass(10_000);
		expect(client.roomLost).toHaveBeenCalledTimes(1);
		visit.handle({ type: "mediaGrant", room: 1, grant: grantFor(300) });
		await pass(100);
		expect(joins).toBe(0);
		visit.leave();
		expect(tally.timers).toBe(0);
	});
});

describe("what is wanted of rooms", () => {
	const look = (hidden: boolean) => {
		Object.assign(document, { hidden });
		document.dispatchEvent(new Event("visibilitychange"));
	};
	const picture = (session: number, height_px: number) => ({ session, kind: "camera", height_px });

	it("is nothing while nobody looks, and the same again when somebody does", async () => {
		await show(7, 8);
		const { visit, nodes } = await joined([room(1)], [7, 8]);
		const [node] = nodes as [StandIn];
		await pass(200);
		visit.person(7)?.setTile("camera", { width: 320, height: 180 });
		await pass(200);
		expect(node.wanted).toEqual([picture(7, 180), picture(8, 90)]);
		// The page tells of tiles of its own accord, as of those that are gone.
		look(true);
		visit.person(7)?.setTile("camera", { width: 0, height: 0 });
		await pass(200);
		expect(node.wanted).toEqual([]);
		look(false);
		visit.person(7)?.setTile("camera", { width: 320, height: 180 });
		await pass(200);
		expect(node.wanted).toEqual([picture(7, 180), picture(8, 90)]);
		visit.leave();
	});

	it("is what floats in a window of its own, while its tab is hidden", async () => {
		await show(7, 8);
		const { visit, nodes } = await joined([room(1)], [7, 8]);
		visit.person(7)?.setTile("camera", { width: 320, height: 180 });
		look(true);
		await pass(400);
		expect(nodes[0]?.wanted, "one picture").toEqual([picture(7, 180)]);
		Object.assign(window, { documentPictureInPicture: { window: {} } });
		look(true);
		await pass(200);
		expect(nodes[0]?.wanted, "all tiles").toEqual([picture(7, 180), picture(8, 90)]);
		visit.leave();
	});

	it("is said of a room that is joined while nobody looks", async () => {
		await show(7);
		Object.assign(document, { hidden: true });
		const { visit, nodes } = await joined();
		await pass(200);
		expect(nodes[0]?.wanted).toEqual([]);
		visit.leave();
	});

	it("is said a few times a second however often tiles change their size, and in the end as it is", async () => {
		const ids = [7, 8, 9, 10];
		await show(...ids);
		const { visit, nodes } = await joined([room(1)], ids);
		const [node] = nodes as [StandIn];
		await pass(500);
		const before = node.wants.length;
		let height = 100;
		const grow = () => {
			height += 1;
			for (const id of ids) visit.person(id)?.setTile("camera", { width: height * 2, height });
		};
		grow();
		await pass();
		expect(node.wants.length - before, "the first at once").toBe(1);
		expect(node.wanted).toEqual(ids.map((id) => picture(id, height)));
		for (let passed = 0; passed < 1_000; passed += 16) {
			grow();
			// Somebody comes and somebody goes, too.
			visit.handle(hearing([room(1)], passed % 32 === 0 ? ids : ids.slice(1)));
			visit.handle({ type: "people", changed: [], left: [] } as unknown as SpaceEvent);
			await pass(16);
		}
		expect(node.wants.length - before).toBeLessThanOrEqual(9);
		visit.handle(hearing([room(1)], ids));
		grow();
		grow();
		await pass(200);
		for (const id of ids.slice(1)) expect(node.wanted).toContainEqual(picture(id, height));
		visit.leave();
	});
});

describe("what is wanted of people one is connected to", () => {
	it("is nothing either while nobody looks at what has no tile yet", async () => {
		const { visit } = await begin();
		visit.handle(hearing([], [], [{ id: 7, epoch: 1, polite: false }]));
		await pass(1_000);
		const wants = () => StandIn.all[0]?.channel.sent.filter(({ type }) => type === "wants").at(-1);
		StandIn.all[0]?.open();
		expect(wants()).toMatchObject({ camera: null, screen: null });
		visit.person(7)?.setTile("camera", { width: 320, height: 180 });
		Object.assign(document, { hidden: true });
		document.dispatchEvent(new Event("visibilitychange"));
		expect(wants()).toMatchObject({ camera: { width: 320, height: 180 }, screen: { width: 0, height: 0 } });
		Object.assign(document, { hidden: false });
		document.dispatchEvent(new Event("visibilitychange"));
		expect(wants()).toMatchObject({ camera: { width: 320, height: 180 }, screen: null });
		visit.leave();
	});
});

describe("whom one does not hear any more", () => {
	const loud = () => StandInElement.all.filter(({ srcObject }) => srcObject).flatMap(({ volume }) => volume || []);

	it("is not played, though the node still has them on a lane, and is when they are heard again", async () => {
		const { visit, nodes, sounds } = await joined([room(1)], [7, 8]);
		const [node] = nodes as [StandIn];
		for (const id of [7, 8]) sounds.set(id, id / 10);
		node.lane(0, 7);
		node.lane(1, 8);
		visit.wake();
		await pass(800);
		expect(loud().map((volume) => volume.toFixed(1))).toEqual(["0.7", "0.8"]);
		sounds.delete(7);
		visit.handle(hearing([room(1)], [8]));
		let last = visit.inspect.gainOf(8);
		for (let passed = 0; passed < 800; passed += 16) {
			await pass(16);
			last = Math.min(last, visit.inspect.gainOf(8));
		}
		node.beat();
		expect(
			loud().map((volume) => volume.toFixed(1)),
			"without a jump of the other",
		).toEqual(["0.8"]);
		expect(last).toBeCloseTo(0.8);
		sounds.set(7, 0.7);
		visit.handle(hearing([room(1)], [7, 8]));
		await pass(800);
		expect(loud()).toHaveLength(2);
		visit.leave();
	});

	it("is not played where nobody is heard at all any more", async () => {
		const { visit, nodes, sounds } = await joined();
		sounds.set(7, 1);
		nodes[0]?.lane(0, 7);
		await beatOn(1_000, ...nodes);
		expect(loud()).toHaveLength(1);
		visit.handle(hearing([room(1)], []));
		await beatOn(1_000, ...nodes);
		expect(loud()).toEqual([]);
		visit.leave();
	});

	it("fades, and in a hidden tab, where the steps of that come too late, is cut off", async () => {
		for (const hidden of [false, true]) {
			const { visit, nodes, sounds } = await joined();
			sounds.set(7, 1);
			nodes[0]?.lane(0, 7);
			await beatOn(1_000, ...nodes);
			Object.assign(document, { hidden });
			visit.handle(hearing([room(1)], []));
			await (hidden ? Promise.resolve() : pass(32));
			expect(loud()[0] ?? 0).toBeLessThan(1);
			expect((loud()[0] ?? 0) > 0.7).toBe(!hidden);
			visit.leave();
			Object.assign(document, { hidden: false });
		}
	});

	it("is played from the first word on, where the tab is hidden and timers ring late", async () => {
		const { visit, nodes, sounds } = await joined();
		Object.assign(document, { hidden: true });
		sounds.set(7, 1);
		nodes[0]?.lane(0, 7);
		visit.wake();
		await Promise.resolve();
		expect(loud()).toEqual([1]);
		visit.leave();
		Object.assign(document, { hidden: false });
	});

	it("is nobody who is heard through another room from now on", async () => {
		const { visit, nodes, sounds } = await joined([room(1), room(2)]);
		const [before, after] = nodes as [StandIn, StandIn];
		sounds.set(7, 1);
		before.lane(0, 7);
		before.sounds = true;
		visit.handle(hearing([room(1, { leaving: true }), room(2)], [7]));
		await beatOn(1_000, ...nodes);
		const heard = () => loud().reduce((sum, volume) => sum + volume, 0);
		expect(heard()).toBeCloseTo(1);
		after.lane(3, 7);
		after.sounds = true;
		let least = 1;
		for (let passed = 0; passed < 1_000; passed += 10) {
			if (passed % 500 === 0) for (const node of nodes) node.beat();
			await pass(10);
			least = Math.min(least, heard());
		}
		expect(least).toBeGreaterThan(0.95);
		expect(visit.inspect.gainOf(7)).toBeCloseTo(1);
		visit.handle(hearing([room(2)], [7]));
		expect(heard()).toBeCloseTo(1);
		visit.leave();
	});
});

describe("a join that is refused", () => {
	async function refused(with_: () => Response) {
		answer = with_;
		const world = await begin();
		world.visit.handle(hearing([room(1)], [7]));
		world.visit.handle({ type: "mediaGrant", room: 1, grant: grantFor(300) });
		await pass();
		return { ...world, asked: () => world.client.wantGrant.mock.calls.length };
	}

	it.each([
		[403, "bad_grant"],
		[409, "used_grant"],
		[429, "too_many_requests"],
		[503, "node_full"],
		[503, "node_draining"],
	])("with %i %s is tried again with another grant, and the space has nobody looked after", async (status, code) => {
		const { visit, client, asked } = await refused(refusal(status, code));
		expect(asked()).toBe(1);
		await pass(500);
		expect(asked()).toBe(2);
		visit.handle({ type: "mediaGrant", room: 1, grant: grantFor(300) });
		await pass(900);
		expect(asked(), "and more and more rarely").toBe(2);
		await pass(200);
		expect(asked()).toBe(3);
		expect([client.roomLost.mock.calls.length, client.hope.mock.calls.length]).toEqual([0, 0]);
		visit.leave();
	});

	it("waits as long as it is told to", async () => {
		const { visit, asked } = await refused(refusal(429, "too_many_requests", { retry_in_ms: 20_000 }));
		await pass(19_900);
		expect(asked()).toBe(1);
		await pass(200);
		expect(asked()).toBe(2);
		visit.leave();
	});

	it("waits as long also where the network may be another", async () => {
		const { visit, asked } = await refused(refusal(429, "too_many_requests", { retry_in_ms: 20_000 }));
		await pass(10_000);
		window.dispatchEvent(new Event("online"));
		expect(asked()).toBe(1);
		await pass(10_100);
		expect(asked()).toBe(2);
		visit.leave();
	});

	it("is tried again at once where the network may be another, and nobody said how long to wait", async () => {
		const { visit, asked } = await refused(refusal(503, "node_full"));
		window.dispatchEvent(new Event("online"));
		expect(asked()).toBe(2);
		visit.leave();
	});

	it("because nobody reaches the node is told to the space", async () => {
		const { visit, client } = await refused(refusal(502, "node_unreachable"));
		expect(client.roomLost.mock.calls).toEqual([[1]]);
		visit.leave();
	});
});
