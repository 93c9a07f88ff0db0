// One visit to a space, from the first byte to being inside: loads, joins, connects, and passes events on to the panels.

import { ApiError, call, messageOf, refresh } from "../api/http";
import { listReports } from "../api/people";
import { joinSpace, mapUrl, socketUrl } from "../api/spaces";
import type { Space } from "../api/types";
import { listenForAsked, openAsked } from "../chat/arrival";
import { ChatVisit } from "../chat/visit";
import { listenForIdle } from "../input/idle";
import type { MediaVisit } from "../media/engine";

import { notify } from "../notices/notify";
import { type Art, fetchBytes, LoadError, loadArt } from "../render/art";
import { type MapModel, parseMap } from "../render/map";
import { loadBlocked } from "../state/blocks";
import { loadMedia } from "../state/media";
import { type Connection, spaceActions, useSpace } from "../state/space";
import { Attention } from "./attention";
import type { SpaceClient, SpaceEvent } from "./client";
import { Crier } from "./crier";
import { Nudges } from "./nudges";
import { spaceText as text } from "./text";
import { SpaceView } from "./view";

export interface Visit {
	/** Called once the map is there, and again when the art is: the loading screen draws the place taking shape. */
	onShape: ((map: MapModel, art: Art | null) => void) | null;
	view: SpaceView | null;
	client: SpaceClient | null;
	leave(): void;
}

export function visitSpace(id: string, canvas: HTMLCanvasElement): Visit {
	const crier = new Crier();
	const undo: (() => void)[] = [() => crier.stop()];
	let left = false;
	let media: MediaVisit | null = null;
	let chat: ChatVisit | null = null;
	let nudges: Nudges | null = null;
	let attention: Attention | null = null;
	const visit: Visit = {
		onShape: null,
		view: null,
		client: null,
		leave() {
			if (left) return;
			left = true;
			for (const each of undo.reverse()) each();
			visit.view?.close();
			visit.client?.close();
		},
	};

	const onEvent = (event: SpaceEvent) => {
		if (left) return;
		show(event);
		// After the people it is about are known.
		media?.handle(event);
		chat?.handle(event);
		nudges?.handle(event);
		attention?.handle(event);
	};

	const show = (event: SpaceEvent) => {
		switch (event.type) {
			case "connection":
				useSpace.setState({ connection: event });
				crier.connection(event);
				// Whoever walked somewhere stands when the connection is lost.
				if (event.state !== "online") visit.view?.endWay();
				if (event.state === "ended") ended(event.reason);
				break;
			case "welcome":
				useSpace.setState({ self: event.self });
				spaceActions.loaded("connect", 1);
				spaceActions.inside();
				break;
			case "people":
				crier.people(event.changed, event.left);
				spaceActions.people(event.changed, event.left);
				visit.view?.setPeople(event.changed, event.left);
				break;
			case "arrived":
				visit.view?.endWay();
				spaceActions.say(text.arrived);
				break;
			case "emoted":
				visit.view?.emoted(event.id, event.emote);
				crier.emoted(event.id, event.emote);
				break;
			case "changed":
				visit.view?.changed(event.changes);
				break;
			case "following":
				useSpace.setState({ following: event.id });
				break;
		}
	};

	const enter = async () => {
		const artLoading = loadArt((share) => spaceActions.loaded("art", share));
		// Failing here is reported where it is awaited; unawaited, it must not be an unhandled rejection.
		artLoading.catch(() => {});
		const coreLoading = import("./client");
		coreLoading.catch(() => {});
		const joined = await joinSpace(id);
		if (left) return;
		spaceActions.entered(joined);
		// A space without sound is better than none: if this does not arrive, one walks about in silence.
		const mediaLoading = enterMedia(joined.space).catch(() => {});
		document.title = `${joined.space.name} · Earshot`;
		const mapJson = await fetchBytes(mapUrl(id), (share) => spaceActions.loaded("map", share));
		const map = parseMap(new TextDecoder().decode(mapJson));
		if (left) return;
		visit.onShape?.(map, null);
		const art = await artLoading;
		if (left) return;
		visit.onShape?.(map, art);
		const { openSpace } = await coreLoading;
		await mediaLoading;
		spaceActions.loaded("connect", 0.5);
		const early: SpaceEvent[] = [];
		const client = await openSpace({
			wsUrl: socketUrl(joined.ws),
			mapJson,
			onEvent: (event) => (visit.view ? onEvent(event) : early.push(event)),
			refreshAuth: async () => {
				// Asking who one is renews the session when it must; so a fresh one costs nothing.
				try {
					await call("GET", "/api/auth/me");
					return true;
				} catch (error) {
					if (error instanceof ApiError && error.status === 401) return refresh();
					throw error;
				}
			},
		});
		if (left) {
			client.close();
			return;
		}
		visit.client = client;
		media?.attach(client);
		// `?inspect` hands the client to whoever owns the page anyway: the browser tests read positions from it.
		if (new URLSearchParams(location.search).has("inspect"))
			Object.assign(window, { earshot: { client, media: media?.inspect } });
		visit.view = new SpaceView(canvas, map, art, client);
		// What moves is drawn anew, and sounds anew.
		const draw = client.onWake;
		client.onWake = () => {
			draw?.();
			media?.wake();
		};
		const view = visit.view;
		const talk = new ChatVisit(id, client, (message) => view.says(message));
		chat = talk;
		undo.push(() => talk.leave());
		undo.push(listenForAsked());
		const asking = new Nudges(client, view, (notice) => void notify(notice));
		const watch = new Attention();
		nudges = asking;
		attention = watch;
		undo.push(() => asking.leave());
		undo.push(() => watch.leave());
		if (joined.space.may.includes("moderate"))
			listReports(id).then(
				(open) => left || useSpace.setState({ reports: open.length }),
				() => {},
			);
		// Only a page of settings and a menu want to know: if it does not come, they ask again.
		loadBlocked().catch(() => {});
		useSpace.setState({ visit });
		for (const event of early) onEvent(event);
		if (left) return;
		openAsked();
		undo.push(listenForIdle((idle) => client.setAway(idle)));
	};

	const enterMedia = async (space: Space) => {
		const engine = await loadMedia();
		if (left) return;
		media = engine.enter(id, space.relay_only);
		undo.push(() => media?.leave());
	};

	const ended = (reason: Connection["reason"]) => {
		// Nobody walks on by keys behind the card that says so.
		visit.leave();
		if (reason?.code === "replaced") spaceActions.failed(text.elsewhere, text.elsewhereMessage, "back");
		else spaceActions.failed(text.endedTitle, reason?.message ?? text.endedMessage, "again");
	};

	enter().catch((error: unknown) => {
		if (left) return;
		// Nobody is heard or seen through a door that did not open.
		visit.leave();
		if (error instanceof ApiError && (error.status === 404 || error.status === 403)) {
			const [title, message] =
				error.code === "members_only"
					? [text.membersOnly, text.membersOnlyMessage]
					: error.code === "banned"
						? [text.banned, text.bannedMessage]
						: [text.notFound, text.notFoundMessage];
			spaceActions.failed(title, message, null);
		} else if (error instanceof LoadError) spaceActions.failed(text.failedTitle, text.failedLoad, "again");
		else if (error instanceof ApiError) spaceActions.failed(text.failedTitle, messageOf(error), "again");
		// A part of the page that did not come does not come to this page any more.
		else spaceActions.failed(text.failedTitle, text.failedLoad, "reload");
	});
	return visit;
}
