// The largest of all places that show one picture: what its sender has to reach. Pure.

interface Size {
	width: number;
	height: number;
}

export type Kind = "camera" | "screen";

/** Of a tab that is hidden only that picture is seen which the browser shows in a window of its own. */
export const isSeen = (page: Pick<Document, "hidden" | "pictureInPictureElement">, picture: unknown): boolean =>
	!page.hidden || page.pictureInPictureElement === picture;

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
		if ((told?.width ?? 0) === largest.width && (told?.height ?? 0) === largest.height) return;
		if (largest.width > 0) this.#told.set(key, largest);
		else this.#told.delete(key);
		this.tell(id, kind, largest.width, largest.height);
	}
}
