// The picker's own element, in our colours; loaded when somebody first opens it.

import Picker from "emoji-picker-element/picker";
import { useEffect, useRef } from "react";
import { EMOJI_VERSION, emojiData } from "../emoji";

export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
	const place = useRef<HTMLDivElement>(null);
	const pick = useRef(onPick);
	pick.current = onPick;
	useEffect(() => {
		const picker = new Picker({ dataSource: emojiData, emojiVersion: EMOJI_VERSION });
		const picked = (event: Event) => {
			const { unicode } = (event as CustomEvent<{ unicode?: string }>).detail;
			if (unicode) pick.current(unicode);
		};
		picker.addEventListener("emoji-click", picked);
		place.current?.append(picker);
		// Its field is there once it has drawn itself.
		const wait = window.setInterval(() => {
			const field = picker.shadowRoot?.querySelector<HTMLInputElement>("input");
			if (!field) return;
			window.clearInterval(wait);
			field.focus({ preventScroll: true });
		}, 30);
		return () => {
			window.clearInterval(wait);
			picker.removeEventListener("emoji-click", picked);
			picker.remove();
		};
	}, []);
	return <div ref={place} className="chat-emoji" />;
}
