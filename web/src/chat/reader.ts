// The reader of markup: a wasm module of its own, which only those load who open the chat.

import init, { markup } from "../wasm/earshot_markup.js";
import wasmUrl from "../wasm/earshot_markup_bg.wasm?url";
import type { Markup } from "./markup";

export async function openReader(): Promise<(text: string) => Markup[]> {
	await init({ module_or_path: wasmUrl });
	return (text) => JSON.parse(markup(text)) as Markup[];
}
