// The bar's button for emotes.

import { Tip } from "../../../ui/Tip";
import { emoteText as text } from "../../emoteText";
import { closeWheel, openWheel, useWheel } from "./wheel";

export function EmoteButton() {
	const open = useWheel((state) => state.open);
	return (
		<Tip
			label={text.button}
			keys="E"
			icon="emote"
			aria-haspopup="menu"
			aria-pressed={open}
			onPress={() => (open ? closeWheel() : openWheel(false))}
		/>
	);
}
