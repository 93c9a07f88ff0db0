// Settings: how it looks and moves. All of it is kept in this browser.

import { Label, Radio, RadioGroup, Switch } from "react-aria-components";
import { changeSettings, useSettings } from "../state/settings";
import { Dialog } from "../ui/Dialog";
import type { Settings } from "./settings";
import { settingsText as text } from "./text";

function Toggle(props: { label: string; help: string; on: boolean; onChange: (on: boolean) => void }) {
	return (
		<Switch className="toggle" isSelected={props.on} onChange={props.onChange}>
			<span className="toggle-words">
				<span className="toggle-label">{props.label}</span>
				<span className="note">{props.help}</span>
			</span>
			<span className="toggle-track">
				<span className="toggle-knob" />
			</span>
		</Switch>
	);
}

export function SettingsDialog({ onClose }: { onClose: () => void }) {
	const settings = useSettings();
	return (
		<Dialog title={text.title} close={text.close} onClose={onClose}>
			<div className="dialog-body">
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
