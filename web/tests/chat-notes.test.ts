// Sounds and notes of the system for what is said, and where a note leads.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Mail, ToldMessage } from "../src/space/words";

const playSound = vi.fn();
const jump = vi.fn();
vi.mock("../src/space/sounds", () => ({ playSound }));
vi.mock("../src/space/badge", () => ({ Badge: class {} }));
const notes: { title: string; body: string; onclick: () => void; close(): void }[] = [];
const assign = vi.fn();
const PEER = "u_k3v7m2q5x4b6d5fa";

beforeEach(() => {
	notes.length = 0;
	for (const each of [playSound, jump, assign]) each.mockReset();
	vi.stubGlobal("window", globalThis);
	vi.stubGlobal("innerWidth", 1_000);
	vi.stubGlobal("focus", () => {});
	vi.stubGlobal("document", { hidden: true, querySelector: () => null });
	vi.stubGlobal("navigator", {});
	vi.stubGlobal("location", { pathname: "/s/commons", href: "https://earshot.test/s/commons?inspect", assign });
	vi.stubGlobal(
		"Notification",
		class {
			static permission = "granted";
			onclick = () => {};
			body: string;
			constructor(
				readonly title: string,
				options: { body: string },
			) {
				this.body = options.body;
				notes.push(this);
			}
			close() {}
		},
	);
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.resetModules();
});

async function watch() {
	const { Attention } = await import("../src/space/attention");
	const { useSettings } = await import("../src/state/settings");
	const { chatActions, useChat } = await import("../src/chat/store");
	const attention = new Attention();
	useSettings.setState({ notices: true });
	chatActions.reset("s", { jump } as never);
	attention.handle({ type: "people", changed: [{ self: true, userId: "u_ada" } as never], left: [] });
	const said = (...messages: ToldMessage[]) => attention.handle({ type: "said", messages });
	const open = () => {
		const { tab, target } = useChat.getState();
		return [tab, target?.id ?? null];
	};
	return { attention, said, open };
}
const message = (id: number, part: Partial<ToldMessage> = {}): ToldMessage => ({
	...{ id, at: id, channel: "everyone", authorId: "u_bob", authorName: "Bob", text: "<@u_ada> look", replyTo: 0 },
	...{ reference: `r${id}`, editedAt: 0, deleted: false, reactions: [], thought: false, live: true },
	...part,
});

describe("who looks elsewhere", () => {
	it("is told of each mention, also where several come at once, by one sound", async () => {
		const { said } = await watch();
		said(message(1, { channel: "area/7" }), message(2), message(3, { text: "to nobody" }));
		await vi.waitFor(() => expect(notes).toHaveLength(2));
		expect(playSound.mock.calls).toEqual([["mention"]]);
	});

	it("is told nothing of what was at hand, even if it is one single thing", async () => {
		const { said } = await watch();
		said(message(1, { channel: "area/7", live: false }));
		expect(playSound).not.toHaveBeenCalled();
		said(message(2, { channel: "area/7", text: "hello" }));
		expect(playSound.mock.calls).toEqual([["message"]]);
		expect(notes).toHaveLength(0);
	});
});

describe("a note that is pressed", () => {
	it("leads to the message, in the page that is there", async () => {
		const { said, open } = await watch();
		said(message(12, { channel: "c/3" }));
		await vi.waitFor(() => expect(notes).toHaveLength(1));
		notes[0]?.onclick();
		expect([open()[0], jump.mock.calls]).toEqual(["c/3", [["c/3", 12]]]);
		expect(assign).not.toHaveBeenCalled();
	});

	it("leads to the conversation", async () => {
		const { attention, open } = await watch();
		const direct = { id: 5, author_id: PEER, author_name: "Bob", text: "psst", deleted: false };
		attention.handle({
			type: "mail",
			mail: { kind: "direct", peer_id: PEER, peer_name: "Bob", message: direct } as Mail,
		});
		await vi.waitFor(() => expect(notes).toHaveLength(1));
		notes[0]?.onclick();
		expect([open(), assign.mock.calls]).toEqual([[`dm/${PEER}`, null], []]);
	});

	it("leads to another space by coming in there", async () => {
		await watch();
		const { notify } = await import("../src/notices/notify");
		await notify({ kind: "nudge", title: "Hall", body: "", url: "/s/hall", tag: "ring" });
		notes[0]?.onclick();
		expect(assign.mock.calls).toEqual([["/s/hall"]]);
	});
});
