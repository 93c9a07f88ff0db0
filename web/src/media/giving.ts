// What one person is sent: the voice, the pictures as large as they draw them and as rich as the way carries, and word of
// it all. Muted, far, or without the right to be heard, nothing is put on the way.

import type { Sends, Size } from "./connect/control";
import type { Link } from "./connect/link";
import type { Reading } from "./connect/stats";
import { isSmallDevice } from "./devices/camera";
import { differs, isFar, type Judgement, judge, type Plan, planCamera, planScreen, unjudged } from "./picture/quality";
import { applyPlan, applySoundBitrate } from "./picture/sending";
import type { Place } from "./sound/mixer";

/** What one gives now; none of it where it is muted or off. */
export interface Given {
	microphone: MediaStreamTrack | null;
	camera: MediaStreamTrack | null;
	screen: MediaStreamTrack | null;
	sound: MediaStreamTrack | null;
}

type Picture = "camera" | "screen";

export class Giving {
	#given: Given = { microphone: null, camera: null, screen: null, sound: null };
	#said = "";
	/** How they draw us. */
	#wants: Record<Picture, Size | null> = { camera: null, screen: null };
	#plans: Record<Picture, Plan | null> = { camera: null, screen: null };
	#rung = -1;
	#planning = false;
	#planAgain: (() => Promise<void>) | null = null;
	#judgement: Judgement = unjudged();
	#reading: Reading | null = null;
	#far = false;

	constructor(
		private readonly host: {
			link(): Link | null;
			/** We may be heard by them. */
			heard(): boolean;
			/** To how many we give. */
			people(): number;
			lowData(): boolean;
		},
	) {}

	/** The way is too poor for pictures. */
	get poor(): boolean {
		return this.#judgement.grade === "poor";
	}

	give(given: Given): void {
		this.#given = given;
		this.again();
	}

	setPlace({ distancePx, fullVolume }: Place): void {
		const far = isFar(this.#far, distancePx, fullVolume);
		if (far === this.#far) return;
		this.#far = far;
		this.again();
	}

	setWants(wants: Record<Picture, Size | null>): void {
		this.#wants = wants;
		this.again();
	}

	/** Says whether the way is called otherwise now. */
	measure(reading: Reading): boolean {
		const { lossOut: lossShare, roundTripMs, availableKbps } = reading;
		const before = this.#judgement.grade;
		this.#reading = reading;
		this.#judgement = judge(this.#judgement, { lossShare, roundTripMs, availableKbps });
		this.again();
		return before !== this.#judgement.grade;
	}

	/** Nothing is on its lanes yet. */
	newLink(): void {
		this.#plans = { camera: null, screen: null };
		this.#reading = null;
		this.#rung = -1;
		this.mayTell();
	}

	/** The channel to tell them is open, perhaps another one. */
	mayTell(): void {
		this.#said = "";
		this.again();
	}

	/** Looks at everything, and does what it comes to. */
	again(): void {
		const link = this.host.link();
		if (!link?.lane("microphone")) return;
		const heard = this.host.heard();
		const of = (track: MediaStreamTrack | null) => (heard ? track : null);
		const why = this.#far ? "far" : this.#judgement.grade === "poor" ? "poor" : null;
		const camera = why === null ? of(this.#given.camera) : null;
		this.#say({
			microphone: of(this.#given.microphone) !== null,
			camera: camera !== null,
			screen: of(this.#given.screen) !== null,
			sound: of(this.#given.sound) !== null,
			why: heard && this.#given.camera ? why : null,
		});
		// All at once, and at once: the end of sending waits for nothing.
		const put = Promise.all([
			link.put("microphone", of(this.#given.microphone)),
			link.put("camera", camera),
			link.put("screen", of(this.#given.screen)),
			link.put("sound", of(this.#given.sound)),
		]);
		this.#planAgain = async () => {
			await put;
			await this.#planCamera(camera);
			await this.#planScreen(of(this.#given.screen));
			await this.#planSound();
		};
		void this.#planAll();
	}

	/** One at a time, and only the newest: a sender takes no second plan while the first is on its way. */
	async #planAll(): Promise<void> {
		if (this.#planning) return;
		this.#planning = true;
		while (this.#planAgain) {
			const next = this.#planAgain;
			this.#planAgain = null;
			await next();
		}
		this.#planning = false;
	}

	#say(sends: Sends): void {
		const said = JSON.stringify(sends);
		if (said === this.#said || !this.host.link()?.say({ type: "sends", sends })) return;
		this.#said = said;
	}

	async #planCamera(track: MediaStreamTrack | null): Promise<void> {
		if (!track) return;
		const { plan, rung } = planCamera({
			source: sizeOf(track),
			tile: this.#wants.camera,
			people: this.host.people(),
			grade: this.#judgement.grade,
			availableKbps: this.#plans.camera?.active ? (this.#reading?.availableKbps ?? null) : null,
			lowData: this.host.lowData(),
			smallDevice: isSmallDevice(),
			cpuLimited: this.#reading?.cpuLimited ?? false,
			rungBefore: this.#rung,
		});
		this.#rung = rung;
		await this.#apply("camera", plan);
	}

	async #planScreen(track: MediaStreamTrack | null): Promise<void> {
		if (!track) return;
		const { grade } = this.#judgement;
		const wish = { source: sizeOf(track), tile: this.#wants.screen, people: this.host.people(), grade };
		await this.#apply("screen", planScreen({ ...wish, lowData: this.host.lowData() }));
	}

	async #planSound(): Promise<void> {
		const speech = this.host.link()?.lane("microphone")?.sender;
		const film = this.host.link()?.lane("sound")?.sender;
		const poor = this.#judgement.grade === "poor" || this.host.lowData();
		if (speech?.track) await applySoundBitrate(speech, poor ? 20 : 40);
		if (film?.track) await applySoundBitrate(film, poor ? 40 : 96);
	}

	async #apply(kind: Picture, plan: Plan): Promise<void> {
		const sender = this.host.link()?.lane(kind)?.sender;
		if (!sender || !differs(this.#plans[kind], plan)) return;
		const before = this.#plans[kind];
		this.#plans[kind] = plan;
		if (!(await applyPlan(sender, plan, kind))) this.#plans[kind] = before;
	}
}

function sizeOf(track: MediaStreamTrack): Size {
	const { width = 0, height = 0 } = track.getSettings();
	return { width, height };
}
