import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenToKeys } from "../src/input/keyboard";
import { directionOf, isWalkKey } from "../src/input/keys";
import { listenToTalkKeys } from "../src/input/talkKeys";

const at = (...codes: string[]) => directionOf(new Set(codes));

describe("keys to directions", () => {
	it("knows the eight octants, clockwise from the right", () => {
		expect(at("KeyD")).toBe(0);
		expect(at("KeyD", "KeyS")).toBe(1);
		expect(at("ArrowDown")).toBe(2);
		expect(at("KeyA", "KeyS")).toBe(3);
		expect(at("ArrowLeft")).toBe(4);
		expect(at("KeyA", "KeyW")).toBe(5);
		expect(at("KeyW")).toBe(6);
		expect(at("ArrowUp", "ArrowRight")).toBe(7);
	});

	it("stands still for nothing and for opposites", () => {
		expect(at()).toBeNull();
		expect(at("KeyA", "KeyD")).toBeNull();
		expect(at("KeyA", "KeyD", "KeyW")).toBe(6);
	});

	it("is not faster or elsewhere for the same direction twice", () => {
		expect(at("KeyW", "ArrowUp")).toBe(6);
		expect(at("KeyW", "ArrowUp", "KeyD")).toBe(7);
	});

	it("leaves other keys alone", () => {
		expect(isWalkKey("KeyP")).toBe(false);
		expect(at("KeyP")).toBeNull();
	});
});

/** An element as far as it is asked what it is within. */
class StandInElement {
	constructor(
		readonly role: string,
		readonly name = "",
	) {}
	closest(selectors: string): this | null {
		const fits = (one: string) =>
			one === `.${this.name}` ||
			one === `[role=${this.role}]` ||
			(one === `[role=${this.role}]:not(.viewer)` && this.name !== "viewer");
		return selectors.split(", ").some(fits) ? this : null;
	}
	matches = () => false;
}

/** Presses keys as a browser tells of them. */
function keyboard() {
	const window = new EventTarget();
	vi.stubGlobal("window", window);
	vi.stubGlobal("document", new EventTarget());
	vi.stubGlobal("Element", StandInElement);
	const tell = (type: string, code: string, more: object) => {
		const key = code.replace("Key", "").toLowerCase();
		const event = Object.assign(new Event(type, { cancelable: true }), { code, key, ...more });
		Object.defineProperty(event, "target", { value: { inside: null, ...more }.inside });
		window.dispatchEvent(event);
		return event;
	};
	return {
		down: (code: string, more: object = {}) => tell("keydown", code, more),
		up: (code: string, more: object = {}) => tell("keyup", code, more),
	};
}

describe("keys in the place", () => {
	const viewer = new StandInElement("dialog", "viewer");
	const dialog = new StandInElement("dialog");
	const done: string[] = [];
	let steered: unknown[] = [];
	let keys: ReturnType<typeof keyboard>;
	let stop = () => {};

	beforeEach(() => {
		done.length = 0;
		steered = [];
		keys = keyboard();
		stop = listenToKeys({
			steer: (direction) => steered.push(direction),
			command: (command) => done.push(command) > 0,
			letterKeys: () => true,
		});
	});
	afterEach(() => {
		stop();
		vi.unstubAllGlobals();
	});

	it("do what they say on layouts that write other scripts", () => {
		keys.down("KeyV", { key: "м" });
		keys.down("KeyT", { key: "Τ", shiftKey: true });
		keys.down("KeyE", { key: "ק" });
		keys.down("KeyB", { key: "لا" });
		expect(done).toEqual(["microphone", "chat", "emotes", "screen"]);
	});

	it("mean what is written on them where that is a letter of ours", () => {
		keys.down("KeyC", { key: "j" });
		keys.down("KeyT", { key: "è" });
		expect(done).toEqual([]);
		keys.down("Period", { key: "v" });
		expect(done).toEqual(["microphone"]);
	});

	it("are not for the place while words are composed", () => {
		keys.down("KeyP", { isComposing: true });
		keys.down("Escape", { key: "Escape", keyCode: 229 });
		expect(done).toEqual([]);
	});

	it("are let go with Cmd, which keeps their own going up to itself", () => {
		keys.down("KeyW");
		keys.down("MetaLeft", { key: "Meta", metaKey: true });
		keys.up("MetaLeft", { key: "Meta" });
		expect(steered).toEqual([6, null]);
	});

	it("belong to a dialog, and to a shared screen but for talking", () => {
		for (const code of ["KeyV", "KeyP", "KeyW"]) keys.down(code, { inside: dialog });
		expect(done).toEqual([]);
		for (const code of ["KeyV", "KeyP", "KeyW"]) keys.down(code, { inside: viewer });
		expect(done).toEqual(["microphone"]);
		expect(steered).toEqual([]);
	});

	it("talk while held, over a shared screen too", () => {
		const talked: boolean[] = [];
		const end = listenToTalkKeys({ toggleMicrophone() {}, holds: () => true, talk: (down) => talked.push(down) });
		expect(keys.down("Space", { inside: dialog }).defaultPrevented).toBe(false);
		keys.up("Space");
		expect(talked).toEqual([]);
		keys.down("Space", { inside: viewer });
		keys.up("Space");
		expect(talked).toEqual([true, false]);
		end();
	});
});
