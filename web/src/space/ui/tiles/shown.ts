// How large a picture is drawn, told to whoever sends it: in device pixels, the largest of all places that show it, and
// nothing where none does or the tab is hidden.

import { type RefObject, useEffect } from "react";
import { mediaActions } from "../../../state/media";

interface Size {
	width: number;
	height: number;
}

type Kind = "camera" | "screen";

export class ShownSizes {
	readonly #places = new Map<string, Map<object, Size>>();
	readonly #told = new Map<string, Size>();

	constructor(private readonly tell: (id: number, kind: Kind, width: number, height: number) => void) {}

	set(place: object, id: number, kind: Kind, size: Size | null): void {
		const key = `${kind}:${id}`;
		const places = this.#places.get(key) ?? new Map<object, Size>();
		if (size) places.set(place, size);
		else places.delete(place);
		if (places.size > 0) this.#places.set(key, places);
		else this.#places.delete(key);
		let largest: Size = { width: 0, height: 0 };
		for (const each of places.values()) {
			if (each.width * each.height > largest.width * largest.height) largest = each;
		}
		const told = this.#told.get(key);
		if (told && told.width === largest.width && told.height === largest.height) return;
		if (largest.width > 0) this.#told.set(key, largest);
		else this.#told.delete(key);
		this.tell(id, kind, largest.width, largest.height);
	}
}

const sizes = new ShownSizes((...size) => mediaActions.tileShown(...size));

export function useShown(element: RefObject<HTMLElement | null>, id: number, kind: Kind, shown: boolean): void {
	useEffect(() => {
		const target = element.current;
		const view = target?.ownerDocument.defaultView;
		if (!target || !view || !shown) return;
		const page = target.ownerDocument;
		const place = {};
		const measure = () => {
			const { clientWidth, clientHeight } = target;
			const dpr = view.devicePixelRatio;
			const size = { width: Math.round(clientWidth * dpr), height: Math.round(clientHeight * dpr) };
			sizes.set(place, id, kind, page.hidden || size.width === 0 ? null : size);
		};
		const watch = new ResizeObserver(measure);
		watch.observe(target);
		page.addEventListener("visibilitychange", measure);
		measure();
		return () => {
			watch.disconnect();
			page.removeEventListener("visibilitychange", measure);
			sizes.set(place, id, kind, null);
		};
	}, [element, id, kind, shown]);
}
