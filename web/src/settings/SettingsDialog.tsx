// Settings: how it sounds, looks and moves. All of it is kept in this browser.

import { Label, Radio, RadioGroup } from "react-aria-components";
import { changeSettings, useSettings } from "../state/settings";
import { Dialog } from "../ui/Dialog";
import type { Settings } from "./settings";
import { Talking } from "./Talking";
import { Toggle } from "./Toggle";
import { settingsText as text } from "./text";

export function SettingsDialog({ onClose, onCheck }: { onClose: () => void; onCheck?: () => void }) {
	const settings = useSettings();
	return (
		<Dialog title={text.title} close={text.close} onClose={onClose}>
			<div className="dialog-body">
				<Talking {...(onCheck && { onCheck })} />
				<h3 className="settings-head">{text.look}</h3>
				<RadioGroup
					value={settings.theme}
					onChange={(theme) => changeSettings({ theme: theme as Settings["theme"] })}
					className="field"
				>
					<Label className="field-label">{text.theme}</Label>
					<div className="segments">
						{(["system", "light", "dark"] as const).map((theme) => (
							<Radio key={theme} value={theme} className="segment">
								{text.themes[theme]}
							</Radio>
						))}
					</div>
				</RadioGroup>
				<Toggle
					label={text.contrast}
					help={text.contrastHelp}
					on={settings.contrast === "high"}
					onChange={(on) => changeSettings({ contrast: on ? "high" : "normal" })}
				/>
				<Toggle
					label={text.motion}
					help={text.motionHelp}
					on={settings.motion === "reduced"}
					onChange={(on) => changeSettings({ motion: on ? "reduced" : "system" })}
				/>
				<Toggle
					label={text.daylight}
					help={text.daylightHelp}
					on={settings.daylight}
					onChange={(daylight) => changeSettings({ daylight })}
				/>
				<Toggle
					label={text.letterKeys}
					help={text.letterKeysHelp}
					on={settings.letterKeys}
					onChange={(letterKeys) => changeSettings({ letterKeys })}
				/>
			</div>
		</Dialog>
	);
}
