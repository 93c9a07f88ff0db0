// The mirror of the device check: oneself, or one's avatar where there is no picture.

import { changeMediaPreferences, useMediaPreferences } from "../../../media/preferences";
import { DeviceSelect } from "../../../settings/DeviceSelect";
import { Toggle } from "../../../settings/Toggle";
import { useMedia } from "../../../state/media";
import { useSession } from "../../../state/session";
import { Bust } from "../../../ui/Bust";
import { talkText } from "../talk/text";
import { Video } from "../tiles/Video";

const text = talkText.check;
const HEIGHT_PX = 220;

export function Camera({ wanted, onWant }: { wanted: boolean; onWant: (on: boolean) => void }) {
	const { status, problem, stream } = useMedia((state) => state.camera);
	const cameras = useMedia((state) => state.devices.cameras);
	const chosen = useMediaPreferences((state) => state.cameraId);
	const look = useSession((state) => (state.session.kind === "known" ? state.session.me.user.look : null));
	const shown = stream !== null;
	return (
		<div className="check-camera">
			<div className="check-preview" data-live={shown}>
				{shown ? (
					<Video stream={stream} label={text.preview} className="tile-picture tile-mirror" />
				) : (
					look && <Bust look={look} height={HEIGHT_PX} />
				)}
				<span className="tile-name">{shown ? text.preview : text.cameraOff}</span>
			</div>
			<Toggle label={text.withCamera} on={wanted && status === "on"} disabled={status !== "on"} onChange={onWant} />
			{problem && <p className="check-problem">{problem}</p>}
			{cameras.length > 0 && (
				<DeviceSelect
					label={text.camera}
					quiet
					devices={cameras}
					chosen={chosen}
					standard={talkText.devices.standard}
					onChoose={(cameraId) => changeMediaPreferences({ cameraId })}
				/>
			)}
		</div>
	);
}
