// The wheel of emotes, which is fetched once there is time, so that it is there when its key is held.

import { lazy, useEffect } from "react";
import { LaterDialog } from "../../../ui/Later";
import { closeWheel, useWheel } from "./wheel";

const load = () => import("./OpenWheel");
const OpenWheel = lazy(load);

export function EmoteWheel() {
	const open = useWheel((state) => state.open);
	useEffect(() => {
		// If it does not come, whoever opens it is told.
		load().catch(() => {});
	}, []);
	if (!open) return null;
	return (
		<LaterDialog onClose={closeWheel}>
			<OpenWheel />
		</LaterDialog>
	);
}
