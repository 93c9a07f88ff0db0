// The seven things one can put on, and where a look keeps each.

import type { COUNTS, Look } from "../avatar/look";

export type Slot = "skin" | "hair" | "eyes" | "top" | "bottom" | "shoes" | "accessory";
type ColorKey = Extract<keyof Look, `${string}_color`>;
type VariantKey = keyof typeof COUNTS;

export interface SlotInfo {
	slot: Slot;
	variant: VariantKey | null;
	color: ColorKey | null;
}

export const SLOTS: readonly SlotInfo[] = [
	{ slot: "skin", variant: "skin", color: null },
	{ slot: "hair", variant: "hair", color: "hair_color" },
	{ slot: "eyes", variant: null, color: "eyes_color" },
	{ slot: "top", variant: "top", color: "top_color" },
	{ slot: "bottom", variant: "bottom", color: "bottom_color" },
	{ slot: "shoes", variant: null, color: "shoes_color" },
	{ slot: "accessory", variant: "accessory", color: "accessory_color" },
];
