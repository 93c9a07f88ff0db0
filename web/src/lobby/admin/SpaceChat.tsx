// Looking after a space's chat: channels, pace, words, how long it is kept, and taking it along.

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { type ChatRules, changeRules, exportMessages } from "../../api/chatRules";
import { messageOf } from "../../api/http";
import { getSpace } from "../../api/spaces";
import type { Space } from "../../api/types";
import "../../styles/settings.css";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Channels } from "./Channels";
import { parseAmount, parseWords } from "./rules";
import { adminText as text } from "./text";

export default function SpaceChat({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
	const [space, setSpace] = useState<Space | null>(null);
	const [error, setError] = useState("");
	useEffect(() => {
		getSpace(id).then(setSpace, (reason: unknown) => setError(messageOf(reason)));
	}, [id]);
	return (
		<Dialog title={text.chatTitle(name)} close={text.close} onClose={onClose}>
			<div className="dialog-body settings-body">
				<Channels space={id} />
				{space === null && error === "" && <p className="note">{text.loading}</p>}
				<p className="error" role="alert">
					{error}
				</p>
				{space && <Rules space={space} />}
				{space?.may.includes("moderate") && <Export space={space} />}
			</div>
		</Dialog>
	);
}

function Rules({ space }: { space: Space }) {
	const [slow, setSlow] = useState(`${space.slow_mode_s ?? 0}`);
	const [days, setDays] = useState(`${space.retention_days ?? 0}`);
	const [words, setWords] = useState((space.words ?? []).join("\n"));
	const [said, setSaid] = useState<{ error: boolean; words: string } | null>(null);
	const save = (event: React.FormEvent) => {
		event.preventDefault();
		const [slow_mode_s, retention_days] = [parseAmount(slow, 3_600), parseAmount(days, 3_650)];
		if (slow_mode_s === null || retention_days === null) return setSaid({ error: true, words: text.notANumber });
		const list = parseWords(words);
		if (list === null) return setSaid({ error: true, words: text.tooMany });
		const rules: ChatRules = { slow_mode_s, retention_days, words: list };
		changeRules(space.id, rules).then(
			() => setSaid({ error: false, words: text.saved }),
			(reason: unknown) => setSaid({ error: true, words: messageOf(reason) }),
		);
	};
	return (
		<form className="settings-group" onSubmit={save} noValidate>
			<h3 className="settings-head">{text.pace}</h3>
			{amount("slow-mode", text.slowMode, text.slowModeHelp, slow, setSlow, 3_600)}
			{amount("retention", text.retention, text.retentionHelp, days, setDays, 3_650)}
			<div className="field">
				<label htmlFor="words">{text.words}</label>
				<textarea
					id="words"
					className="input"
					rows={4}
					value={words}
					aria-describedby="words-help"
					spellCheck={false}
					onChange={(event) => setWords(event.target.value)}
				/>
				<p id="words-help" className="note">
					{text.wordsHelp}
				</p>
			</div>
			<div className="row row-end">
				<p className={said?.error ? "error" : "good"} role="status">
					{said?.words}
				</p>
				<button type="submit" className="btn btn-primary">
					{text.save}
				</button>
			</div>
		</form>
	);
}

function amount(id: string, label: string, help: string, value: string, set: (value: string) => void, max: number) {
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<div className="amount">
				<input
					id={id}
					className="input"
					type="number"
					inputMode="numeric"
					min={0}
					max={max}
					value={value}
					aria-describedby={`${id}-help`}
					onChange={(event) => set(event.target.value)}
				/>
			</div>
			<p id={`${id}-help`} className="note">
				{help}
			</p>
		</div>
	);
}

function Export({ space }: { space: Space }) {
	const [lines, setLines] = useState<number | null>(null);
	const [done, setDone] = useState<{ error: boolean; words: string } | null>(null);
	const download = async () => {
		setDone(null);
		setLines(0);
		try {
			let read = 0;
			const file = await exportMessages(space.id, (now) => {
				read = now;
				setLines(now);
			});
			const url = URL.createObjectURL(file);
			const link = document.createElement("a");
			link.href = url;
			link.download = `${space.name.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase() || "space"}-messages.ndjson`;
			link.click();
			setTimeout(() => URL.revokeObjectURL(url), 60_000);
			setDone({ error: false, words: text.exported(read) });
		} catch (reason) {
			setDone({ error: true, words: messageOf(reason) });
		}
		setLines(null);
	};
	return (
		<>
			<h3 className="settings-head">{text.exportTitle}</h3>
			<p className="note">{text.exportHelp}</p>
			<Button className="btn" isDisabled={lines !== null} onPress={() => void download()}>
				<Icon name="download" />
				{text.exportDo}
			</Button>
			<p className={done?.error ? "error" : "good"} role="status">
				{lines === null ? done?.words : text.exporting(lines)}
			</p>
		</>
	);
}
