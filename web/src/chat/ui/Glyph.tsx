// Signs that only the chat has, drawn on the same grid and with the same stroke as all icons.

const PATHS = {
	hash: "M9.5 4.5 7.8 19.5M16.2 4.5l-1.7 15M4.8 9.2h15M4.2 14.8h15",
	megaphone: "M4 10.2v3.6h2.6L15.5 18V6L6.6 10.2H4ZM7.5 14v4.2h3v-2.8M18.2 9.4a3.6 3.6 0 0 1 0 5.2",
	ear: "M7.5 10a5 5 0 0 1 10 0c0 3.5-3.2 4.2-3.8 7.2-.4 1.9-1.6 2.8-3 2.8a3 3 0 0 1-3-3M10 10.2a2.5 2.5 0 0 1 5 0c0 1.6-1.7 1.9-1.7 3.3",
	door: "M6.5 20V4.5h11V20M4 20h16M14.2 12.5h.01",
	smile:
		"M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM8.7 13.8c.7 1.5 1.9 2.2 3.3 2.2s2.6-.7 3.3-2.2M9.3 9.8h.01M14.7 9.8h.01",
	reply: "M9.5 6 4.5 11l5 5M5 11h8.5a6 6 0 0 1 6 6v1.5",
	copy: "M8.5 8.5v-4h11v11h-4M4.5 8.5h11v11h-11z",
	history: "M4.8 12a7.2 7.2 0 1 1 2.3 5.3M4.5 17.8l2.6-.4.4-2.7M12 8v4.3l2.8 1.7",
	thought: "M8.2 14.5a3.6 3.6 0 0 1 .3-7.1 4.3 4.3 0 0 1 8-.2 3.7 3.7 0 0 1-.7 7.3H8.2ZM7.6 18h.01M5.2 20.4h.01",
	at: "M15.8 12a3.8 3.8 0 1 1-7.6 0 3.8 3.8 0 0 1 7.6 0Zm0 0v1.4a2.1 2.1 0 0 0 4.2 0V12a8 8 0 1 0-3.1 6.3",
} as const;

export type GlyphName = keyof typeof PATHS;

export function Glyph({ name, size = 18 }: { name: GlyphName; size?: number }) {
	return (
		<svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
			<path d={PATHS[name]} />
		</svg>
	);
}
