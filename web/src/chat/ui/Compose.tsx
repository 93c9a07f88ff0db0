// Where one writes. It grows with what is typed, up to five lines; what is typed outlives the panel.

import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import type { Channel } from "../../space/client";
import { Icon } from "../../ui/Icon";
import { draftOf, keepDraft } from "../drafts";
import { lengthOf, TEXT_CHARS_MAX } from "../messages";
import { useChat } from "../store";
import { chatText as text } from "../text";

/** From here on it says how much is left. */
const NEAR_END_CHARS = 200;

export function Compose({ channel }: { channel: Channel }) {
	const space = useChat((state) => state.space);
	const near = useChat((state) => state.near);
	const [typed, setTyped] = useState(() => draftOf(space, channel));
	const field = useRef<HTMLTextAreaElement>(null);
	const help = useId();
	const left = TEXT_CHARS_MAX - lengthOf(typed);
	const alone = channel === "nearby" && near === 0;
	const ready = !alone && left >= 0 && typed.trim() !== "";

	useEffect(() => {
		if (!useChat.getState().wantsField) return;
		useChat.setState({ wantsField: false });
		const it = field.current;
		it?.focus();
		// One goes on after what is there already.
		it?.setSelectionRange(it.value.length, it.value.length);
	}, []);

	// biome-ignore lint/correctness/useExhaustiveDependencies: what is typed is what makes it grow.
	useLayoutEffect(() => {
		const it = field.current;
		if (!it) return;
		it.style.height = "auto";
		it.style.height = `${it.scrollHeight + it.offsetHeight - it.clientHeight}px`;
	}, [typed]);

	const change = (next: string) => {
		setTyped(next);
		keepDraft(space, channel, next);
	};
	const send = () => {
		if (!ready) return;
		useChat.getState().door?.say(channel, typed.trim());
		change("");
		field.current?.focus();
	};
	const key = (event: KeyboardEvent) => {
		// While letters are being composed, these keys belong to that.
		if (event.nativeEvent.isComposing) return;
		if (event.key === "Enter" && !event.shiftKey) {
			event.preventDefault();
			send();
		} else if (event.key === "Escape") {
			// Back to walking, with the panel open; the next one closes it.
			event.preventDefault();
			document.querySelector<HTMLElement>("canvas.place")?.focus();
		}
	};
	return (
		<form
			className="chat-compose"
			onSubmit={(event) => {
				event.preventDefault();
				send();
			}}
		>
			<div className="chat-row">
				<textarea
					ref={field}
					className="input chat-field"
					rows={1}
					value={typed}
					aria-label={text.field[channel]}
					aria-describedby={help}
					aria-invalid={left < 0}
					placeholder={text.field[channel]}
					enterKeyHint="send"
					onChange={(event) => change(event.target.value)}
					onKeyDown={key}
				/>
				<Button type="submit" className="tool chat-send" aria-label={text.send} isDisabled={!ready}>
					<Icon name="send" />
				</Button>
			</div>
			<p id={help} className={`chat-help ${left < 0 ? "error" : "note"}`} aria-live={left < 0 ? "polite" : "off"}>
				{left < NEAR_END_CHARS
					? text.left(left)
					: channel === "nearby"
						? alone
							? text.nobodyNear
							: text.near(near)
						: ""}
			</p>
		</form>
	);
}
