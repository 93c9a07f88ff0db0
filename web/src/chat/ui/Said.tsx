// One message: its words, what became of it, what people put under it, and its tools while it is the one that is looked at.

import { memo } from "react";
import { activate, useActive } from "../active";
import { mentionsOf } from "../mentions";
import type { Message } from "../place";
import { chatActions, useChat } from "../store";
import { chatText as text } from "../text";
import { Glyph } from "./Glyph";
import { Marked } from "./Marked";
import { useMay, useSelfId } from "./places";
import { Reactions } from "./Reactions";
import { Tools } from "./Tools";

export const Said = memo(function Said({ lineKey, message }: { lineKey: string; message: Message }) {
	const active = useActive((state) => state.key === lineKey);
	const editing = useChat(
		({ editing }) => editing !== null && editing.id === message.id && editing.channel === message.channel,
	);
	const self = useSelfId();
	const calls = self !== "" && !message.deleted && mentionsOf(message.text).includes(self);
	return (
		<article
			className="chat-line"
			data-key={lineKey}
			data-id={message.id || undefined}
			data-state="said"
			data-calls={calls || undefined}
			data-active={active || undefined}
			data-editing={editing || undefined}
			aria-label={text.message(message.authorName, message.at)}
			tabIndex={-1}
			onFocus={() => activate(lineKey)}
		>
			{message.deleted ? (
				<Gone message={message} />
			) : (
				<div className={message.thought ? "chat-thought" : undefined}>
					{message.thought && (
						<span className="chat-thinks" title={text.thinks}>
							<Glyph name="thought" size={16} />
							<span className="sr-only">{text.thinks}</span>
						</span>
					)}
					<Marked text={message.text}>
						{message.editedAt > 0 && (
							<span className="chat-edited" title={text.editedAt(message.editedAt)}>
								{" "}
								({text.edited})
							</span>
						)}
					</Marked>
				</div>
			)}
			{message.reactions.length > 0 && <Reactions message={message} self={self} />}
			{active && !message.deleted && <Tools message={message} self={self} />}
		</article>
	);
});

function Gone({ message }: { message: Message }) {
	const may = useMay("moderate");
	return (
		<p className="chat-deleted">
			{text.deleted}
			{may && message.id > 0 && !message.channel.startsWith("dm/") && (
				<button type="button" className="chat-link" onClick={() => chatActions.deed({ kind: "trace", message })}>
					{text.trace}
				</button>
			)}
		</p>
	);
}
