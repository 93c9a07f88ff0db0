// What is heard and seen, as the screens know it, and what they may ask for. The engine behind it (src/media) is loaded
// when a space or the device check needs it, and writes here; nothing here knows a connection or a device.
//
// Absent on purpose: levels and positions. They change many times a second; whoever draws a meter polls `level`.

import { create } from "zustand";
import type { MediaEngine } from "../media/engine";

/** `starting` may last as long as somebody thinks about the browser's question. */
export type DeviceStatus = "off" | "starting" | "on" | "denied" | "missing" | "busy" | "failed";

export interface PeerMedia {
	id: number;
	state: "connecting" | "connected" | "interrupted" | "failed";
	/** Why it is not connected, or what is weak, in words for people; null when all is well. */
	reason: string | null;
	retryInMs: number | null;
	hears: boolean;
	heard: boolean;
	/** Only while video really is sent. */
	camera: MediaStream | null;
	screen: MediaStream | null;
	speaking: boolean;
	/** The link is poor, they are far, or there is no room for it: their picture is on, and is not sent now. */
	audioOnly: boolean;
	/** 0 to 1, remembered by user. */
	volume: number;
}

export interface VideoSize {
	width: number;
	height: number;
	fps: number;
}

export interface PeerStats {
	id: number;
	state: string;
	/** The kind of the own candidate in use: host, srflx, prflx, relay or unknown. */
	via: string;
	protocol: string;
	roundTripMs: number | null;
	/** 0 to 1, of the last seconds. */
	lossIn: number | null;
	lossOut: number | null;
	kbpsIn: number;
	kbpsOut: number;
	video: VideoSize | null;
	sent: VideoSize | null;
	jitterMs: number | null;
}

export interface DeviceChoice {
	id: string;
	label: string;
}

export interface MediaState {
	room: "open" | "private" | "silent";
	beyond: number;
	/** How many hear one through rooms, as from a stage, and are not heard. */
	audience: number;
	/** How those around are reached: each directly, through a room on a node, or through several. */
	way: "direct" | "room" | "zones";
	locked: boolean;
	lockedOut: number;
	peers: ReadonlyMap<number, PeerMedia>;
	microphone: { status: DeviceStatus; problem: string | null };
	/** The own wish; one starts muted unless the device check said otherwise. */
	muted: boolean;
	talkingWhileMuted: boolean;
	selfSpeaking: boolean;
	camera: { status: DeviceStatus; problem: string | null; stream: MediaStream | null };
	screen: { on: boolean; stream: MediaStream | null; problem: string | null };
	devices: { microphones: DeviceChoice[]; cameras: DeviceChoice[]; speakers: DeviceChoice[] };
	/** The browser wants a click before it plays sound. */
	soundBlocked: boolean;
	/** The own wish: hear nobody, and send nothing. */
	deafened: boolean;
	/** Relay-only is in force, by the space or by the user. */
	relay: boolean;
	/** What is behind one can be blurred, by this camera or by this page. */
	blurSupported: boolean;
	/** Somebody can share a screen here at all; phones mostly cannot. */
	screenSupported: boolean;
	/** The output device can be chosen here. */
	speakerSupported: boolean;
}

export const freshMedia = (): MediaState => ({
	room: "open",
	beyond: 0,
	audience: 0,
	way: "direct",
	locked: false,
	lockedOut: 0,
	peers: new Map(),
	microphone: { status: "off", problem: null },
	muted: true,
	talkingWhileMuted: false,
	selfSpeaking: false,
	camera: { status: "off", problem: null, stream: null },
	screen: { on: false, stream: null, problem: null },
	devices: { microphones: [], cameras: [], speakers: [] },
	soundBlocked: false,
	deafened: false,
	relay: false,
	blurSupported: false,
	screenSupported: typeof navigator !== "undefined" && "getDisplayMedia" in (navigator.mediaDevices ?? {}),
	speakerSupported: typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype,
});

export const useMedia = create<MediaState>(() => freshMedia());

/** What the screens may ask for. Nothing throws: what goes wrong is told in the state. */
export interface MediaActions {
	toggleMicrophone(): void;
	setMuted(on: boolean): void;
	pushToTalk(down: boolean): void;
	toggleCamera(): void;
	/** Call it from a click: browsers refuse it otherwise. */
	startScreen(): void;
	stopScreen(): void;
	toggleDeafened(): void;
	setVolume(id: number, volume: number): void;
	/** Tries now what would be tried later. */
	retry(id: number): void;
	lock(on: boolean): void;
	/** Call it from a click. */
	unblockSound(): void;
	/** Device pixels something is drawn with; 0: not shown. The sender follows it. */
	tileShown(id: number, kind: "camera" | "screen", widthPx: number, heightPx: number): void;
	/** 0 to 1, now. */
	level(id: number | "self"): number;
	stats(): Promise<PeerStats[]>;
	check: {
		/** Opens microphone and camera for a look; nobody else hears or sees it. The preview is `camera.stream`. */
		start(): void;
		stop(): void;
		level(): number;
		/** Resolves when it has been played. */
		playTestSound(): Promise<void>;
	};
}

let engine: MediaEngine | null = null;
let loading: Promise<MediaEngine> | null = null;

/** The engine, loaded once a page. */
export function loadMedia(): Promise<MediaEngine> {
	loading ??= import("../media/engine")
		.then((module) => {
			engine = module.createMediaEngine();
			return engine;
		})
		.catch((error: unknown) => {
			// A failed download is tried again by whoever asks next.
			loading = null;
			throw error;
		});
	return loading;
}

/** At once where it is loaded: some things a browser allows only within the click. */
function ask(what: (engine: MediaEngine) => void): void {
	if (engine) what(engine);
	else loadMedia().then(what, () => {});
}

export const mediaActions: MediaActions = {
	toggleMicrophone: () => ask((e) => e.toggleMicrophone()),
	setMuted: (on) => ask((e) => e.setMuted(on)),
	pushToTalk: (down) => ask((e) => e.pushToTalk(down)),
	toggleCamera: () => ask((e) => e.toggleCamera()),
	startScreen: () => ask((e) => e.startScreen()),
	stopScreen: () => ask((e) => e.stopScreen()),
	toggleDeafened: () => ask((e) => e.toggleDeafened()),
	setVolume: (id, volume) => ask((e) => e.setVolume(id, volume)),
	retry: (id) => ask((e) => e.retry(id)),
	lock: (on) => ask((e) => e.lock(on)),
	unblockSound: () => ask((e) => e.unblockSound()),
	tileShown: (id, kind, widthPx, heightPx) => ask((e) => e.tileShown(id, kind, widthPx, heightPx)),
	level: (id) => engine?.level(id) ?? 0,
	stats: async () => (engine ? engine.stats() : []),
	check: {
		start: () => ask((e) => e.check.start()),
		stop: () => ask((e) => e.check.stop()),
		level: () => engine?.check.level() ?? 0,
		playTestSound: async () => (await loadMedia()).check.playTestSound(),
	},
};
