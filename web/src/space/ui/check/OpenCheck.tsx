// How one wants to be heard and seen, asked once, while the place loads: see oneself, see the level move, hear a sound, choose.
// "Just listen" is always one click or Escape away, and nothing here can keep anybody out.

import { useEffect, useState } from "react";
import { Dialog as AriaDialog, Button, Heading, Modal, ModalOverlay } from "react-aria-components";
import { changeMediaPreferences, useMediaPreferences } from "../../../media/preferences";
import { mediaActions, useMedia } from "../../../state/media";
import { useSession } from "../../../state/session";
import { spaceActions, useSpace } from "../../../state/space";
import "../../../styles/check.css";
import { Bust } from "../../../ui/Bust";
import { Icon } from "../../../ui/Icon";
import { openTalk } from "../talk/panels";
import { talkText } from "../talk/text";
import { Camera } from "./Camera";
import { Microphone } from "./Microphone";
import { Sound } from "./Sound";

const text = talkText.check;

export default function OpenCheck({ first }: { first: boolean }) {
	// Even where the browser would allow it, no camera is opened that was not asked for.
	const [started, setStarted] = useState(!first);
	const finish = (withMicrophone: boolean, withCamera: boolean) => {
		mediaActions.check.stop();
		changeMediaPreferences({ checked: true, startWithMicrophone: withMicrophone, startWithCamera: withCamera });
		openTalk({ check: false });
	};
	// Whoever only looked again keeps what they chose.
	const leave = () => {
		if (first) {
			finish(false, false);
			spaceActions.toast(text.listening);
			return;
		}
		mediaActions.check.stop();
		openTalk({ check: false });
	};
	useEffect(() => {
		// Then one walks: the place takes the keys, as if nothing had been asked.
		return () => {
			requestAnimationFrame(() => {
				if (document.activeElement === document.body) document.querySelector<HTMLElement>(".place")?.focus();
			});
		};
	}, []);
	useEffect(() => {
		if (!started) return;
		mediaActions.check.start();
		return () => mediaActions.check.stop();
	}, [started]);
	return (
		<ModalOverlay isOpen isDismissable={!first} onOpenChange={(open) => !open && leave()} className="overlay">
			<Modal className={started ? "modal modal-check" : "modal"}>
				<AriaDialog className="dialog check">
					{!started && <Hello />}
					<header className="check-head">
						<Heading slot="title">{text.title}</Heading>
						<Lead />
					</header>
					{started ? (
						<Devices first={first} onFinish={finish} onLeave={leave} />
					) : (
						<Ask onStart={() => setStarted(true)} onListen={leave} />
					)}
				</AriaDialog>
			</Modal>
		</ModalOverlay>
	);
}

/** Who is near already: those are the ones who will hear one. */
function Lead() {
	const people = useSpace((state) => state.people);
	const near = useMedia((state) => state.peers);
	const names = [...near.values()].flatMap(({ id, heard }) => (heard && people.get(id)?.name) || []);
	return <p className="note">{names.length > 0 ? text.near(names) : text.lead}</p>;
}

/** Oneself, about to say something. */
function Hello() {
	const look = useSession((state) => (state.session.kind === "known" ? state.session.me.user.look : null));
	return (
		<div className="check-hello" aria-hidden="true">
			{look && <Bust look={look} height={120} />}
			<span className="check-wave">
				<Icon name="wave" size={28} />
			</span>
		</div>
	);
}

function Ask({ onStart, onListen }: { onStart: () => void; onListen: () => void }) {
	return (
		<div className="check-ask">
			<Button className="btn btn-primary btn-large" onPress={onStart} autoFocus>
				<Icon name="mic" />
				{text.allow}
			</Button>
			<p className="note">{text.allowHelp}</p>
			<Button className="btn btn-large" onPress={onListen}>
				<Icon name="headphones" />
				{text.listen}
			</Button>
		</div>
	);
}

function Devices(props: { first: boolean; onFinish: (mic: boolean, cam: boolean) => void; onLeave: () => void }) {
	const { first, onFinish, onLeave } = props;
	const kept = useMediaPreferences.getState();
	const [microphone, setMicrophone] = useState(first || kept.startWithMicrophone);
	const [camera, setCamera] = useState(first || kept.startWithCamera);
	const heard = useMedia((state) => state.microphone.status);
	const seen = useMedia((state) => state.camera.status);
	const asking = heard === "starting" || seen === "starting";
	const withMicrophone = microphone && heard === "on";
	const withCamera = camera && seen === "on";
	const nothing = heard !== "on" && seen !== "on" && !asking;
	const trouble = [heard, seen].some((status) => status !== "on" && status !== "off" && status !== "starting");
	const done = text.doneWith[withMicrophone ? (withCamera ? "both" : "microphone") : withCamera ? "camera" : "none"];
	return (
		<>
			<div className="check-body">
				<Camera wanted={camera} onWant={setCamera} />
				<div className="check-side">
					<Microphone wanted={microphone} onWant={setMicrophone} />
					<Sound />
				</div>
			</div>
			<footer className="check-foot">
				<p className="note" role="status">
					{asking ? text.asking : nothing ? text.nothing : ""}
				</p>
				<div className="row">
					{trouble && (
						<Button className="btn" onPress={() => mediaActions.check.start()}>
							{text.again}
						</Button>
					)}
					{(first || asking) && !nothing && (
						<Button className="btn" onPress={onLeave}>
							{text.listen}
						</Button>
					)}
					<Button
						className="btn btn-primary"
						isDisabled={asking}
						onPress={() => (nothing ? onLeave() : onFinish(withMicrophone, withCamera))}
					>
						{nothing ? (first ? text.listen : text.done) : first ? done : text.done}
					</Button>
				</div>
			</footer>
		</>
	);
}
