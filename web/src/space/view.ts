// The place on screen: asks the space client where everybody is, decides what the camera sees, and draws when there is reason to.
// It is the only thing that knows both positions and panels, and tells panels as little as it can.

import { listenToKeys } from "../input/keyboard";
import { listenToPointer } from "../input/pointer/listen";
import { listenToTalkKeys } from "../input/talkKeys";
import { useMediaPreferences } from "../media/preferences";
import { type Actor, actor, applyFrame } from "../render/actors";
import { actFor } from "../render/acts";
import { type Art, loadGestures } from "../render/art";
import { clampUncovered, type Inset, type Point, toMap, uncovered, type ZoomRange, zoomRange } from "../render/camera";
import { pen } from "../render/canvas";
import { ambientAt, GOLDEN } from "../render/lights";
import { type FramePlan, Loop } from "../render/loop";
import { type MapModel, TILE } from "../render/map";
import type { Dot } from "../render/overview";
import { plainText } from "../render/plain";
import { Scene } from "../render/scene";
import { fitScreen, type Screen } from "../render/screen";
import { FADE_MS, speechFor } from "../render/speech";
import { contrastHigh, motionReduced } from "../settings/settings";
import { mediaActions } from "../state/media";
import { useSettings } from "../state/settings";
import { spaceActions, useSpace } from "../state/space";
import type { ChatMessage, Direction, Emote, MessageChange, Person, SpaceClient } from "./client";
import { runCommand } from "./commands";
import { Eye } from "./eye";
import { hintSeen } from "./hints";
import { Voices } from "./voices";
import { Way } from "./way";

/** Blinks and swaying leaves come in slow ticks; nobody around for a minute, and even those stop. */
const AMBIENT_TICK_MS = 180;
const QUIET_AFTER_MS = 60_000;
const LOCATE_MS = 4_000;
const GESTURES_AGAIN_MS = 5_000;
const MINIMAP_EVERY_MS = 250;
/** As in styles/space.css. */
const PANEL_CSS_PX = 340;
const SHEET_SHARE = 0.62;
/** Above a sheet little is left of the place, and the sign and the tiles lie over that. */
const SHEET_TOP_CSS_PX = 140;
const SHEET_BELOW_CSS_PX = 760;

export class SpaceView {
	readonly scene: Scene;
	readonly #people = new Map<number, Actor>();
	readonly #shown: Actor[] = [];
	readonly #eye = new Eye();
	readonly #way: Way;
	readonly #voices = new Voices(this.#people, () => this.#wake());
	readonly #pen: CanvasRenderingContext2D;
	readonly #screen: Screen;
	readonly #loop: Loop;
	readonly #undo: (() => void)[] = [];
	#range: ZoomRange;
	#scale: number;
	#pointer: Point | null = null;
	#hovered: number | null = null;
	#ring: { id: number; until_ms: number } | null = null;
	#active_ms = performance.now();
	#minimap: ((dots: Iterable<Dot>) => void) | null = null;
	#minimapDue_ms = 0;
	#areaTile = -1;
	/** What the open panel covers, in device pixels, gliding towards it as the panel slides in. */
	#inset: Inset = { right: 0, bottom: 0, top: 0 };

	constructor(
		readonly canvas: HTMLCanvasElement,
		readonly map: MapModel,
		art: Art,
		readonly client: SpaceClient,
	) {
		this.scene = new Scene(map, art);
		this.scene.onGesture = () => this.#learnGestures();
		this.#way = new Way(client);
		this.#pen = pen(canvas, { alpha: false });
		this.#loop = new Loop((now) => this.#frame(now));
		this.#screen = fitScreen(canvas, () => this.#resized());
		this.#range = zoomRange(this.#screen.dpr, canvas.clientWidth);
		this.#scale = this.#range.start;
		client.onWake = () => {
			// A heartbeat wakes too: that is worth a look, but only motion is life.
			if (client.moving(performance.now())) this.#active_ms = performance.now();
			this.#loop.request();
		};
		this.#undo.push(
			listenToPointer(canvas, {
				hover: (at) => this.#hover(at),
				tap: (at, run) => this.#tap(at, run),
				pan: (dx, dy) => this.#pan(dx, dy),
				zoomTo: (scale) => this.zoomTo(scale),
				scale: () => this.#scale,
				dpr: () => this.#screen.dpr,
			}),
			listenToKeys({
				steer: (direction, run) => this.#steer(direction, run),
				command: (command) => runCommand(command, this),
				letterKeys: () => useSettings.getState().letterKeys,
			}),
			listenToTalkKeys({
				toggleMicrophone: () => mediaActions.toggleMicrophone(),
				holds: () => useMediaPreferences.getState().pushToTalk,
				talk: (down) => mediaActions.pushToTalk(down),
			}),
			useSettings.subscribe(() => this.#wake()),
			useSpace.subscribe((now, before) => {
				if (now.panel !== before.panel) this.#wake();
			}),
		);
		void document.fonts?.ready.then(() => {
			this.scene.tags.clear();
			this.scene.speeches.clear();
			this.scene.floorNames.clear();
			this.#wake();
		});
		this.#zoomChanged();
		// One arrives ready to walk, and a screen reader says how; without a ring around the whole picture.
		canvas.dataset["byHand"] = "";
		canvas.focus({ preventScroll: true });
		this.#loop.request();
	}

	close(): void {
		for (const undo of this.#undo) undo();
		this.#voices.stop();
		this.#loop.stop();
		this.#screen.stop();
		this.client.onWake = null;
	}

	setPeople(changed: Person[], left: number[]): void {
		for (const person of changed) {
			const known = this.#people.get(person.id);
			const made = actor(person.id, person.name, person.look, person.status);
			const who = known ?? made;
			if (known) Object.assign(known, { name: made.name, look: made.look, lookKey: made.lookKey, status: made.status });
			else this.#people.set(person.id, made);
			Object.assign(who, { stays: person.pose, hand: person.handRaisedAt > 0 });
		}
		for (const id of left) this.#people.delete(id);
		this.#voices.look();
		this.#wake();
	}

	/** Shows for a while what somebody says, above each avatar of theirs; its marks are taken off already. */
	says({ authorId, text, channel, thought, id: message, deleted }: ChatMessage): void {
		// A named channel is somewhere else, whoever stands here.
		if (deleted || channel.startsWith("c/")) return;
		for (const { id, userId } of useSpace.getState().people.values()) {
			const who = userId === authorId ? this.#people.get(id) : undefined;
			if (who) who.says = speechFor(text, performance.now(), { thought, id: message });
		}
		this.#wake();
	}

	/** What was said is taken back, or put differently. */
	changed(changes: readonly MessageChange[]): void {
		for (const { messageId, kind, text } of changes) {
			if (kind !== "deleted" && kind !== "edited") continue;
			for (const who of this.#people.values()) {
				if (who.says?.id !== messageId) continue;
				who.says = kind === "deleted" ? null : { ...who.says, text: this.#plain(text) };
			}
		}
		this.#wake();
	}

	/** Somebody does something that passes. */
	emoted(id: number, emote: Emote): void {
		const who = this.#people.get(id);
		if (!who) return;
		who.act = actFor(emote, performance.now());
		this.#wake();
	}

	#plain(text: string): string {
		const { people } = useSpace.getState();
		return plainText(text, (userId) => [...people.values()].find((person) => person.userId === userId)?.name);
	}

	#learnGestures(): void {
		this.scene.onGesture = null;
		loadGestures().then(
			(gestures) => {
				this.scene.wardrobe.learn(gestures);
				this.#wake();
			},
			// Tried again with the next gesture; until then people stand.
			() => setTimeout(() => (this.scene.onGesture = () => this.#learnGestures()), GESTURES_AGAIN_MS),
		);
	}

	endWay(): void {
		this.#way.clear();
		this.#wake();
	}

	zoomTo(scale: number): void {
		const next = Math.min(this.#range.max, Math.max(this.#range.min, scale));
		if (next === this.#scale) return;
		this.#scale = next;
		hintSeen("zoom");
		this.#zoomChanged();
		this.#wake();
	}

	zoomBy(steps: number): void {
		this.zoomTo(this.#scale + steps);
	}

	/** Walks to someone; false when their place is not known or cannot be reached. */
	goTo(id: number): boolean {
		const at = this.client.beside(id);
		if (!at) return false;
		this.#eye.attach(this.#self());
		return this.#way.walkTo(at.x, at.y, false, this.#wakeNow);
	}

	/** Looks at someone for a while. */
	locate(id: number): boolean {
		const at = this.client.locate(id);
		if (!at) return false;
		const now = performance.now();
		this.#eye.lookAt(at, now + LOCATE_MS);
		this.#ring = { id, until_ms: now + LOCATE_MS };
		this.#wake();
		return true;
	}

	follow(id: number | null): void {
		this.#eye.attach(this.#self());
		this.#way.clear();
		this.client.follow(id);
		this.#wake();
	}

	backToSelf(): void {
		this.#eye.attach(this.#self());
		this.#wake();
	}

	/** Walks to a spot clicked on the minimap. */
	walkTo(x: number, y: number): boolean {
		this.#eye.attach(this.#self());
		return this.#way.walkTo(x, y, false, this.#wakeNow);
	}

	showMinimap(draw: ((dots: Iterable<Dot>) => void) | null): void {
		this.#minimap = draw;
		this.#minimapDue_ms = 0;
		this.#wake();
	}

	readonly #wakeNow = (): void => this.#wake();

	#wake(): void {
		this.#active_ms = performance.now();
		this.#loop.request();
	}

	#self(): Actor | null {
		return this.client.self === null ? null : (this.#people.get(this.client.self) ?? null);
	}

	#steer(direction: Direction | null, run: boolean): void {
		if (direction !== null) {
			this.#way.clear();
			this.#eye.attach(this.#self());
			hintSeen("walk");
			if (run) hintSeen("run");
		}
		this.client.steer(direction, run);
		this.#wake();
	}

	#mapPoint(at: Point): Point {
		return toMap(at, this.#center(), this.#screen.size, this.#scale);
	}

	#tap(at: Point, run: boolean): void {
		const { x, y } = this.#mapPoint(at);
		const someone = this.#personAt(x, y);
		if (someone && !someone.self) {
			useSpace.setState({ panel: "people", panelByKey: false, chosen: someone.id });
			return;
		}
		this.#eye.attach(this.#self());
		if (this.#way.walkTo(x, y, run, this.#wakeNow)) hintSeen("walk");
		else spaceActions.blocked();
		this.#wake();
	}

	#hover(at: Point | null): void {
		this.#pointer = at ? { x: at.x, y: at.y } : null;
		this.#wake();
	}

	#pan(dx: number, dy: number): void {
		this.#eye.pan(uncovered(this.#center(), this.#inset, this.#scale), dx / this.#scale, dy / this.#scale);
		hintSeen("look");
		this.#wake();
	}

	#personAt(x: number, y: number): Actor | null {
		let best: Actor | null = null;
		for (const who of this.#shown) {
			const inside = Math.abs(x - who.x) < 12 && y < who.y + 6 && y > who.y - 46;
			if (inside && (!best || who.y > best.y)) best = who;
		}
		return best;
	}

	#center(): Point {
		return clampUncovered(this.#eye.center, this.#screen.size, this.#inset, this.#scale, this.map);
	}

	#resized(): void {
		const { dpr, size } = this.#screen ?? { dpr: devicePixelRatio, size: { width: this.canvas.width } };
		const range = zoomRange(dpr, size.width / dpr);
		if (this.#range && range.min !== this.#range.min) this.#scale = range.start;
		this.#range = range;
		this.#loop?.request();
	}

	#zoomChanged(): void {
		useSpace.setState({ zoom: { canIn: this.#scale < this.#range.max, canOut: this.#scale > this.#range.min } });
	}

	#frame(now_ms: number): FramePlan {
		const settings = useSettings.getState();
		const still = motionReduced(settings);
		const shown = applyFrame(this.client.frame(performance.now()), this.#people, this.#shown);
		const self = shown.find((who) => who.self) ?? null;
		const { spawn } = this.map;
		this.#eye.update(now_ms, self ?? { x: spawn.x + spawn.w / 2, y: spawn.y + spawn.h / 2 }, still);
		const sliding = this.#slideInset(still);
		const center = this.#center();
		if (self) this.#whereAmI(self);
		this.#point(center, shown);
		if (this.#ring && now_ms > this.#ring.until_ms) this.#ring = null;
		const speeches = this.#speeches(now_ms);
		const actEnds_ms = this.#acts(now_ms);

		const hour = new Date().getHours() + new Date().getMinutes() / 60;
		this.scene.draw(this.#pen, {
			now_ms,
			view: this.#screen.size,
			center,
			scale: this.#scale,
			dpr: this.#screen.dpr,
			actors: shown,
			lively: !still,
			names: true,
			contrast: contrastHigh(settings),
			ambient: settings.daylight ? ambientAt(hour) : GOLDEN,
			earshot_px: this.#voices.earshot_px,
			patient: false,
			near: self,
			hovered: this.#hovered,
			trail: this.#way.trail(self, this.#hovered === null ? this.#pointer && this.#mapPoint(this.#pointer) : null),
			ring: this.#ring && { id: this.#ring.id, phase: still ? 0 : (now_ms % 1200) / 1200 },
		});
		this.#drawMinimap(now_ms, shown);
		const plan = this.#plan(now_ms, still, speeches, actEnds_ms);
		return { ...plan, again: plan.again || sliding };
	}

	/** Keeps oneself in the middle of what an open panel leaves free; true while that is still on its way. */
	#slideInset(still: boolean): boolean {
		const { dpr, size } = this.#screen;
		const open = useSpace.getState().panel !== "none";
		const sheet = size.width / dpr < SHEET_BELOW_CSS_PX;
		const right = open && !sheet ? PANEL_CSS_PX * dpr : 0;
		const bottom = open && sheet ? size.height * SHEET_SHARE : 0;
		const top = open && sheet ? SHEET_TOP_CSS_PX * dpr : 0;
		const share = still ? 1 : 0.22;
		const step = (from: number, to: number) => (Math.abs(to - from) < 1 ? to : from + (to - from) * share);
		const { right: r, bottom: b, top: t } = this.#inset;
		this.#inset = { right: step(r, right), bottom: step(b, bottom), top: step(t, top) };
		return this.#inset.right !== right || this.#inset.bottom !== bottom || this.#inset.top !== top;
	}

	/** Takes away what was said long enough ago; tells when the next one ends, and whether one is still coming up. */
	#speeches(now_ms: number): { ends_ms: number | null; rising: boolean } {
		let ends_ms: number | null = null;
		let rising = false;
		for (const who of this.#people.values()) {
			if (who.says && now_ms >= who.says.until_ms) who.says = null;
			if (!who.says) continue;
			ends_ms = Math.min(ends_ms ?? who.says.until_ms, who.says.until_ms);
			rising ||= now_ms < who.says.from_ms + FADE_MS;
		}
		return { ends_ms, rising };
	}

	/** Takes away what was done; tells when the next of those that one sees ends. */
	#acts(now_ms: number): number | null {
		let ends_ms: number | null = null;
		for (const who of this.#people.values()) {
			if (who.act && now_ms >= who.act.until_ms) who.act = null;
			if (who.act) ends_ms = Math.min(ends_ms ?? who.act.until_ms, who.act.until_ms);
		}
		return ends_ms;
	}

	#plan(
		now_ms: number,
		still: boolean,
		speeches: { ends_ms: number | null; rising: boolean },
		actEnds_ms: number | null,
	): FramePlan {
		const moves =
			this.client.moving(performance.now()) ||
			this.#eye.gliding ||
			this.scene.unfinished ||
			this.scene.acts.again ||
			(!still && (this.scene.dust.alive || this.#ring !== null || speeches.rising));
		const ends = this.#eye.ends_ms ?? this.#ring?.until_ms ?? null;
		const looking = !this.#eye.attached;
		if (useSpace.getState().looking !== looking) useSpace.setState({ looking });
		const lively = !still && now_ms - this.#active_ms < QUIET_AFTER_MS;
		const wakes = [
			lively ? AMBIENT_TICK_MS : null,
			Number.isFinite(this.scene.acts.due_ms) ? Math.max(16, this.scene.acts.due_ms) : null,
			...[ends, speeches.ends_ms, actEnds_ms].map((end) => (end === null ? null : Math.max(16, end - now_ms))),
		];
		const wake_ms = wakes.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null);
		return { again: moves, wake_ms };
	}

	/** Names the area one stands in, asking only when one has come to another tile. */
	#whereAmI(self: Actor): void {
		const tile = Math.floor(self.y / TILE) * this.map.columns + Math.floor(self.x / TILE);
		if (tile === this.#areaTile) return;
		this.#areaTile = tile;
		const area = this.client.areaAt(self.x, self.y);
		const onStage = this.client.stageAt(self.x, self.y);
		const before = useSpace.getState();
		if (before.area !== area || before.onStage !== onStage) useSpace.setState({ area, onStage });
	}

	#point(center: Point, shown: readonly Actor[]): void {
		const at = this.#pointer && toMap(this.#pointer, center, this.#screen.size, this.#scale);
		const found = at && shown.length > 0 ? this.#personAt(at.x, at.y) : null;
		const hovered = found && !found.self ? found.id : null;
		if (hovered === this.#hovered) return;
		this.#hovered = hovered;
		this.canvas.style.cursor = hovered === null ? "" : "pointer";
	}

	#drawMinimap(now_ms: number, shown: readonly Actor[]): void {
		if (!this.#minimap || now_ms < this.#minimapDue_ms) return;
		this.#minimapDue_ms = now_ms + MINIMAP_EVERY_MS;
		const inView = new Map(shown.map((who) => [who.id, who]));
		const dots: Dot[] = [];
		for (const id of this.#people.keys()) {
			const at = inView.get(id) ?? this.client.locate(id);
			if (at) dots.push({ x: at.x, y: at.y, self: id === this.client.self, marked: id === this.#ring?.id });
		}
		this.#minimap(dots);
	}
}
