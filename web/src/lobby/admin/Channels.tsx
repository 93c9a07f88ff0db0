// The named channels of a space: made, renamed, deleted.

import { useCallback, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { changeChannel, deleteChannel, listChannels, makeChannel } from "../../api/chatRules";
import { messageOf } from "../../api/http";
import type { NamedChannel } from "../../api/types";
import { Toggle } from "../../settings/Toggle";
import { Icon } from "../../ui/Icon";
import { adminText as text } from "./text";

type Draft = Omit<NamedChannel, "number">;
const EMPTY: Draft = { name: "", topic: "", announcements: false };
/** As the server has it. */
const NAME_MAX = 32;
const TOPIC_MAX = 120;

export function Channels({ space }: { space: string }) {
	const [channels, setChannels] = useState<readonly NamedChannel[] | null>(null);
	const [open, setOpen] = useState<number | "new" | null>(null);
	const [removing, setRemoving] = useState<number | null>(null);
	const [error, setError] = useState("");
	const load = useCallback(() => {
		listChannels(space).then(setChannels, (reason: unknown) => setError(messageOf(reason)));
	}, [space]);
	useEffect(load, [load]);

	const show = (which: typeof open) => {
		setError("");
		setOpen(which);
	};
	const perform = (deed: Promise<unknown>) => {
		setError("");
		deed.then(
			() => {
				setOpen(null);
				setRemoving(null);
				load();
			},
			(reason: unknown) => setError(messageOf(reason)),
		);
	};
	return (
		<>
			<h3 className="settings-head">{text.channels}</h3>
			<p className="note">{text.channelsHelp}</p>
			{channels?.length === 0 && open !== "new" && <p>{text.noChannels}</p>}
			<ul className="list">
				{channels?.map((channel) => (
					<li key={channel.number}>
						{open === channel.number ? (
							<ChannelForm
								start={channel}
								save={text.save}
								onSave={(draft) => perform(changeChannel(space, channel.number, draft))}
								onCancel={() => show(null)}
							/>
						) : removing === channel.number ? (
							<div className="list-card" role="alertdialog" aria-label={text.remove(channel.name)}>
								<p>{text.removeSure(channel.name)}</p>
								<div className="row row-end">
									<Button className="btn btn-small" autoFocus onPress={() => setRemoving(null)}>
										{text.keep}
									</Button>
									<Button
										className="btn btn-small btn-danger"
										onPress={() => perform(deleteChannel(space, channel.number))}
									>
										{text.removeDo}
									</Button>
								</div>
							</div>
						) : (
							<div className="list-row">
								<span className="list-words">
									<span>
										{channel.name} {channel.announcements && <span className="badge">{text.announcements}</span>}
									</span>
									{channel.topic && <span className="note">{channel.topic}</span>}
								</span>
								<Button
									className="btn btn-small"
									aria-label={text.change(channel.name)}
									onPress={() => show(channel.number)}
								>
									{text.changeShort}
								</Button>
								<Button
									className="tool tool-small"
									aria-label={text.remove(channel.name)}
									onPress={() => setRemoving(channel.number)}
								>
									<Icon name="trash" size={18} />
								</Button>
							</div>
						)}
					</li>
				))}
			</ul>
			{open === "new" ? (
				<ChannelForm
					start={EMPTY}
					save={text.make}
					onSave={(draft) => perform(makeChannel(space, draft))}
					onCancel={() => show(null)}
				/>
			) : (
				<Button className="btn" onPress={() => show("new")}>
					<Icon name="plus" />
					{text.newChannel}
				</Button>
			)}
			<p className="error" role="alert">
				{error}
			</p>
		</>
	);
}

function ChannelForm(props: { start: Draft; save: string; onSave: (draft: Draft) => void; onCancel: () => void }) {
	const { name, topic, announcements } = props.start;
	const [draft, setDraft] = useState<Draft>({ name, topic, announcements });
	const save = (event: React.FormEvent) => {
		event.preventDefault();
		const trimmed = { ...draft, name: draft.name.trim(), topic: draft.topic.trim() };
		if (trimmed.name !== "") props.onSave(trimmed);
	};
	return (
		<form className="list-card" onSubmit={save} noValidate>
			<div className="field">
				<label htmlFor="channel-name">{text.name}</label>
				<input
					id="channel-name"
					className="input"
					value={draft.name}
					maxLength={NAME_MAX}
					// biome-ignore lint/a11y/noAutofocus: it opens where somebody has just pressed, to be written in.
					autoFocus
					onChange={(event) => setDraft({ ...draft, name: event.target.value })}
				/>
			</div>
			<div className="field">
				<label htmlFor="channel-topic">{text.topic}</label>
				<input
					id="channel-topic"
					className="input"
					value={draft.topic}
					maxLength={TOPIC_MAX}
					onChange={(event) => setDraft({ ...draft, topic: event.target.value })}
				/>
			</div>
			<Toggle
				label={text.announcements}
				help={text.announcementsHelp}
				on={draft.announcements}
				onChange={(on) => setDraft({ ...draft, announcements: on })}
			/>
			<div className="row row-end">
				<button type="button" className="btn" onClick={props.onCancel}>
					{text.cancel}
				</button>
				<button type="submit" className="btn btn-primary" disabled={draft.name.trim() === ""}>
					{props.save}
				</button>
			</div>
		</form>
	);
}
