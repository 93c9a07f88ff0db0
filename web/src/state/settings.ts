// The settings as React sees them; storing and applying is in settings/settings.ts.

import { create } from "zustand";
import { loadSettings, type Settings, saveSettings } from "../settings/settings";

export const useSettings = create<Settings>(() => loadSettings());

export function changeSettings(change: Partial<Settings>): void {
	useSettings.setState(change);
	saveSettings(useSettings.getState());
}
