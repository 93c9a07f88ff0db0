// Hands and keys on a shared screen: wheel and pinch zoom where they are, dragging moves, plus, minus, arrows and 0 do the same.

import { type RefObject, useCallback, useEffect, useState } from "react";
import { kept, type Look, movedBy, type Size, WHOLE, zoomedAt } from "./zoom";

const KEY_ZOOM = 1.25;
const KEY_PAN_PX = 80;
const WHEEL_PER_PX = 0.0022;
const DOUBLE_ZOOM = 2.5;

export interface Zoom {
	look: Look;
	by(factor: number): void;
	whole(): void;
	keys(event: React.KeyboardEvent): void;
}

export function useZoom(frame: RefObject<HTMLElement | null>, video: RefObject<HTMLVideoElement | null>): Zoom {
	const [look, setLook] = useState<Look>(WHOLE);
	const sizes = useCallback((): [Size, Size] => {
		const { videoWidth = 0, videoHeight = 0 } = video.current ?? {};
		const { clientWidth = 1, clientHeight = 1 } = frame.current ?? {};
		return [
			{ width: videoWidth, height: videoHeight },
			{ width: clientWidth, height: clientHeight },
		];
	}, [frame, video]);

	useEffect(() => {
		const target = frame.current;
		if (!target) return;
		const fingers = new Map<number, { x: number; y: number }>();
		const fromMiddle = (event: { clientX: number; clientY: number }) => {
			const box = target.getBoundingClientRect();
			return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
		};
		const wheel = (event: WheelEvent) => {
			// Else the page, or the browser with Ctrl, would take it.
			event.preventDefault();
			const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
			const factor = Math.exp(-event.deltaY * lines * WHEEL_PER_PX * (event.ctrlKey ? 4 : 1));
			setLook((now) => zoomedAt(now, fromMiddle(event), factor, ...sizes()));
		};
		const down = (event: PointerEvent) => {
			fingers.set(event.pointerId, fromMiddle(event));
			target.setPointerCapture(event.pointerId);
		};
		const move = (event: PointerEvent) => {
			const before = fingers.get(event.pointerId);
			if (!before) return;
			const now = fromMiddle(event);
			const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
			fingers.set(event.pointerId, now);
			if (!other) return setLook((at) => movedBy(at, now.x - before.x, now.y - before.y, ...sizes()));
			const apart = (a: { x: number; y: number }) => Math.hypot(a.x - other.x, a.y - other.y);
			const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
			const factor = apart(now) / Math.max(1, apart(before));
			setLook((at) => {
				const zoomed = zoomedAt(at, middle, factor, ...sizes());
				return movedBy(zoomed, (now.x - before.x) / 2, (now.y - before.y) / 2, ...sizes());
			});
		};
		const up = (event: PointerEvent) => fingers.delete(event.pointerId);
		const twice = (event: MouseEvent) =>
			setLook((now) => (now.scale > 1 ? WHOLE : zoomedAt(now, fromMiddle(event), DOUBLE_ZOOM, ...sizes())));
		const resized = new ResizeObserver(() => setLook((now) => kept(now, ...sizes())));
		resized.observe(target);
		target.addEventListener("wheel", wheel, { passive: false });
		target.addEventListener("pointerdown", down);
		target.addEventListener("pointermove", move);
		target.addEventListener("pointerup", up);
		target.addEventListener("pointercancel", up);
		target.addEventListener("dblclick", twice);
		return () => {
			resized.disconnect();
			target.removeEventListener("wheel", wheel);
			target.removeEventListener("pointerdown", down);
			target.removeEventListener("pointermove", move);
			target.removeEventListener("pointerup", up);
			target.removeEventListener("pointercancel", up);
			target.removeEventListener("dblclick", twice);
		};
	}, [frame, sizes]);

	const by = (factor: number) => setLook((now) => zoomedAt(now, { x: 0, y: 0 }, factor, ...sizes()));
	const pan = (x: number, y: number) => setLook((now) => movedBy(now, x * KEY_PAN_PX, y * KEY_PAN_PX, ...sizes()));
	const whole = () => setLook(WHOLE);
	const keys = (event: React.KeyboardEvent) => {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const act = {
			"+": () => by(KEY_ZOOM),
			"=": () => by(KEY_ZOOM),
			"-": () => by(1 / KEY_ZOOM),
			"0": whole,
			ArrowLeft: () => pan(1, 0),
			ArrowRight: () => pan(-1, 0),
			ArrowUp: () => pan(0, 1),
			ArrowDown: () => pan(0, -1),
		}[event.key];
		if (!act) return;
		event.preventDefault();
		act();
	};
	return { look, by, whole, keys };
}
