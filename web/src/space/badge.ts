// The tab's title and picture with how much is unread.

import { unreadIn, useChat } from "../chat/store";

const ICON = "/icon.svg";
const SIZE = 64;
const INK = "#2d2440";
const ACCENT = "#eaa83c";

/** Nine is many. */
export const counted = (unread: number): string => (unread > 9 ? "9+" : `${unread}`);
export const withCount = (title: string, unread: number): string => {
	const bare = title.replace(/^\(\d+\) /, "");
	return unread > 0 ? `(${unread}) ${bare}` : bare;
};

export class Badge {
	readonly #stop: () => void;
	#unread = 0;
	#shown = "";

	constructor() {
		this.#stop = useChat.subscribe((now) => this.#show(unreadIn(now)));
	}

	stop(): void {
		this.#stop();
		this.#show(0);
	}

	#show(unread: number): void {
		if (unread === this.#unread) return;
		this.#unread = unread;
		document.title = withCount(document.title, unread);
		const words = unread === 0 ? "" : counted(unread);
		if (words === this.#shown) return;
		this.#shown = words;
		const link = document.querySelector<HTMLLinkElement>('link[rel~="icon"]');
		if (!link) return;
		if (words === "") link.href = ICON;
		else
			void picture(words).then((href) => {
				if (href && this.#shown === words) link.href = href;
			});
	}
}

async function picture(words: string): Promise<string | null> {
	const image = new Image(SIZE, SIZE);
	image.src = ICON;
	try {
		await image.decode();
	} catch {
		return null;
	}
	const canvas = document.createElement("canvas");
	canvas.width = canvas.height = SIZE;
	const p = canvas.getContext("2d");
	if (!p) return null;
	p.drawImage(image, 0, 0, SIZE, SIZE);
	const r = 19;
	p.fillStyle = INK;
	p.beginPath();
	p.arc(SIZE - r, SIZE - r, r, 0, Math.PI * 2);
	p.fill();
	p.fillStyle = ACCENT;
	p.beginPath();
	p.arc(SIZE - r, SIZE - r, r - 3, 0, Math.PI * 2);
	p.fill();
	p.fillStyle = INK;
	p.font = `700 ${words.length > 1 ? 20 : 25}px system-ui, sans-serif`;
	p.textAlign = "center";
	p.textBaseline = "middle";
	p.fillText(words, SIZE - r, SIZE - r + 1.5);
	return canvas.toDataURL("image/png");
}
