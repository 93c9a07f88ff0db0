// What is said to those who hear the page, and what is said of things that could not be done.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("window", globalThis);
vi.stubGlobal("location", { pathname: "/s/commons" });
vi.mock("../src/space/sounds", () => ({ playSound: () => {} }));

const { Crier } = await import("../src/space/crier");
const { doEmote } = await import("../src/space/emotes");
const { Nudges } = await import("../src/space/nudges");
const { useNudges } = await import("../src/state/nudges");
const { spaceActions, useSpace } = await import("../src/state/space");
type Person = import("../src/space/client").Person;
type Client = import("../src/space/client").SpaceClient;
type View = import("../src/space/view").SpaceView;
type Visit = import("../src/space/session").Visit;

const person = (id: number, name: string, self = false) => ({ id, name, self, handRaisedAt: 0 }) as Person;
const spoken = () => useSpace.getState().spoken;
const toasts = () => useSpace.getState().toasts.map(({ text }) => text);

beforeEach(() => {
	vi.useFakeTimers();
	spaceActions.reset();
});
afterEach(() => {
	vi.runAllTimers();
	vi.useRealTimers();
});

describe("what is said", () => {
	it("is said again where the same happens again", () => {
		spaceActions.say("Ada waves.");
		const first = spoken();
		vi.runAllTimers();
		spaceActions.say("Ada waves.");
		expect(spoken().text).toBe(first.text);
		expect(spoken().count).not.toBe(first.count);
	});

	it("is not that oneself left, where one came back as somebody new", () => {
		const crier = new Crier();
		const tell = (changed: Person[], left: number[]) => {
			crier.people(changed, left);
			spaceActions.people(changed, left);
		};
		tell([person(1, "Ada", true), person(2, "Bob"), person(3, "Cleo")], []);
		vi.runAllTimers();
		tell([person(4, "Ada", true), person(2, "Bob")], [1, 3]);
		vi.runAllTimers();
		expect(spoken().text).toBe("Cleo left.");
		crier.stop();
	});
});

describe("without a connection", () => {
	const client = (online: boolean) => {
		const said = () => online;
		return { self: 1, locate: () => null, nudge: said, answerNudge: said, emote: said } as unknown as Client;
	};
	const away = "You are not connected just now. Try again once you are back.";

	it("no question is said to be asked", () => {
		spaceActions.people([person(2, "Bob")], []);
		const nudges = (online: boolean) => new Nudges(client(online), {} as View, () => {});
		nudges(false).ask(2, "come_here");
		expect(toasts()).toEqual([away]);
		nudges(true).ask(2, "come_here");
		expect(toasts()).toEqual([away, "You asked Bob to come over."]);
	});

	it("a question stays until it is answered", () => {
		const nudges = new Nudges(client(false), {} as View, () => {});
		nudges.handle({ type: "nudged", from: 2, kind: "may_i_join", knock: false });
		const [asked] = useNudges.getState().asked;
		if (asked) nudges.answer(asked, false);
		expect(useNudges.getState().asked).toEqual([asked]);
		expect(toasts()).toEqual([away]);
		nudges.leave();
	});

	it("no hand is said to be up", () => {
		useSpace.setState({ visit: { client: client(false) } as unknown as Visit });
		doEmote("raise_hand");
		expect(toasts()).toEqual([away]);
		expect(spoken().text).toBe(away);
	});
});
