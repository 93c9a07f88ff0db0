// Whether one is asked how one wants to be heard and seen: at the first visit, and whenever one wants to look again.

import { lazy, useState } from "react";
import { useMediaPreferences } from "../../../media/preferences";
import { LaterDialog } from "../../../ui/Later";
import { openTalk, useTalk } from "../talk/panels";

// Most visits are not the first.
const OpenCheck = lazy(() => import("./OpenCheck"));

export function DeviceCheck() {
	const first = useMediaPreferences((state) => !state.checked);
	const again = useTalk((state) => state.check);
	const [missed, setMissed] = useState(false);
	if (missed || (!first && !again)) return null;
	/** Where it does not come: whoever comes again is asked then. */
	const close = () => {
		setMissed(true);
		openTalk({ check: false });
	};
	return (
		<LaterDialog onClose={close}>
			<OpenCheck first={first} />
		</LaterDialog>
	);
}
