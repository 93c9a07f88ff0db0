// What one may do about one person's tile: how loud, how large, in a window of its own, and how the connection is.

import { type RefObject, useState } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { changeMediaPreferences, useMediaPreferences } from "../../../media/preferences";
import { mediaActions, type PeerMedia } from "../../../state/media";
import { Icon, type IconName } from "../../../ui/Icon";
import { openTalk, useTalk } from "../talk/panels";
import { talkText } from "../talk/text";
import { Volume } from "../talk/Volume";

const text = talkText.tile;

interface Props {
	peer: PeerMedia;
	name: string;
	/** The id of the name on the tile. */
	describedBy: string;
	video: RefObject<HTMLVideoElement | null>;
}

export function TileMenu(props: Props) {
	const [open, setOpen] = useState(false);
	// A popover is placed in the main window; in the small one there is no room for it anyway.
	if (useTalk((state) => state.window !== null)) return null;
	return (
		<DialogTrigger isOpen={open} onOpenChange={setOpen}>
			<Button className="tile-more" aria-label={text.options} aria-describedby={props.describedBy}>
				<Icon name="more" size={18} />
			</Button>
			<Popover className="popover popover-tile" placement="bottom" offset={6}>
				<Dialog className="dialog" aria-label={text.menu(props.name)}>
					<Options {...props} close={() => setOpen(false)} />
				</Dialog>
			</Popover>
		</DialogTrigger>
	);
}

function Options({ peer, name, video, close }: Props & { close: () => void }) {
	const key = `person:${peer.id}`;
	const layout = useMediaPreferences((state) => state.tiles);
	const large = useTalk((state) => state.pinned === key) && layout === "spotlight";
	const then = (act: () => void) => () => {
		act();
		close();
	};
	const enlarge = () => {
		openTalk({ pinned: large ? null : key });
		changeMediaPreferences({ tiles: large ? "strip" : "spotlight" });
	};
	const float = () => {
		// Refused: the picture stays where it is.
		video.current?.requestPictureInPicture().catch(() => {});
	};
	return (
		<>
			<p className="menu-head">{name}</p>
			<div className="tile-volume">
				<Volume id={peer.id} name={name} />
			</div>
			{peer.reason && <p className="tile-reason note">{peer.reason}</p>}
			{peer.audioOnly && <p className="tile-reason note">{text.noPicture}</p>}
			{peer.state === "failed" &&
				option(
					"turn",
					text.retry,
					then(() => mediaActions.retry(peer.id)),
				)}
			{option(large ? "strip" : "spotlight", large ? text.small : text.large, then(enlarge))}
			{peer.camera && document.pictureInPictureEnabled && option("pip", text.window, then(float))}
			{option(
				"pulse",
				text.details,
				then(() => openTalk({ stats: peer.id })),
			)}
		</>
	);
}

function option(icon: IconName, label: string, act: () => void) {
	return (
		<Button className="menu-item option" onPress={act}>
			<Icon name={icon} />
			{label}
		</Button>
	);
}
