// What one may do about one person's tile: how loud, how large, in a window of its own, and how the connection is.

import { Fragment, type RefObject, useState } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { chatActions } from "../../../chat/store";
import { changeMediaPreferences, useMediaPreferences } from "../../../media/preferences";
import { useBlocks } from "../../../state/blocks";
import { askDeed } from "../../../state/deeds";
import { mediaActions, type PeerMedia } from "../../../state/media";
import { useNudges } from "../../../state/nudges";
import { useSpace } from "../../../state/space";
import { Icon, type IconName } from "../../../ui/Icon";
import { nudgeText } from "../../nudgeText";
import { socialText } from "../../socialText";
import { deedsAbout } from "../people/deedItems";
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
			{peer.audioOnly && !peer.reason && <p className="tile-reason note">{text.noPicture}</p>}
			{peer.state === "failed" &&
				option(
					"turn",
					text.retry,
					then(() => mediaActions.retry(peer.id)),
				)}
			{option(large ? "strip" : "spotlight", large ? text.small : text.large, then(enlarge))}
			{peer.camera && document.pictureInPictureEnabled && option("pip", text.window, then(float))}
			<Asks id={peer.id} then={then} />
			{option(
				"pulse",
				text.details,
				then(() => openTalk({ stats: peer.id })),
			)}
		</>
	);
}

/** The same as in the list of people. */
function Asks({ id, then }: { id: number; then: (act: () => void) => () => void }) {
	const person = useSpace((state) => state.people.get(id));
	const door = useNudges((state) => state.door);
	const moderates = useSpace((state) => state.space?.may.includes("moderate") ?? false);
	const blocked = useBlocks((state) => state.blocked?.some(({ user_id }) => user_id === person?.userId) ?? false);
	if (!person) return null;
	const { userId, name } = person;
	return (
		<>
			{option(
				"chat",
				socialText.message,
				then(() => chatActions.openDirect(userId)),
			)}
			{option(
				"come",
				nudgeText.comeHere,
				then(() => door?.ask(id, "come_here")),
			)}
			{option(
				"join",
				nudgeText.join,
				then(() => door?.ask(id, "may_i_join")),
			)}
			{deedsAbout(person, blocked, moderates).map(({ kind, icon, words }) => (
				<Fragment key={kind}>
					{option(
						icon,
						words,
						then(() => askDeed(kind, { userId, name })),
					)}
				</Fragment>
			))}
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
