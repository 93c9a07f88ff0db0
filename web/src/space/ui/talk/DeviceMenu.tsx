// The arrow beside microphone and camera: which devices to use, and the way to the settings.

import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import { changeMediaPreferences, useMediaPreferences } from "../../../media/preferences";
import { type DeviceChoice, useMedia } from "../../../state/media";
import { spaceActions } from "../../../state/space";
import { Icon } from "../../../ui/Icon";
import { openTalk } from "./panels";
import { talkText as text } from "./text";

const STANDARD = "standard";

export function MicrophoneMenu() {
	const { microphones, speakers } = useMedia((state) => state.devices);
	const chooseSpeaker = useMedia((state) => state.speakerSupported);
	const microphone = useMediaPreferences((state) => state.microphoneId);
	const speaker = useMediaPreferences((state) => state.speakerId);
	return (
		<DeviceMenu label={text.microphone.choose}>
			{choices(text.devices.microphones, microphones, text.devices.noMicrophone, microphone, (microphoneId) =>
				changeMediaPreferences({ microphoneId }),
			)}
			{chooseSpeaker &&
				speakers.length > 0 &&
				choices(text.devices.speakers, speakers, "", speaker, (speakerId) => changeMediaPreferences({ speakerId }))}
		</DeviceMenu>
	);
}

export function CameraMenu() {
	const cameras = useMedia((state) => state.devices.cameras);
	const camera = useMediaPreferences((state) => state.cameraId);
	return (
		<DeviceMenu label={text.camera.choose}>
			{choices(text.devices.cameras, cameras, text.devices.noCamera, camera, (cameraId) =>
				changeMediaPreferences({ cameraId }),
			)}
		</DeviceMenu>
	);
}

function DeviceMenu({ label, children }: { label: string; children: React.ReactNode }) {
	return (
		<MenuTrigger>
			<Button className="tool tool-arrow" aria-label={label}>
				<Icon name="chevron" size={14} />
			</Button>
			<Popover className="popover popover-devices" placement="top" offset={12}>
				<Menu className="menu" aria-label={label}>
					{children}
					<Separator className="menu-rule" />
					<MenuItem className="menu-item" onAction={() => openTalk({ check: true })}>
						<Icon name="wave" />
						{text.devices.check}
					</MenuItem>
					<MenuItem className="menu-item" onAction={() => spaceActions.openDialog("settings")}>
						<Icon name="settings" />
						{text.devices.settings}
					</MenuItem>
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}

/** A function rather than a component: a menu wants its sections as its own children. */
function choices(
	title: string,
	devices: readonly DeviceChoice[],
	none: string,
	chosen: string | null,
	choose: (id: string | null) => void,
) {
	// A device that was unplugged stays chosen for when it comes back; meanwhile the standard one is in use.
	const selected = devices.some((device) => device.id === chosen) ? chosen : STANDARD;
	const all = [{ id: STANDARD, label: text.devices.standard }, ...devices];
	// One menu holds several kinds, and a device may have the same id in each.
	const keyOf = (id: string) => `${title}/${id}`;
	return (
		<MenuSection
			key={title}
			selectionMode="single"
			disallowEmptySelection
			selectedKeys={[keyOf(selected ?? STANDARD)]}
			onSelectionChange={(keys) => {
				const [key] = [...(keys as Set<string>)];
				const device = devices.find(({ id }) => keyOf(id) === key);
				choose(device?.id ?? null);
			}}
		>
			<Header className="menu-head">{title}</Header>
			{devices.length === 0 ? (
				<MenuItem id={`${title}-none`} className="menu-item menu-none" isDisabled>
					{none}
				</MenuItem>
			) : (
				all.map(({ id, label }) => (
					<MenuItem key={id} id={keyOf(id)} className="menu-item" textValue={label}>
						<span className="menu-words">{label}</span>
						{id === selected && <Icon name="check" size={16} />}
					</MenuItem>
				))
			)}
		</MenuSection>
	);
}
