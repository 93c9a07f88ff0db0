// How loud one hears somebody. Remembered for the person, not for this visit.

import { mediaActions, useMedia } from "../../../state/media";
import { Icon } from "../../../ui/Icon";
import { talkText } from "./text";

const text = talkText.tile;
const STEP = 5;

export function Volume({ id, name }: { id: number; name: string }) {
	const volume = useMedia((state) => state.peers.get(id)?.volume ?? 1);
	const percent = Math.round(volume * 100);
	return (
		<div className="volume">
			<Icon name={percent === 0 ? "volumeOff" : "volume"} size={18} />
			<input
				className="slider"
				type="range"
				min={0}
				max={100}
				step={STEP}
				value={percent}
				style={{ "--share": `${percent}%` } as React.CSSProperties}
				aria-label={text.volumeOf(name)}
				aria-valuetext={text.percent(percent)}
				onChange={(event) => mediaActions.setVolume(id, Number(event.target.value) / 100)}
			/>
			<span className="volume-value" aria-hidden="true">
				{text.percent(percent)}
			</span>
		</div>
	);
}
