// From one free colour to the six tones a part is drawn with: outline, deep shade, shade, base, light, rim.
// Shadows lean to blue-violet and lights to yellow, as everywhere in the art; plain darkening looks dead beside it.

export type Rgb = readonly [red: number, green: number, blue: number];

const STEPS: readonly (readonly [towards: Rgb, share: number])[] = [
	[[0x1f, 0x12, 0x38], 0.68],
	[[0x2a, 0x1a, 0x55], 0.46],
	[[0x3a, 0x25, 0x68], 0.22],
	[[0, 0, 0], 0],
	[[0xff, 0xe9, 0xa8], 0.24],
	[[0xff, 0xf6, 0xd8], 0.5],
];

export function parseHex(hex: string): Rgb {
	const value = Number.parseInt(hex.slice(1), 16);
	return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export const toHex = ([red, green, blue]: Rgb): string =>
	`#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, "0")}`;

export function mix(from: Rgb, towards: Rgb, share: number): Rgb {
	const channel = (a: number, b: number) => Math.round(a + (b - a) * share);
	return [channel(from[0], towards[0]), channel(from[1], towards[1]), channel(from[2], towards[2])];
}

export function ramp(base: string): Rgb[] {
	const rgb = parseHex(base);
	return STEPS.map(([towards, share]) => mix(rgb, towards, share));
}

/** A pixel as ImageData keeps it in a Uint32Array; every machine a browser runs on is little-endian. */
export const packed = ([red, green, blue]: Rgb): number => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
