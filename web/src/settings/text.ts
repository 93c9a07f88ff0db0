// All words of the settings.

export const settingsText = {
	title: "Settings",
	close: "Close",
	theme: "Appearance",
	themes: { system: "As my device", light: "Light", dark: "Dark" },
	contrast: "High contrast",
	contrastHelp: "Hard lines and solid panels.",
	motion: "Reduce motion",
	motionHelp: "No blinking, swaying or gliding. Your device's own setting is honoured either way.",
	daylight: "Light follows the time of day",
	daylightHelp: "Evenings are dim and warm. Off: always golden hour.",
	letterKeys: "Single-letter shortcuts",
	letterKeysHelp: "W, A, S, D, P, M and the like. Arrow keys always walk.",
};
