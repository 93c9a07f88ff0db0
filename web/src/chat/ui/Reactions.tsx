// What people put under a message: how many of each, who in a tooltip; pressed, one joins them or leaves.

import { Button, Tooltip, TooltipTrigger } from "react-aria-components";
import type { Reaction } from "../../space/words";
import { nameOf } from "../names";
import type { Message } from "../place";
import { useChat } from "../store";
import { chatText as text } from "../text";
import { EmojiButton } from "./EmojiButton";
import { Glyph } from "./Glyph";

/** Names in a tooltip; the rest are counted. */
const NAMES_MAX = 12;

export function Reactions({ message, self }: { message: Message; self: string }) {
	const put = (emoji: string, on: boolean) => useChat.getState().door?.react(message, emoji, on);
	const who = ({ userIds, count }: Reaction) => {
		const names = userIds.slice(0, NAMES_MAX).map((id) => (id === self ? text.you : (nameOf(id) ?? text.someone)));
		return text.reactedBy(names, count);
	};
	return (
		<div className="chat-reactions">
			{message.reactions.map((reaction) => {
				const mine = reaction.userIds.includes(self);
				return (
					<TooltipTrigger key={reaction.emoji} delay={350} closeDelay={60}>
						<Button
							className="chat-reaction"
							data-mine={mine || undefined}
							aria-pressed={mine}
							aria-label={text.reaction(reaction.emoji, reaction.count, who(reaction))}
							onPress={() => put(reaction.emoji, !mine)}
						>
							<span className="chat-reaction-emoji">{reaction.emoji}</span> {reaction.count}
						</Button>
						<Tooltip className="tip chat-tip" offset={6}>
							{who(reaction)}
						</Tooltip>
					</TooltipTrigger>
				);
			})}
			<EmojiButton
				label={text.addReaction}
				className="chat-reaction chat-reaction-add"
				onPick={(emoji) => put(emoji, true)}
			>
				<Glyph name="smile" size={16} />
			</EmojiButton>
		</div>
	);
}
