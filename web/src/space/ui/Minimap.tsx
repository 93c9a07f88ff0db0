// The whole space in the corner, with everybody as a dot. Drawn along with the place, never by a timer of its own.

import { useEffect, useRef } from "react";
import { pen } from "../../render/canvas";
import { drawDots, painted } from "../../render/overview";
import { spaceActions, useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { useMapFolded } from "../../ui/narrow";
import { spaceText as text } from "../text";

const WIDTH = 232;

export function Minimap() {
	return useMapOpen() ? <OpenMinimap /> : null;
}

/** Wanted, and not folded away. */
export function useMapOpen(): boolean {
	const wanted = useSpace((state) => state.minimap);
	const panel = useSpace((state) => state.panel !== "none");
	return !useMapFolded(panel) && wanted;
}

function OpenMinimap() {
	const canvas = useRef<HTMLCanvasElement>(null);
	const view = useSpace((state) => state.visit?.view ?? null);

	useEffect(() => {
		const target = canvas.current;
		if (!view || !target) return;
		const dpr = Math.min(2, devicePixelRatio);
		const scale = (WIDTH * dpr) / view.map.width;
		const picture = painted(view.map, view.scene.art, scale, view.scene);
		target.width = picture.width;
		target.height = picture.height;
		const p = pen(target);
		view.showMinimap((dots) => {
			p.drawImage(picture, 0, 0);
			drawDots(p, dots, scale, 2.6 * dpr);
		});
		return () => view.showMinimap(null);
	}, [view]);

	const walk = (event: React.MouseEvent<HTMLCanvasElement>) => {
		if (!view) return;
		const box = event.currentTarget.getBoundingClientRect();
		const x = ((event.clientX - box.left) / box.width) * view.map.width;
		const y = ((event.clientY - box.top) / box.height) * view.map.height;
		if (!view.walkTo(x, y)) spaceActions.blocked();
	};
	return (
		<div className="minimap">
			<canvas ref={canvas} role="img" aria-label={text.minimap.title} title={text.minimap.title} onClick={walk} />
			<button
				type="button"
				className="tool minimap-close"
				aria-label={text.minimap.close}
				onClick={spaceActions.toggleMinimap}
			>
				<Icon name="close" size={16} />
			</button>
		</div>
	);
}
