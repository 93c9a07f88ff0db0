// Fetches the generated art once a page, with progress in bytes; every screen shares what was loaded.

import {
	type Gestures,
	type GesturesInfo,
	gunzipIfNeeded,
	parseGestures,
	parseSheet,
	type Sheet,
	type SheetInfo,
} from "./sheet";

export interface Art {
	tiles: ImageBitmap;
	objects: ImageBitmap;
	sheet: Sheet;
}

export type OnShare = (share: number) => void;

export class LoadError extends Error {
	constructor(
		readonly url: string,
		readonly status: number,
	) {
		super(status === 0 ? `${url} could not be reached` : `${url} answered ${status}`);
	}
}

/** Reads a body piece by piece, telling which share has come; 1 only at the very end. */
export async function fetchBytes(url: string, onShare?: OnShare): Promise<Uint8Array<ArrayBuffer>> {
	const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
	if (!response?.ok) throw new LoadError(url, response?.status ?? 0);
	const total = Number(response.headers.get("content-length") ?? 0);
	const reader = response.body?.getReader();
	if (!reader) return new Uint8Array(await response.arrayBuffer());
	const pieces: Uint8Array[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		pieces.push(value);
		length += value.length;
		// Compressed bodies are longer than they say, so the share stops short of the end.
		if (total > 0) onShare?.(Math.min(0.98, length / total));
	}
	onShare?.(1);
	const whole = new Uint8Array(length);
	let at = 0;
	for (const piece of pieces) {
		whole.set(piece, at);
		at += piece.length;
	}
	return whole;
}

const picture = async (url: string, onShare: OnShare): Promise<ImageBitmap> =>
	createImageBitmap(new Blob([await fetchBytes(url, onShare)], { type: "image/png" }));

let sheet: Promise<Sheet> | null = null;
let art: Promise<Art> | null = null;

/** Avatars alone: enough for the editor and the forms. */
export function loadSheet(onShare: OnShare = () => {}): Promise<Sheet> {
	sheet ??= (async () => {
		const [description, pixels] = await Promise.all([
			fetchBytes("/art/avatars.json"),
			fetchBytes("/art/avatars.bin", onShare),
		]);
		const info = JSON.parse(new TextDecoder().decode(description)) as SheetInfo;
		return parseSheet(info, await gunzipIfNeeded(pixels));
	})();
	sheet.catch(() => {
		sheet = null;
	});
	return sheet;
}

let gestures: Promise<Gestures> | null = null;

/** Asked for when somebody first waves, dances or raises a hand. */
export function loadGestures(): Promise<Gestures> {
	gestures ??= (async () => {
		const [description, pixels, { info }] = await Promise.all([
			fetchBytes("/art/gestures.json"),
			fetchBytes("/art/gestures.bin"),
			loadSheet(),
		]);
		const parsed = JSON.parse(new TextDecoder().decode(description)) as GesturesInfo;
		return parseGestures(parsed, info.frame, await gunzipIfNeeded(pixels));
	})();
	gestures.catch(() => {
		gestures = null;
	});
	return gestures;
}

export function loadArt(onShare: OnShare = () => {}): Promise<Art> {
	const shares = [0, 0, 0];
	const report = (index: number) => (share: number) => {
		shares[index] = share;
		onShare(shares.reduce((sum, each) => sum + each, 0) / shares.length);
	};
	art ??= (async () => {
		const [tiles, objects, loaded] = await Promise.all([
			picture("/art/tiles.png", report(0)),
			picture("/art/objects.png", report(1)),
			loadSheet(report(2)),
		]);
		return { tiles, objects, sheet: loaded };
	})();
	art.catch(() => {
		art = null;
	});
	return art;
}
