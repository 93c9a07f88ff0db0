// How large a picture is drawn, told to whoever sends it: in device pixels, the largest of all places that show it, and
// nothing where none does or the tab is hidden. What floats above other programs is seen though its tab is hidden.

import { type RefObject, useEffect } from "react";
import { mediaActions } from "../../../state/media";
import { isSeen, type Kind, ShownSizes } from "./sizes";

const sizes = new ShownSizes((...size) => mediaActions.tileShown(...size));

export function useShown(element: RefObject<HTMLElement | null>, id: number, kind: Kind, shown: boolean): void {
	useEffect(() => {
		const target = element.current;
		const view = target?.ownerDocument.defaultView;
		if (!target || !view || !shown) return;
		const page = target.ownerDocument;
		const place = {};
		const measure = () => {
			const { clientWidth, clientHeight } = target;
			const dpr = view.devicePixelRatio;
			const size = { width: Math.round(clientWidth * dpr), height: Math.round(clientHeight * dpr) };
			sizes.set(place, id, kind, isSeen(page, target) && size.width > 0 ? size : null);
		};
		const watch = new ResizeObserver(measure);
		watch.observe(target);
		const gone = new AbortController();
		const { signal } = gone;
		page.addEventListener("visibilitychange", measure, { signal });
		for (const event of ["enterpictureinpicture", "leavepictureinpicture"])
			target.addEventListener(event, measure, { signal });
		measure();
		return () => {
			watch.disconnect();
			gone.abort();
			sizes.set(place, id, kind, null);
		};
	}, [element, id, kind, shown]);
}
