// Where sound comes out, and a sound to hear that it does.

import { useState } from "react";
import { Button } from "react-aria-components";
import { changeMediaPreferences, useMediaPreferences } from "../../../media/preferences";
import { DeviceSelect } from "../../../settings/DeviceSelect";
import { mediaActions, useMedia } from "../../../state/media";
import { Icon } from "../../../ui/Icon";
import { talkText } from "../talk/text";

const text = talkText.check;

export function Sound() {
	const speakers = useMedia((state) => state.devices.speakers);
	const choosable = useMedia((state) => state.speakerSupported) && speakers.length > 0;
	const chosen = useMediaPreferences((state) => state.speakerId);
	const [playing, setPlaying] = useState(false);
	const play = () => {
		setPlaying(true);
		const silent = () => setPlaying(false);
		mediaActions.check.playTestSound().then(silent, silent);
	};
	return (
		<section className="check-part" aria-label={text.speaker}>
			<span className="toggle-label">{text.speaker}</span>
			{choosable && (
				<DeviceSelect
					label={text.speaker}
					quiet
					devices={speakers}
					chosen={chosen}
					standard={talkText.devices.standard}
					onChoose={(speakerId) => changeMediaPreferences({ speakerId })}
				/>
			)}
			<Button className="btn" onPress={play} isDisabled={playing}>
				<Icon name="volume" size={18} />
				{playing ? text.testing : text.test}
			</Button>
		</section>
	);
}
