// Whether one is asked how one wants to be heard and seen: at the first visit, and whenever one wants to look again.

import { lazy } from "react";
import { useMediaPreferences } from "../../../media/preferences";
import { LaterDialog } from "../../../ui/Later";
import { openTalk, useTalk } from "../talk/panels";

// Most visits are not the first.
const OpenCheck = lazy(() => import("./OpenCheck"));

export function DeviceCheck() {
	const first = useMediaPreferences((state) => !state.checked);
	const again = useTalk((state) => state.check);
	if (!first && !again) return null;
	/** Where it does not come. It is asked for again at the next visit, for nothing is kept. */
	const close = () => {
		useMediaPreferences.setState({ checked: true });
		openTalk({ check: false });
	};
	return (
		<LaterDialog onClose={close}>
			<OpenCheck first={first} />
		</LaterDialog>
	);
}
