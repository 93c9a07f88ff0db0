// The part of the bar for talking: microphone, camera, screen, quiet; the lock of a conversation and its tiles.

import { useMediaPreferences } from "../../../media/preferences";
import { mediaActions, useMedia } from "../../../state/media";
import { useNarrow } from "../../../ui/narrow";
import { Tip } from "../../../ui/Tip";
import { CameraMenu, MicrophoneMenu } from "./DeviceMenu";
import { LayoutMenu } from "./LayoutMenu";
import { LevelRing } from "./LevelRing";
import { cameraState, microphoneState } from "./states";
import { talkText as text } from "./text";

export function TalkTools() {
	const narrow = useNarrow();
	return (
		<>
			<fieldset className="tool-pair">
				<Microphone />
				{!narrow && <MicrophoneMenu />}
			</fieldset>
			<fieldset className="tool-pair">
				<Camera />
				{!narrow && <CameraMenu />}
			</fieldset>
			{!narrow && (
				<>
					<Screen />
					<Deafen />
				</>
			)}
			<Conversation />
		</>
	);
}

/** While a phone's sheet covers the bar. */
export function SheetTools() {
	return (
		<section className="sheet-tools glass" aria-label={text.bar}>
			<Microphone />
			<Camera />
		</section>
	);
}

function Microphone() {
	const { status, problem } = useMedia((state) => state.microphone);
	const muted = useMedia((state) => state.muted || state.deafened);
	const holds = useMediaPreferences((state) => state.pushToTalk);
	const state = microphoneState(status, muted);
	const label = {
		on: text.microphone.mute,
		off: holds ? text.microphone.hold : text.microphone.unmute,
		starting: text.microphone.starting,
		problem: problem ?? text.microphone.problem,
	}[state];
	return (
		<Tip
			className="talk-microphone"
			data-state={state}
			label={label}
			{...(state === "problem" && { spoken: `${text.microphone.problem}: ${label}` })}
			keys="V"
			icon={state === "on" ? "mic" : "micOff"}
			onPress={() => mediaActions.toggleMicrophone()}
		>
			<LevelRing read={() => mediaActions.level("self")} active={state === "on"} />
			{state === "problem" && <span className="problem-dot" />}
		</Tip>
	);
}

function Camera() {
	const { status, problem } = useMedia((state) => state.camera);
	const state = cameraState(status);
	const label = {
		on: text.camera.off,
		off: text.camera.on,
		starting: text.camera.starting,
		problem: problem ?? text.camera.problem,
	}[state];
	return (
		<Tip
			className="talk-camera"
			data-state={state}
			label={label}
			{...(state === "problem" && { spoken: `${text.camera.problem}: ${label}` })}
			keys="C"
			icon={state === "on" ? "camera" : "cameraOff"}
			onPress={() => mediaActions.toggleCamera()}
		>
			{state === "problem" && <span className="problem-dot" />}
		</Tip>
	);
}

function Screen() {
	const supported = useMedia((state) => state.screenSupported);
	const on = useMedia((state) => state.screen.on);
	if (!supported) return null;
	return (
		<Tip
			className="talk-screen"
			data-state={on ? "live" : "off"}
			label={on ? text.screen.stop : text.screen.start}
			keys="B"
			icon={on ? "screenStop" : "screen"}
			onPress={() => (on ? mediaActions.stopScreen() : mediaActions.startScreen())}
		/>
	);
}

function Deafen() {
	const on = useMedia((state) => state.deafened);
	return (
		<Tip
			className="talk-deafen"
			data-state={on ? "problem" : "off"}
			label={on ? text.deafen.off : text.deafen.on}
			keys="H"
			icon={on ? "headphonesOff" : "headphones"}
			onPress={() => mediaActions.toggleDeafened()}
		/>
	);
}

/** Always there, so that nothing else in the bar moves away under a finger when somebody comes near. */
function Conversation() {
	const talking = useMedia((state) => state.peers.size > 0);
	const locked = useMedia((state) => state.locked);
	const narrow = useNarrow();
	return (
		<>
			<span className="rule" />
			<Tip
				className="talk-lock"
				data-state={locked ? "held" : "off"}
				label={locked ? text.lock.off : text.lock.on}
				keys="K"
				icon={locked ? "lock" : "unlock"}
				isDisabled={!talking && !locked}
				onPress={() => mediaActions.lock(!locked)}
			/>
			{!narrow && <LayoutMenu />}
		</>
	);
}
