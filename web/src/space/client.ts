// The browser's shell around the Rust client core: one WebSocket, one timer, local storage. It decides nothing.

import type { Look } from "../avatar/look";
import init, { Core, type Step } from "../wasm/earshot_client_core.js";
import wasmUrl from "../wasm/earshot_client_core_bg.wasm?url";
import type { Channel, Emote, Mail, MessageChange, NamedChannel, NudgeKind, ToldMessage } from "./words";

export type Status = "available" | "busy" | "dnd" | "away";
export type Facing = 0 | 1 | 2 | 3; // down, up, left, right
export type Direction = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7; // right, then clockwise by 45 degrees

export interface Person {
	id: number;
	userId: string;
	name: string;
	guest: boolean;
	role: "owner" | "admin" | "member" | "guest";
	look: Look;
	status: Status;
	connected: boolean;
	self: boolean;
	/** What they give others to hear and see. */
	microphone: boolean;
	camera: boolean;
	screen: boolean;
	/** In a conversation that nobody else may come into. */
	locked: boolean;
	/** Until they move. */
	pose: "" | "dance" | "sit";
	/** Since when the hand is up; 0: it is not. */
	handRaisedAt: number;
}

/** Somebody to be connected to directly. The same id with another epoch is another peering. */
export interface HearingPeer {
	id: number;
	epoch: number;
	/** Gives way when both make an offer. */
	polite: boolean;
	hears: boolean;
	heard: boolean;
	fullVolume: boolean;
}

/** A room on a node that forwards media: for crowds. */
export interface MediaRoom {
	/** Never used again within the space. */
	room: number;
	/** What one gives goes there. */
	publish: boolean;
	/** Another way is to take its place; it goes on until that one flows. */
	leaving: boolean;
}

/** Somebody reached through media rooms. */
export interface RoomPeer {
	id: number;
	hears: boolean;
	heard: boolean;
	fullVolume: boolean;
}

export type {
	Channel,
	ChatMessage,
	DirectMessage,
	Emote,
	Mail,
	MessageChange,
	NamedChannel,
	NudgeKind,
	Reaction,
	ToldMessage,
} from "./words";

export interface Publishing {
	microphone: boolean;
	camera: boolean;
	screen: boolean;
}

export type SpaceEvent =
	| {
			type: "connection";
			state: "connecting" | "online" | "reconnecting" | "ended";
			attempt: number;
			retryInMs?: number | null;
			reason?: { code: string; message: string } | null;
	  }
	| { type: "welcome"; self: number; resumed: boolean }
	| { type: "people"; changed: Person[]; left: number[] }
	| { type: "arrived"; target: "tile" }
	| { type: "following"; id: number | null }
	| {
			type: "hearing";
			room: "open" | "private" | "silent";
			peers: HearingPeer[];
			/** The media rooms one is to be in, and in no others. */
			mediaRooms: MediaRoom[];
			/** Whom one hears, or is heard by, through them; some may be peers as well, while one way takes the other's place. */
			roomPeers: RoomPeer[];
			/** How many hear one through rooms, as from a stage, without being heard. */
			audience: number;
			/** How many more are in earshot than can be connected to. */
			beyond: number;
			locked: boolean;
			/** How many a lock keeps apart. */
			lockedOut: number;
			/** The private area one is in. */
			area: { channel: Channel; name: string } | null;
	  }
	| { type: "signal"; from: number; epoch: number; payload: string }
	| { type: "said"; messages: ToldMessage[] }
	| {
			type: "sayRefused";
			reference: string;
			reason: "text" | "too_fast" | "channel" | "full" | "word" | "slow_mode" | "other";
			/** 0: never. */
			retryInMs: number;
	  }
	/** Said so long ago that it is not said again; it may have been heard, and may still be acknowledged. */
	| { type: "sayUnsure"; reference: string }
	/** Oldest first; some may be of messages one does not have. */
	| { type: "changed"; changes: MessageChange[] }
	/** After each welcome, and whenever any of it changes. */
	| { type: "rules"; slowModeS: number; channels: NamedChannel[] }
	/** Whether somebody else has the channel open that one has. */
	| { type: "onlookers"; channel: Channel; others: boolean }
	| { type: "typing"; id: number; channel: Channel }
	| { type: "emoted"; id: number; emote: Emote }
	| { type: "nudged"; from: number; kind: NudgeKind; knock: boolean }
	| { type: "nudgeAnswered"; from: number; kind: NudgeKind; accepted: boolean }
	| {
			type: "nudgeRefused";
			to: number;
			reason: "unavailable" | "dnd" | "too_fast" | "other";
			/** 0: not soon. */
			retryInMs: number;
	  }
	/** What lets one into a media room, once. */
	| { type: "mediaGrant"; room: number; grant: string }
	/** Null where it is of a kind that nobody here can read. */
	| { type: "mail"; mail: Mail | null }
	| {
			type: "signalRefused";
			to: number;
			reason: "out_of_earshot" | "stale" | "too_fast" | "too_long" | "away" | "other";
	  };

/** What the core measured; see `Statistics` in crates/client-core. */
export interface Statistics {
	intents: number;
	corrections: number;
	correctionPxMax: number;
	courses: number;
	lateCourses: number;
	latePxMax: number;
	frames: number;
	frameBytes: number;
	sent: number;
	sentBytes: number;
	roundTripMs: number | null;
}

/** Numbers for each avatar in a frame: id, x, y, facing, pose, distance walked, flags (1 self, 2 disconnected), seat offset. */
export const FRAME_STRIDE = 8;

export interface SpaceClient {
	readonly self: number | null;
	steer(direction: Direction | null, run: boolean): void;
	/** Map pixels. False: there is no way. */
	walkTo(xPx: number, yPx: number, run: boolean): boolean;
	pathPreview(xPx: number, yPx: number): Float32Array;
	follow(id: number | null): void;
	locate(id: number): { x: number; y: number; exact: boolean } | null;
	/** Where to stand with somebody: a free spot beside them. */
	beside(id: number): { x: number; y: number } | null;
	/** False: one is not connected. It is said as soon as one is. */
	setStatus(status: Status): boolean;
	/** As the status, said later where it must be. */
	setAway(away: boolean): void;
	/** Passes words on to a peer, within the peering of that epoch. */
	signal(to: number, epoch: number, payload: string): void;
	publish(what: Publishing): void;
	/** Locks the conversation one is in, or opens it again. */
	lock(locked: boolean): void;
	/** How one attempt to reach a peer went, for the space's counters. */
	report(outcome: "connected" | "failed", tookMs: number, via: string): void;
	/** Asks for a grant for a media room: to join it, or because the last one runs out. */
	wantGrant(room: number): void;
	/** Through which ways media flow, all of them; told while one is told of any media room, whenever it changes. */
	flows(rooms: number[], peers: number[]): void;
	/** The node of a media room is silent. */
	roomLost(room: number): void;
	/** Says something; the reference under which it comes back, or null where too much waits already. */
	say(channel: Channel, text: string, replyTo?: number, thought?: boolean): string | null;
	/** Gives up a message that was not acknowledged. */
	unsay(reference: string): void;
	/** Which channel is open before the person's eyes. */
	look(channel: Channel | null): void;
	/** A key was struck in it. Told now and then, and only while somebody looks. */
	typing(): void;
	/** Does something with the body; `on` matters for dance, sit and raise_hand. False: one is not connected, and nobody is told. */
	emote(emote: Emote, on?: boolean): boolean;
	/** Asks somebody; false as above. */
	nudge(to: number, kind: NudgeKind): boolean;
	answerNudge(to: number, kind: NudgeKind, accepted: boolean): boolean;
	/** Something hints that the connection may be gone, or that it may be had again: it has to prove itself soon. */
	hope(): void;
	/** How each peer sounds now: id, gain 0 to 1, pan -1 to 1, distance in pixels or -1. */
	hearing(): Float32Array;
	frame(now: number): Float32Array;
	moving(now: number): boolean;
	/** Called when something new is to be drawn. */
	onWake: (() => void) | null;
	areaAt(xPx: number, yPx: number): string | null;
	/** Whether one stands on a stage there. */
	stageAt(xPx: number, yPx: number): boolean;
	blocked(tileX: number, tileY: number): boolean;
	statistics(): Statistics;
	/** Where the own avatar is by its course alone, in 1/256 pixel. */
	ownPosition(): [number, number] | null;
	close(): void;
}

export interface SpaceOptions {
	wsUrl: string;
	mapJson: Uint8Array;
	onEvent: (event: SpaceEvent) => void;
	/** Renews the sign-in; false where it is over for good. Throws where the network is away. */
	refreshAuth: () => Promise<boolean>;
}

/** Loads the core and begins to connect. Throws a sentence for people where the map cannot be read. */
export async function openSpace(options: SpaceOptions): Promise<SpaceClient> {
	await init({ module_or_path: wasmUrl });
	const client = new BrowserSpaceClient(options);
	client.start();
	return client;
}

/** No direction: any octant above 7. */
const STOP = 8;

class BrowserSpaceClient implements SpaceClient {
	self: number | null = null;
	onWake: (() => void) | null = null;
	private readonly core: Core;
	private readonly ticketKey: string;
	private socket: WebSocket | null = null;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private closed = false;
	/** Counts sockets that were begun or given up. */
	private turn = 0;

	constructor(private readonly options: SpaceOptions) {
		this.ticketKey = `earshot:ticket:${new URL(options.wsUrl).pathname}`;
		// As much as a number holds exactly.
		const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
		const seed = (high >>> 11) * 2 ** 32 + low;
		this.core = new Core(options.mapJson, seed, readTicket(this.ticketKey));
		window.addEventListener("online", this.hope);
		// The network says it is gone: a heartbeat now finds out sooner than the next one would.
		window.addEventListener("offline", this.hope);
		document.addEventListener("visibilitychange", this.seen);
	}

	start(): void {
		this.core.start(performance.now());
		this.perform();
	}

	steer(direction: Direction | null, run: boolean): void {
		this.core.steer(performance.now(), direction ?? STOP, run);
		this.perform();
	}

	walkTo(xPx: number, yPx: number, run: boolean): boolean {
		const now = performance.now();
		if (this.core.path_preview(now, xPx, yPx).length === 0) return false;
		this.core.walk_to(now, xPx, yPx, run);
		this.perform();
		return true;
	}

	pathPreview(xPx: number, yPx: number): Float32Array {
		return this.core.path_preview(performance.now(), xPx, yPx);
	}

	follow(id: number | null): void {
		this.core.follow(performance.now(), id ?? 0);
		this.perform();
		this.onWake?.();
	}

	beside(id: number): { x: number; y: number } | null {
		const [x, y] = this.core.beside(performance.now(), id);
		return x === undefined || y === undefined ? null : { x, y };
	}

	locate(id: number): { x: number; y: number; exact: boolean } | null {
		const [x, y, exact] = this.core.locate(performance.now(), id);
		return x === undefined || y === undefined ? null : { x, y, exact: exact === 1 };
	}

	setStatus(status: Status): boolean {
		this.core.set_status(performance.now(), status);
		return this.performed();
	}

	setAway(away: boolean): void {
		this.core.set_away(performance.now(), away);
		this.perform();
	}

	signal(to: number, epoch: number, payload: string): void {
		this.core.signal(performance.now(), to, epoch, payload);
		this.perform();
	}

	publish({ microphone, camera, screen }: Publishing): void {
		this.core.publish(performance.now(), microphone, camera, screen);
		this.perform();
	}

	lock(locked: boolean): void {
		this.core.lock(performance.now(), locked);
		this.perform();
	}

	report(outcome: "connected" | "failed", tookMs: number, via: string): void {
		this.core.report(performance.now(), outcome === "connected", tookMs, via);
		this.perform();
	}

	wantGrant(room: number): void {
		this.core.want_grant(performance.now(), room);
		this.perform();
	}

	flows(rooms: number[], peers: number[]): void {
		this.core.flows(performance.now(), Float64Array.from(rooms), Uint32Array.from(peers));
		this.perform();
	}

	roomLost(room: number): void {
		this.core.room_lost(performance.now(), room);
		this.perform();
	}

	say(channel: Channel, text: string, replyTo = 0, thought = false): string | null {
		const reference = this.core.say(performance.now(), channel, text, replyTo, thought) ?? null;
		this.perform();
		return reference;
	}

	look(channel: Channel | null): void {
		this.core.look(performance.now(), channel ?? "");
		this.perform();
	}

	typing(): void {
		this.core.typing(performance.now());
		this.perform();
	}

	emote(emote: Emote, on = true): boolean {
		this.core.emote(performance.now(), emote, on);
		return this.performed();
	}

	nudge(to: number, kind: NudgeKind): boolean {
		this.core.nudge(performance.now(), to, kind);
		return this.performed();
	}

	answerNudge(to: number, kind: NudgeKind, accepted: boolean): boolean {
		this.core.answer_nudge(performance.now(), to, kind, accepted);
		return this.performed();
	}

	unsay(reference: string): void {
		this.core.unsay(reference);
	}

	hearing(): Float32Array {
		return this.core.sounds(performance.now());
	}

	frame(now: number): Float32Array {
		return this.core.draw(now);
	}

	moving(now: number): boolean {
		return this.core.moving(now);
	}

	stageAt(xPx: number, yPx: number): boolean {
		return this.core.stage_at(xPx, yPx);
	}

	areaAt(xPx: number, yPx: number): string | null {
		return this.core.area_at(xPx, yPx) ?? null;
	}

	blocked(tileX: number, tileY: number): boolean {
		return this.core.blocked(tileX, tileY);
	}

	statistics(): Statistics {
		return JSON.parse(this.core.statistics()) as Statistics;
	}

	ownPosition(): [number, number] | null {
		const [x, y] = this.core.own_position(performance.now());
		return x === undefined || y === undefined ? null : [x, y];
	}

	close(): void {
		this.core.leave(performance.now());
		this.perform();
		this.closed = true;
		clearTimeout(this.timer);
		window.removeEventListener("online", this.hope);
		window.removeEventListener("offline", this.hope);
		document.removeEventListener("visibilitychange", this.seen);
	}

	readonly hope = (): void => {
		if (this.closed) return;
		this.core.hope(performance.now());
		this.perform();
	};

	/** Somebody looks at the page again. */
	private readonly seen = (): void => {
		if (document.visibilityState === "visible") this.hope();
	};

	/** Does all that the core wants done. */
	private perform(): void {
		// What is performed may be that one leaves.
		while (!this.closed) {
			const step = this.core.poll();
			const { kind } = step;
			if (kind === "wake") {
				this.wakeAt(step.number);
				step.free();
				break;
			}
			this.performStep(kind, step);
			step.free();
		}
	}

	/** As above; false where there is no connection that it could have gone by. */
	private performed(): boolean {
		this.perform();
		return this.core.online();
	}

	private performStep(kind: string, step: Step): void {
		switch (kind) {
			case "open":
				void this.open(step.number === 1);
				break;
			case "send":
				// A socket that is closing takes nothing more; its close event follows.
				if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(step.bytes as Uint8Array<ArrayBuffer>);
				break;
			case "ping":
				if (this.socket?.readyState === WebSocket.OPEN) this.socket.send("ping");
				break;
			case "drop":
				this.drop();
				break;
			case "ticket":
				keepTicket(this.ticketKey, step.bytes);
				break;
			case "event": {
				const event = JSON.parse(step.json) as SpaceEvent;
				if (event.type === "welcome") this.self = event.self;
				this.options.onEvent(event);
				break;
			}
		}
	}

	private wakeAt(at: number): void {
		clearTimeout(this.timer);
		if (at < 0) return;
		this.timer = setTimeout(
			() => {
				const now = performance.now();
				this.core.woken(now);
				this.perform();
				// Who follows sets off by a timer.
				if (this.core.moving(now)) this.onWake?.();
			},
			Math.max(0, at - performance.now()),
		);
	}

	private async open(checkAccess: boolean): Promise<void> {
		this.drop();
		const { turn } = this;
		// It was given up meanwhile, and perhaps begun again.
		const isOver = () => this.closed || turn !== this.turn;
		if (checkAccess) {
			try {
				const mayEnter = await this.options.refreshAuth();
				if (isOver()) return;
				if (!mayEnter) {
					this.core.access_denied(performance.now());
					this.perform();
					return;
				}
			} catch {
				if (isOver()) return;
				this.core.closed(performance.now());
				this.perform();
				return;
			}
		}
		const socket = new WebSocket(this.options.wsUrl);
		socket.binaryType = "arraybuffer";
		this.socket = socket;
		socket.onopen = () => this.tell(socket, () => this.core.opened(performance.now()));
		socket.onclose = () => this.tell(socket, () => this.core.closed(performance.now()));
		socket.onmessage = (message: MessageEvent<ArrayBuffer | string>) =>
			this.tell(
				socket,
				() => {
					const now = performance.now();
					if (typeof message.data === "string") this.core.pong(now);
					else this.core.frame_received(now, new Uint8Array(message.data));
				},
				typeof message.data !== "string",
			);
	}

	/** Events of a socket that was given up are not told. Heartbeats give nothing to draw. */
	private tell(socket: WebSocket, input: () => void, draws = false): void {
		if (this.socket !== socket) return;
		input();
		this.perform();
		if (draws) this.onWake?.();
	}

	private drop(): void {
		this.turn += 1;
		const socket = this.socket;
		this.socket = null;
		socket?.close();
	}
}

/** A ticket is opaque bytes, kept as hexadecimal. Private windows may refuse storage: then one starts at the entrance. */
function readTicket(key: string): Uint8Array {
	try {
		const pairs = (localStorage.getItem(key) ?? "").match(/[0-9a-f]{2}/g) ?? [];
		return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
	} catch {
		return new Uint8Array();
	}
}

function keepTicket(key: string, ticket: Uint8Array): void {
	try {
		localStorage.setItem(key, Array.from(ticket, (byte) => byte.toString(16).padStart(2, "0")).join(""));
	} catch {
		// Nothing is lost but the place after a restart of everything.
	}
}
