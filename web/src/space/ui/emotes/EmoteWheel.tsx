// The wheel of emotes, which is fetched once the space is entered, so that it is there when its key is held.

import { useEffect } from "react";
import { letterOf } from "../../../input/keys";
import { LaterDialog } from "../../../ui/Later";
import { screen } from "../../../ui/screen";
import { closeWheel, useWheel } from "./wheel";

const OpenWheel = screen(async () => (await import("./OpenWheel")).default);

export function EmoteWheel() {
	const open = useWheel((state) => state.open);
	useEffect(() => {
		// If it does not come, whoever opens it is told.
		OpenWheel.load().catch(() => {});
	}, []);
	useEffect(() => {
		// A key that is let go before the wheel is there chooses nothing, and was pressed, not held. The wheel hears of the same
		// event, and has its say first.
		const lifted = (event: KeyboardEvent) => {
			if (letterOf(event) !== "e") return;
			setTimeout(() => {
				if (useWheel.getState().held) useWheel.setState({ held: false });
			});
		};
		window.addEventListener("keyup", lifted);
		return () => window.removeEventListener("keyup", lifted);
	}, []);
	if (!open) return null;
	return (
		<LaterDialog onClose={closeWheel}>
			<OpenWheel />
		</LaterDialog>
	);
}
