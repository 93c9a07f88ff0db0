// Feeds the canvas's pointer and wheel events to the current pointer state.

import { Hovering } from "./hovering";
import type { PointerState, PointerTarget, Touch } from "./state";

/** Wheel travel for one step of zoom; a trackpad sends many small ones. */
const WHEEL_STEP = 60;

export function listenToPointer(canvas: HTMLCanvasElement, target: PointerTarget): () => void {
	let state: PointerState = new Hovering(target);
	let wheel = 0;

	const touch = (event: PointerEvent): Touch => {
		const box = canvas.getBoundingClientRect();
		const dpr = target.dpr();
		return {
			id: event.pointerId,
			x: (event.clientX - box.left) * dpr,
			y: (event.clientY - box.top) * dpr,
			kind: event.pointerType === "mouse" || event.pointerType === "pen" ? event.pointerType : "touch",
			button: event.button,
			shift: event.shiftKey,
		};
	};
	const down = (event: PointerEvent) => {
		canvas.setPointerCapture(event.pointerId);
		// Focus given by hand needs no ring; walking by keys afterwards would otherwise draw one around the whole map.
		canvas.dataset["byHand"] = "";
		canvas.focus({ preventScroll: true });
		state = state.down(touch(event));
		event.preventDefault();
	};
	const move = (event: PointerEvent) => {
		state = state.move(touch(event));
	};
	const up = (event: PointerEvent) => {
		state = state.up(touch(event));
	};
	const cancel = () => {
		state = state.cancel();
	};
	const leave = (event: PointerEvent) => {
		if (event.buttons === 0) cancel();
	};
	const onWheel = (event: WheelEvent) => {
		event.preventDefault();
		wheel += event.deltaY * (event.deltaMode === 1 ? 20 : 1) * (event.ctrlKey ? 4 : 1);
		const steps = Math.trunc(wheel / WHEEL_STEP);
		if (steps === 0) return;
		wheel -= steps * WHEEL_STEP;
		target.zoomTo(target.scale() - Math.sign(steps));
	};
	const noMenu = (event: Event) => event.preventDefault();

	const blur = () => delete canvas.dataset["byHand"];
	canvas.addEventListener("blur", blur);
	canvas.addEventListener("pointerdown", down);
	canvas.addEventListener("pointermove", move);
	canvas.addEventListener("pointerup", up);
	canvas.addEventListener("pointercancel", cancel);
	canvas.addEventListener("pointerleave", leave);
	canvas.addEventListener("wheel", onWheel, { passive: false });
	canvas.addEventListener("contextmenu", noMenu);
	return () => {
		canvas.removeEventListener("blur", blur);
		canvas.removeEventListener("pointerdown", down);
		canvas.removeEventListener("pointermove", move);
		canvas.removeEventListener("pointerup", up);
		canvas.removeEventListener("pointercancel", cancel);
		canvas.removeEventListener("pointerleave", leave);
		canvas.removeEventListener("wheel", onWheel);
		canvas.removeEventListener("contextmenu", noMenu);
	};
}
