// Small canvas helpers shared by everything that draws.

export type Surface = HTMLCanvasElement;
export type Pen = CanvasRenderingContext2D;

export function surface(width: number, height: number): Surface {
	const canvas = document.createElement("canvas");
	canvas.width = width;
	canvas.height = height;
	return canvas;
}

/** A 2D context; its absence means the browser is out of memory for canvases, and nothing can be drawn at all. */
export function pen(canvas: Surface, options?: CanvasRenderingContext2DSettings): Pen {
	const context = canvas.getContext("2d", options);
	if (!context) throw new Error("This browser gave us no canvas to draw on.");
	context.imageSmoothingEnabled = false;
	return context;
}

/** Keeps the most recently used values up to a bound; a Map remembers insertion order, which is all this needs. */
export class Recent<Key, Value> {
	readonly #entries = new Map<Key, Value>();
	constructor(readonly limit: number) {}

	get(key: Key): Value | undefined {
		const value = this.#entries.get(key);
		if (value !== undefined) {
			this.#entries.delete(key);
			this.#entries.set(key, value);
		}
		return value;
	}

	set(key: Key, value: Value): void {
		this.#entries.delete(key);
		this.#entries.set(key, value);
		if (this.#entries.size > this.limit) {
			const oldest = this.#entries.keys().next();
			if (!oldest.done) this.#entries.delete(oldest.value);
		}
	}

	clear(): void {
		this.#entries.clear();
	}

	get size(): number {
		return this.#entries.size;
	}
}
