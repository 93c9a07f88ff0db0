// The bar's button for the chat, with how much is new.

import { spaceActions, useSpace } from "../../state/space";
import { Tip } from "../../ui/Tip";
import { unreadIn, useChat } from "../store";
import { chatText as text } from "../text";

export function ChatButton() {
	const open = useSpace((state) => state.panel === "chat");
	const unread = useChat(unreadIn);
	return (
		<Tip
			className="chat-button"
			label={text.title}
			spoken={text.button(unread)}
			keys="T"
			icon="chat"
			aria-pressed={open}
			onPress={() => spaceActions.togglePanel("chat")}
		>
			{unread > 0 && <span className="chat-count">{text.unread(unread)}</span>}
		</Tip>
	);
}
