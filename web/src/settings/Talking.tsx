// Sound and picture: devices, and how one likes to hear and be heard.

import { Button, Label, Radio, RadioGroup } from "react-aria-components";
import { changeMediaPreferences, type MediaPreferences, useMediaPreferences } from "../media/preferences";
import { useMedia } from "../state/media";
import { Icon } from "../ui/Icon";
import { DeviceSelect } from "./DeviceSelect";
import { Toggle } from "./Toggle";
import { settingsText } from "./text";

const text = settingsText.talking;
const NOISES: readonly MediaPreferences["noise"][] = ["browser", "strong", "off"];

/** The wishes that are either on or off, in the order shown. */
const WISHES = ["pushToTalk", "distance", "stereo", "relayOnly", "lowData"] as const;

export function Talking({ onCheck }: { onCheck?: () => void }) {
	const wishes = useMediaPreferences();
	const blur = useMedia((state) => state.blurSupported);
	return (
		<>
			<h3 className="settings-head">{text.title}</h3>
			<Devices wishes={wishes} />
			{onCheck && (
				<Button className="btn" onPress={onCheck}>
					<Icon name="wave" />
					{text.check}
				</Button>
			)}
			<RadioGroup
				value={wishes.noise}
				onChange={(noise) => changeMediaPreferences({ noise: noise as MediaPreferences["noise"] })}
				className="field"
			>
				<Label className="field-label">{text.noise}</Label>
				<div className="segments">
					{NOISES.map((noise) => (
						<Radio key={noise} value={noise} className="segment">
							{text.noises[noise]}
						</Radio>
					))}
				</div>
				<p className="note">{text.noiseHelp[wishes.noise]}</p>
			</RadioGroup>
			{WISHES.map((wish) => (
				<Toggle
					key={wish}
					label={text[wish]}
					help={text[`${wish}Help`]}
					on={wishes[wish]}
					onChange={(on) => changeMediaPreferences({ [wish]: on })}
				/>
			))}
			{blur && (
				<Toggle
					label={text.blur}
					help={text.blurHelp}
					on={wishes.blur}
					onChange={(on) => changeMediaPreferences({ blur: on })}
				/>
			)}
			<p className="field-label">{text.start}</p>
			<Toggle
				label={text.startMicrophone}
				on={wishes.startWithMicrophone}
				onChange={(startWithMicrophone) => changeMediaPreferences({ startWithMicrophone })}
			/>
			<Toggle
				label={text.startCamera}
				on={wishes.startWithCamera}
				onChange={(startWithCamera) => changeMediaPreferences({ startWithCamera })}
			/>
		</>
	);
}

function Devices({ wishes }: { wishes: MediaPreferences }) {
	const { microphones, cameras, speakers } = useMedia((state) => state.devices);
	const speaker = useMedia((state) => state.speakerSupported);
	// Before a browser may use them, it names none.
	if (microphones.length + cameras.length + speakers.length === 0) return null;
	const { standard } = text;
	return (
		<div className="settings-devices">
			{microphones.length > 0 && (
				<DeviceSelect
					label={text.microphone}
					devices={microphones}
					chosen={wishes.microphoneId}
					standard={standard}
					onChoose={(microphoneId) => changeMediaPreferences({ microphoneId })}
				/>
			)}
			{cameras.length > 0 && (
				<DeviceSelect
					label={text.camera}
					devices={cameras}
					chosen={wishes.cameraId}
					standard={standard}
					onChoose={(cameraId) => changeMediaPreferences({ cameraId })}
				/>
			)}
			{speaker && speakers.length > 0 && (
				<DeviceSelect
					label={text.speaker}
					devices={speakers}
					chosen={wishes.speakerId}
					standard={standard}
					onChoose={(speakerId) => changeMediaPreferences({ speakerId })}
				/>
			)}
		</div>
	);
}
