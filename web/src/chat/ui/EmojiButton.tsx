// A button that opens the emoji picker beside it.

import { lazy, type ReactNode } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Later } from "../../ui/Later";
import { chatText as text } from "../text";

const EmojiPicker = lazy(() => import("./EmojiPicker"));

export function EmojiButton(props: {
	label: string;
	className: string;
	onPick: (emoji: string) => void;
	onOpen?: (open: boolean) => void;
	children: ReactNode;
}) {
	return (
		<DialogTrigger onOpenChange={(open) => props.onOpen?.(open)}>
			<Button className={props.className} aria-label={props.label}>
				{props.children}
			</Button>
			<Popover className="popover chat-emoji-popover" placement="top end" offset={6}>
				<Dialog className="dialog" aria-label={text.emoji}>
					{({ close }) => (
						<Later fallback={<div className="chat-emoji" />}>
							<EmojiPicker
								onPick={(emoji) => {
									close();
									props.onPick(emoji);
								}}
							/>
						</Later>
					)}
				</Dialog>
			</Popover>
		</DialogTrigger>
	);
}
