// What one is told of while one looks elsewhere: by the system, and by small sounds.

import { useEffect, useId, useState } from "react";
import { Button } from "react-aria-components";
import { messageOf } from "../api/http";
import type { NoticeWishes } from "../api/types";
import { noticesSupported, type PushState, permission, pushSupported, subscribe, unsubscribe } from "../notices/push";
import { clock, minutes } from "../notices/quiet";
import { playSound } from "../space/sounds";
import { changeWishes, loadWishes, useNotices } from "../state/notices";
import { changeSettings, useSettings } from "../state/settings";
import "../styles/talk.css";
import { Icon } from "../ui/Icon";
import { Toggle } from "./Toggle";
import { settingsText } from "./text";

const text = settingsText.notices;
const KINDS = ["mentions", "directs", "knocks", "nudges"] as const;
const NIGHT = { from_min: 22 * 60, to_min: 8 * 60 };

export function Notifications() {
	return (
		<>
			<SystemNotes />
			<Sounds />
		</>
	);
}

function SystemNotes() {
	const on = useSettings((state) => state.notices);
	const { wishes, state } = useNotices();
	const [allowed, setAllowed] = useState(permission);
	const [push, setPush] = useState<PushState | null>(null);
	const [error, setError] = useState("");

	useEffect(() => {
		void loadWishes();
	}, []);

	const change = (part: Partial<NoticeWishes>) => {
		setError("");
		changeWishes(part).catch((reason: unknown) => setError(messageOf(reason)));
	};
	/** The browser is asked here and nowhere else: somebody has just pressed the switch. */
	const switchOn = async () => {
		const answer = await Notification.requestPermission();
		setAllowed(answer);
		if (answer !== "granted") return;
		changeSettings({ notices: true });
		change({});
	};
	const toggle = (wanted: boolean) => {
		setError("");
		if (wanted) {
			void switchOn();
			return;
		}
		changeSettings({ notices: false });
		setPush(null);
		void unsubscribe();
	};
	const active = on && allowed === "granted";
	useEffect(() => {
		let gone = false;
		if (active && pushSupported()) void subscribe().then((state) => gone || setPush(state));
		return () => {
			gone = true;
		};
	}, [active]);
	return (
		<>
			<h3 className="settings-head">{text.title}</h3>
			{!noticesSupported() ? (
				<p className="note">{text.unsupported}</p>
			) : (
				<>
					<Toggle label={text.on} help={text.onHelp} on={active} disabled={allowed === "denied"} onChange={toggle} />
					<p className="note" role="status">
						{text.permission[allowed]}
						{active && push !== null && ` ${text.push[push]}`}
					</p>
				</>
			)}
			<fieldset className="settings-group" disabled={state === "failed"}>
				<legend className="field-label">{text.kinds}</legend>
				{KINDS.map((kind) => (
					<Toggle
						key={kind}
						label={text.kind[kind]}
						on={wishes[kind]}
						disabled={state === "failed"}
						onChange={(each) => change({ [kind]: each })}
					/>
				))}
			</fieldset>
			<Quiet quiet={wishes.quiet} disabled={state === "failed"} onChange={(quiet) => change({ quiet })} />
			{state === "failed" && <p className="note">{text.notLoaded}</p>}
			<p className="error" role="alert">
				{error}
			</p>
		</>
	);
}

function Quiet(props: {
	quiet: NoticeWishes["quiet"];
	disabled: boolean;
	onChange: (quiet: NoticeWishes["quiet"]) => void;
}) {
	const { quiet, disabled, onChange } = props;
	const [from, to] = [useId(), useId()];
	const set = (part: "from_min" | "to_min") => (event: React.ChangeEvent<HTMLInputElement>) => {
		const minute = minutes(event.target.value);
		if (quiet && minute !== null) onChange({ ...quiet, [part]: minute });
	};
	return (
		<>
			<Toggle
				label={text.quiet}
				help={text.quietHelp}
				on={quiet !== null}
				disabled={disabled}
				onChange={(on) => onChange(on ? NIGHT : null)}
			/>
			{quiet && (
				<div className="settings-times">
					<div className="field">
						<label htmlFor={from}>{text.from}</label>
						<input id={from} type="time" className="input" value={clock(quiet.from_min)} onChange={set("from_min")} />
					</div>
					<div className="field">
						<label htmlFor={to}>{text.to}</label>
						<input id={to} type="time" className="input" value={clock(quiet.to_min)} onChange={set("to_min")} />
					</div>
				</div>
			)}
		</>
	);
}

const STEP = 10;

function Sounds() {
	const { soundVolume, soundNudges, soundMessages } = useSettings();
	const id = useId();
	const percent = Math.round(soundVolume * 100);
	return (
		<>
			<h3 className="settings-head">{text.sounds}</h3>
			<Toggle label={text.soundNudges} on={soundNudges} onChange={(on) => changeSettings({ soundNudges: on })} />
			<Toggle
				label={text.soundMessages}
				help={text.soundMessagesHelp}
				on={soundMessages}
				onChange={(on) => changeSettings({ soundMessages: on })}
			/>
			<div className="field">
				<label htmlFor={id}>{text.volume}</label>
				<div className="settings-volume">
					<Icon name={percent === 0 ? "volumeOff" : "volume"} size={18} />
					<input
						id={id}
						className="slider"
						type="range"
						min={0}
						max={100}
						step={STEP}
						value={percent}
						style={{ "--share": `${percent}%` } as React.CSSProperties}
						aria-valuetext={`${percent} %`}
						onChange={(event) => changeSettings({ soundVolume: Number(event.target.value) / 100 })}
					/>
					<Button className="btn btn-small" onPress={() => playSound("nudge", true)}>
						<Icon name="bell" size={16} />
						{text.test}
					</Button>
				</div>
			</div>
		</>
	);
}
