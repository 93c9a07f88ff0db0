// Renaming a space, its privacy, and deleting it, each in its dialog.

import { type FormEvent, useState } from "react";
import { messageOf } from "../api/http";
import { deleteSpace, relaySpace, renameSpace } from "../api/spaces";
import type { Space } from "../api/types";
import { Toggle } from "../settings/Toggle";
import { Dialog } from "../ui/Dialog";
import { lobbyText as text } from "./text";

interface Props {
	space: Space;
	onClose: () => void;
	onDone: () => void;
}

export function RenameSpace({ space, onClose, onDone }: Props) {
	const [name, setName] = useState(space.name);
	const [error, setError] = useState("");
	const save = (event: FormEvent) => {
		event.preventDefault();
		if (name.trim() === "") return setError(text.nameMissing);
		renameSpace(space.id, name.trim()).then(onDone, (reason: unknown) => setError(messageOf(reason)));
	};
	return (
		<Dialog title={text.renameTitle} close={text.close} onClose={onClose}>
			<form className="dialog-body" onSubmit={save} noValidate>
				<div className="field">
					<label htmlFor="space-name">{text.name}</label>
					<input
						id="space-name"
						className="input"
						value={name}
						maxLength={64}
						onChange={(event) => setName(event.target.value)}
					/>
					<p className="error" role="alert">
						{error}
					</p>
				</div>
				<div className="row row-end">
					<button type="submit" className="btn btn-primary">
						{text.renameSave}
					</button>
				</div>
			</form>
		</Dialog>
	);
}

/** Holds at once; whoever is inside learns of it with their next connection. */
export function SpacePrivacy({ space, onClose, onDone }: Props) {
	const [relay, setRelay] = useState(space.relay_only);
	const [error, setError] = useState("");
	const change = (on: boolean) => {
		setRelay(on);
		setError("");
		relaySpace(space.id, on).catch((reason: unknown) => {
			setRelay(!on);
			setError(messageOf(reason));
		});
	};
	const close = relay === space.relay_only ? onClose : onDone;
	return (
		<Dialog title={text.privacyTitle(space.name)} close={text.close} onClose={close}>
			<div className="dialog-body">
				<Toggle label={text.relay} help={text.relayHelp} on={relay} onChange={change} />
				<p className="error" role="alert">
					{error}
				</p>
			</div>
		</Dialog>
	);
}

export function DeleteSpace({ space, onClose, onDone }: Props) {
	const [error, setError] = useState("");
	const remove = () => deleteSpace(space.id).then(onDone, (reason: unknown) => setError(messageOf(reason)));
	return (
		<Dialog title={text.deleteTitle(space.name)} close={text.close} onClose={onClose}>
			<div className="dialog-body">
				<p>{text.deleteHelp}</p>
				<p className="error" role="alert">
					{error}
				</p>
				<div className="row row-end">
					<button type="button" className="btn" onClick={onClose}>
						{text.keep}
					</button>
					<button type="button" className="btn btn-danger" onClick={remove}>
						{text.deleteDo}
					</button>
				</div>
			</div>
		</Dialog>
	);
}
