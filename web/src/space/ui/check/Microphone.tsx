// The microphone of the device check: its level moves as one speaks.

import { changeMediaPreferences, useMediaPreferences } from "../../../media/preferences";
import { DeviceSelect } from "../../../settings/DeviceSelect";
import { Toggle } from "../../../settings/Toggle";
import { mediaActions, useMedia } from "../../../state/media";
import { Icon } from "../../../ui/Icon";
import { useLevel } from "../talk/LevelRing";
import { talkText } from "../talk/text";

const text = talkText.check;

export function Microphone({ wanted, onWant }: { wanted: boolean; onWant: (on: boolean) => void }) {
	const { status, problem } = useMedia((state) => state.microphone);
	const microphones = useMedia((state) => state.devices.microphones);
	const chosen = useMediaPreferences((state) => state.microphoneId);
	const meter = useLevel<HTMLDivElement>(mediaActions.check.level, status === "on");
	return (
		<section className="check-part" aria-label={text.microphone}>
			<Toggle label={text.withMicrophone} on={wanted && status === "on"} disabled={status !== "on"} onChange={onWant} />
			{status === "on" && (
				<>
					<div className="check-meter">
						<Icon name="mic" size={18} />
						<div ref={meter} className="meter" role="img" aria-label={text.meterLabel}>
							<span className="meter-fill" />
						</div>
					</div>
					<p className="note">{text.meter}</p>
				</>
			)}
			{problem && <p className="check-problem">{problem}</p>}
			{microphones.length > 0 && (
				<DeviceSelect
					label={text.microphone}
					quiet
					devices={microphones}
					chosen={chosen}
					standard={talkText.devices.standard}
					onChoose={(microphoneId) => changeMediaPreferences({ microphoneId })}
				/>
			)}
		</section>
	);
}
