import { describe, expect, it } from "vitest";
import { directionOf, isWalkKey } from "../src/input/keys";

const at = (...codes: string[]) => directionOf(new Set(codes));

describe("keys to directions", () => {
	it("knows the eight octants, clockwise from the right", () => {
		expect(at("KeyD")).toBe(0);
		expect(at("KeyD", "KeyS")).toBe(1);
		expect(at("ArrowDown")).toBe(2);
		expect(at("KeyA", "KeyS")).toBe(3);
		expect(at("ArrowLeft")).toBe(4);
		expect(at("KeyA", "KeyW")).toBe(5);
		expect(at("KeyW")).toBe(6);
		expect(at("ArrowUp", "ArrowRight")).toBe(7);
	});

	it("stands still for nothing and for opposites", () => {
		expect(at()).toBeNull();
		expect(at("KeyA", "KeyD")).toBeNull();
		expect(at("KeyA", "KeyD", "KeyW")).toBe(6);
	});

	it("is not faster or elsewhere for the same direction twice", () => {
		expect(at("KeyW", "ArrowUp")).toBe(6);
		expect(at("KeyW", "ArrowUp", "KeyD")).toBe(7);
	});

	it("leaves other keys alone", () => {
		expect(isWalkKey("KeyP")).toBe(false);
		expect(at("KeyP")).toBeNull();
	});
});
