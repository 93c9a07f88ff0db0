// The media engine of a page: the own devices, and the visit to a space where they are given to others. It does what the
// screens ask for (state/media.ts) and what the preferences say, and writes the store.
//
// What is on is decided by wishes alone: muted, camera, deafened. No reconnect, no plugged-in device and no settings
// change turns a device on that was not.

import type { SpaceClient, SpaceEvent } from "../space/client";
import { freshMedia, type MediaActions, type PeerStats, useMedia } from "../state/media";
import { Camera } from "./devices/camera";
import { listenToDevices } from "./devices/choices";
import { Microphone } from "./devices/microphone";
import { Screen } from "./devices/screen";
import { type MediaPreferences, useMediaPreferences } from "./preferences";
import { onHeldBack, resumeContext } from "./sound/context";
import { listenToGestures } from "./sound/gesture";
import { forEyes } from "./sound/meter";
import { MutedTalk, Speaking } from "./sound/speaking";
import { playTestSound } from "./sound/testsound";
import { Timer } from "./timer";
import { Visit } from "./visit";

/** What session.ts holds of it. */
export interface MediaVisit {
	attach(client: SpaceClient): void;
	handle(event: SpaceEvent): void;
	wake(): void;
	leave(): void;
	inspect: Visit["inspect"];
}

export interface MediaEngine extends MediaActions {
	/** From joining on, so that servers are known before anybody comes near. */
	enter(spaceId: string, relayOnly: boolean): MediaVisit;
}

/** A muted microphone is let go when nobody has been near for this long. */
const RELEASE_MS = 5_000;
/** A meter that nobody looked at for this long is put away. */
const METER_MS = 2_000;
/** What is tapped must still be there when the tap has become a click, or the click goes to the map beneath it. */
const HINT_MS_MIN = 100;

const { getState: get, setState: set } = useMedia;

export const createMediaEngine = (): MediaEngine => new Engine();

class Engine implements MediaEngine {
	readonly #microphone = new Microphone(() => this.#onMicrophone());
	readonly #camera = new Camera(() => this.#onCamera());
	readonly #screen = new Screen(() => this.#onScreen());
	readonly #devices = listenToDevices((devices) => {
		set({ devices });
		this.#microphone.devicesChanged();
		this.#camera.devicesChanged();
	});
	#visit: Visit | null = null;
	#company = false;
	#cameraWish = false;
	#checking = false;
	/** Elements were refused. */
	#refused = false;
	/** Web Audio does not run, though somebody is to be heard by it. */
	#held = false;
	#stopWaiting: (() => void) | null = null;
	readonly #endHint = new Timer(() => this.#showBlocked());
	readonly #speaking = new Speaking();
	readonly #mutedTalk = new MutedTalk();
	readonly #release = new Timer(() => this.#releaseUnused());
	readonly #restMeter = new Timer(() => {
		if (!this.#company) this.#microphone.rest();
	});

	constructor() {
		this.#devices.look();
		onHeldBack((held) => {
			this.#held = held;
			this.#hintBlocked();
		});
		useMediaPreferences.subscribe((now, before) => this.#onPreferences(now, before));
	}

	enter(spaceId: string, relayOnly: boolean): MediaVisit {
		// Nothing that is shown in one space is shown in the next.
		if (this.#visit) {
			this.#visit.leave();
			this.#onLeft();
		}
		const { devices, microphone, camera, blurSupported } = get();
		set({ ...freshMedia(), devices, microphone, camera, blurSupported, soundBlocked: this.#held });
		const visit = new Visit(spaceId, relayOnly, {
			company: (some) => this.#onCompany(some),
			pulse: (now) => this.#onPulse(now),
			soundBlocked: () => this.#onSoundBlocked(),
		});
		this.#visit = visit;
		if (useMediaPreferences.getState().checked) this.#startAsChosen();
		const leave = () => {
			visit.leave();
			if (this.#visit === visit) this.#onLeft();
		};
		return {
			attach: (client) => visit.attach(client),
			handle: (event) => {
				// Removed, or replaced by another window: nobody is heard any more, and no light stays on.
				if (event.type === "connection" && event.state === "ended") leave();
				else visit.handle(event);
			},
			wake: () => visit.wake(),
			inspect: visit.inspect,
			leave,
		};
	}

	toggleMicrophone(): void {
		this.setMuted(!get().muted);
	}

	setMuted(muted: boolean): void {
		if (!muted) {
			// Who speaks up wants to be in it again.
			set({ muted, deafened: false });
			this.#showBlocked();
			this.#microphone.want();
			resumeContext();
		} else set({ muted });
		this.#giveAll();
		if (muted) this.#releaseSoon();
		this.#visit?.wake();
	}

	pushToTalk(down: boolean): void {
		if (get().muted === down) this.setMuted(!down);
	}

	toggleCamera(): void {
		this.#cameraWish = !this.#cameraWish;
		if (this.#cameraWish) this.#camera.want();
		this.#releaseUnused();
		this.#onCamera();
	}

	startScreen(): void {
		void this.#screen.start();
	}

	stopScreen(): void {
		this.#screen.stop();
	}

	toggleDeafened(): void {
		set({ deafened: !get().deafened });
		this.#showBlocked();
		this.#giveAll();
		this.#visit?.wake();
	}

	setVolume(id: number, volume: number): void {
		this.#visit?.setVolume(id, Math.max(0, Math.min(1, volume)));
	}

	retry(id: number): void {
		this.#visit?.person(id)?.peer?.retry();
	}

	lock(on: boolean): void {
		this.#visit?.lock(on);
	}

	readonly unblockSound = (): void => {
		resumeContext();
		this.#forgetRefusal();
		// Whoever is still refused says so again.
		this.#visit?.playAgain();
		this.#hintBlocked();
	};

	tileShown(id: number, kind: "camera" | "screen", widthPx: number, heightPx: number): void {
		this.#visit?.person(id)?.setTile(kind, { width: Math.round(widthPx), height: Math.round(heightPx) });
	}

	level(id: number | "self"): number {
		if (id !== "self") return forEyes(this.#visit?.person(id)?.level ?? 0);
		this.#restMeter.set(METER_MS);
		return forEyes(this.#microphone.level());
	}

	async stats(): Promise<PeerStats[]> {
		return this.#visit?.stats() ?? [];
	}

	readonly check = {
		start: (): void => {
			this.#checking = true;
			this.#microphone.want();
			this.#camera.want();
			this.#devices.look();
		},
		stop: (): void => {
			this.#checking = false;
			this.#releaseUnused();
		},
		level: (): number => this.level("self"),
		playTestSound: (): Promise<void> => playTestSound(useMediaPreferences.getState().speakerId),
	};

	/** As the device check was left. */
	#startAsChosen(): void {
		const { startWithMicrophone, startWithCamera, pushToTalk } = useMediaPreferences.getState();
		if (startWithMicrophone && !pushToTalk && get().muted) this.setMuted(false);
		if (startWithCamera && !this.#cameraWish) this.toggleCamera();
	}

	#onLeft(): void {
		this.#visit = null;
		this.#company = false;
		this.#cameraWish = false;
		this.#screen.stop();
		this.#forgetRefusal();
		set({ ...freshMedia(), devices: get().devices, blurSupported: get().blurSupported, soundBlocked: this.#held });
		this.#releaseUnused();
		this.#onMicrophone();
		this.#onCamera();
	}

	#onMicrophone(): void {
		const { status, problem } = this.#microphone;
		set({ microphone: { status, problem } });
		// Nobody is to believe that they are heard.
		if (!this.#microphone.open && status !== "off" && !get().muted) set({ muted: true });
		if (status === "on") this.#devices.look();
		this.#giveAll();
	}

	#onCamera(): void {
		const { status, problem, stream, blurSupported } = this.#camera;
		if (!this.#camera.open) this.#cameraWish = false;
		set({ camera: { status, problem, stream }, blurSupported });
		if (status === "on") this.#devices.look();
		this.#giveAll();
	}

	#onScreen(): void {
		const { stream, problem } = this.#screen;
		set({ screen: { on: stream !== null, stream, problem } });
		this.#giveAll();
	}

	#giveAll(): void {
		const { muted, deafened } = get();
		this.#visit?.give({
			microphone: muted || deafened ? null : this.#microphone.track,
			camera: deafened || !this.#cameraWish ? null : this.#camera.track,
			screen: deafened ? null : this.#screen.video,
			sound: deafened ? null : this.#screen.sound,
		});
	}

	#releaseSoon(): void {
		if (!this.#company) this.#release.set(RELEASE_MS);
	}

	#releaseUnused(): void {
		if (get().muted && !this.#company && !this.#checking) this.#microphone.release();
		if (!this.#cameraWish && !this.#checking) this.#camera.release();
	}

	#onCompany(some: boolean): void {
		if (some === this.#company) return;
		this.#company = some;
		if (some) {
			this.#release.stop();
			return;
		}
		this.#microphone.rest();
		this.#speaking.take(0, Number.POSITIVE_INFINITY);
		set({ selfSpeaking: false, talkingWhileMuted: false });
		this.#releaseSoon();
	}

	#onPulse(now: number): void {
		if (this.#microphone.status !== "on") return;
		const { muted, deafened, selfSpeaking, talkingWhileMuted } = get();
		this.#speaking.take(this.#microphone.level(), now);
		const speaking = this.#speaking.on;
		this.#mutedTalk.take(speaking, muted, now);
		const audible = speaking && !muted && !deafened;
		if (audible !== selfSpeaking) set({ selfSpeaking: audible });
		if (this.#mutedTalk.hint !== talkingWhileMuted) set({ talkingWhileMuted: this.#mutedTalk.hint });
	}

	#onSoundBlocked(): void {
		this.#refused = true;
		// Any click will do, not only one on the hint.
		this.#stopWaiting ??= listenToGestures(this.unblockSound);
		this.#hintBlocked();
	}

	#forgetRefusal(): void {
		this.#refused = false;
		this.#stopWaiting?.();
		this.#stopWaiting = null;
	}

	#hintBlocked(): void {
		if (this.#refused || this.#held) this.#showBlocked();
		else this.#endHint.setOnce(HINT_MS_MIN);
	}

	#showBlocked(): void {
		// Who wants to hear nothing misses nothing.
		const soundBlocked = this.#refused || (this.#held && !get().deafened);
		if (soundBlocked !== get().soundBlocked) set({ soundBlocked });
	}

	#onPreferences(now: MediaPreferences, before: MediaPreferences): void {
		const changed = (...keys: (keyof MediaPreferences)[]) => keys.some((key) => now[key] !== before[key]);
		if (changed("microphoneId", "echoCancellation", "noise")) {
			if (this.#checking) this.#microphone.want();
			this.#microphone.reopen();
		}
		if (changed("cameraId", "lowData")) {
			if (this.#checking) this.#camera.want();
			this.#camera.reopen();
		}
		if (changed("blur")) this.#camera.applyBlur();
		if (changed("speakerId")) this.#visit?.setSpeaker(now.speakerId);
		if (changed("stereo")) this.#visit?.setStereo(now.stereo);
		if (changed("relayOnly")) this.#visit?.setRelayOnly(now.relayOnly);
		if (changed("stereo", "distance")) this.#visit?.wake();
		if (changed("pushToTalk") && now.pushToTalk) this.setMuted(true);
		if (changed("checked") && now.checked && this.#visit) this.#startAsChosen();
	}
}
