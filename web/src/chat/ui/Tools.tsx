// What one can do with a message: a small bar at its corner, and a menu for the rest.

import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { messageOf } from "../../api/http";
import { askDeed } from "../../state/deeds";
import { spaceActions } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { hold, useActive } from "../active";
import { QUICK } from "../emoji";
import { plainOf } from "../markup";
import { nameOf } from "../names";
import { isDirect, isKept, type Message } from "../place";
import { chatActions, useChat } from "../store";
import { chatText as text } from "../text";
import { EmojiButton } from "./EmojiButton";
import { Glyph } from "./Glyph";
import { useMay } from "./places";

export function Tools({ message, self }: { message: Message; self: string }) {
	const kept = isKept(message.channel);
	const react = (emoji: string) => {
		const mine = message.reactions.some((each) => each.emoji === emoji && each.userIds.includes(self));
		useChat.getState().door?.react(message, emoji, !mine);
	};
	return (
		<div className="chat-tools" role="toolbar" aria-label={text.actions}>
			{kept && (
				<>
					{QUICK.map((emoji) => (
						<Button
							key={emoji}
							className="chat-tool"
							aria-label={`${text.react} ${emoji}`}
							onPress={() => react(emoji)}
						>
							{emoji}
						</Button>
					))}
					<EmojiButton label={text.react} className="chat-tool" onPick={react} onOpen={hold}>
						<Glyph name="smile" />
					</EmojiButton>
					<Button className="chat-tool" aria-label={text.reply} onPress={() => chatActions.reply(message)}>
						<Glyph name="reply" />
					</Button>
				</>
			)}
			<More message={message} self={self} kept={kept} />
		</div>
	);
}

function More({ message, self, kept }: { message: Message; self: string; kept: boolean }) {
	const open = useActive((state) => state.menu);
	const moderator = useMay("moderate");
	const own = message.authorId === self;
	const direct = isDirect(message.channel);
	const who = { userId: message.authorId, name: message.authorName, ...(message.id > 0 && { messageId: message.id }) };
	const mayRemove = kept && (own || (moderator && !direct));
	const copy = () => {
		const words = plainOf(message.text, (id) => nameOf(id) ?? text.someone);
		navigator.clipboard?.writeText(words).then(
			() => spaceActions.toast(text.copied),
			(error: unknown) => spaceActions.toast(messageOf(error)),
		);
	};
	return (
		<MenuTrigger
			isOpen={open}
			onOpenChange={(next) => {
				useActive.setState({ menu: next });
				hold(next);
			}}
		>
			<Button className="chat-tool" aria-label={text.more}>
				<Icon name="more" size={18} />
			</Button>
			<Popover className="popover chat-menu" placement="bottom end" offset={4}>
				<Menu className="menu" aria-label={text.actions} autoFocus="first">
					{kept ? <Item id="reply" icon={<Glyph name="reply" />} onAction={() => chatActions.reply(message)} /> : null}
					{own && kept ? (
						<Item id="edit" icon={<Icon name="pencil" size={18} />} onAction={() => chatActions.edit(message)} />
					) : null}
					<Item id="copy" icon={<Glyph name="copy" />} onAction={copy} />
					{moderator && kept && !direct && message.editedAt > 0 ? (
						<Item
							id="trace"
							icon={<Glyph name="history" />}
							onAction={() => chatActions.deed({ kind: "trace", message })}
						/>
					) : null}
					{!own || mayRemove ? <Separator className="menu-rule" /> : null}
					{!own && !direct ? (
						<Item id="report" icon={<Icon name="flag" size={18} />} onAction={() => askDeed("report", who)} />
					) : null}
					{!own ? (
						<Item
							id="block"
							icon={<Icon name="block" size={18} />}
							words={text.block(message.authorName)}
							onAction={() => askDeed("block", who)}
						/>
					) : null}
					{mayRemove ? (
						<Item
							id="remove"
							danger
							icon={<Icon name="trash" size={18} />}
							onAction={() => chatActions.deed({ kind: "delete", message })}
						/>
					) : null}
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}

function Item(props: {
	id: "reply" | "edit" | "copy" | "trace" | "report" | "block" | "remove";
	icon: ReactNode;
	words?: string;
	danger?: boolean;
	onAction: () => void;
}) {
	const { id, icon, danger, onAction } = props;
	const words = props.words ?? (id === "block" ? text.block("") : text[id]);
	return (
		<MenuItem className={danger ? "menu-item chat-danger" : "menu-item"} id={id} textValue={words} onAction={onAction}>
			{icon}
			{words}
		</MenuItem>
	);
}
