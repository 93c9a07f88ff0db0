// Renaming a space, its privacy, and deleting it, each in its dialog.

import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiError, messageOf } from "../api/http";
import { admitTo, deleteSpace, relaySpace, renameSpace } from "../api/spaces";
import type { Space } from "../api/types";
import { Toggle } from "../settings/Toggle";
import { Dialog } from "../ui/Dialog";
import { NameField, useFaultFocus } from "../ui/Field";
import { type Faults, faultsOf, nameFault, tidied } from "../ui/names";
import { appText } from "../ui/text";
import { lobbyText as text } from "./text";

interface Props {
	space: Space;
	onClose: () => void;
	onDone: () => void;
}

export function RenameSpace({ space, onClose, onDone }: Props) {
	const [name, setName] = useState(space.name);
	const [faults, setFaults] = useState<Faults>({});
	const form = useRef<HTMLFormElement>(null);
	useFaultFocus(form, faults);
	const save = (event: FormEvent) => {
		event.preventDefault();
		const fault = nameFault(name, text.nameMissing);
		setFaults({ name: fault });
		if (fault) return;
		renameSpace(space.id, tidied(name)).then(onDone, (reason: unknown) => setFaults(faultsOf(reason)));
	};
	return (
		<Dialog title={text.renameTitle} close={text.close} onClose={onClose}>
			<form ref={form} className="dialog-body" onSubmit={save} noValidate>
				<NameField
					id="space-name"
					label={text.name}
					value={name}
					error={faults.name}
					first
					autoComplete="off"
					onChange={setName}
				/>
				{faults.other && (
					<p className="error" role="alert">
						{faults.other}
					</p>
				)}
				<div className="row row-end">
					<button type="submit" className="btn btn-primary">
						{text.renameSave}
					</button>
				</div>
			</form>
		</Dialog>
	);
}

export function SpacePrivacy({ space, onClose, onDone }: Props) {
	const [access, setAccess] = useState(space.access);
	const [relay, setRelay] = useState(space.relay_only);
	const [error, setError] = useState("");
	/** Somebody may still be inside who should not be. */
	const [stay, setStay] = useState(false);
	const [busy, setBusy] = useState(false);
	/** Asked to close while something is under way: what comes of that is not to be missed. */
	const [closing, setClosing] = useState(false);
	/** Each holds at once. */
	const ask = (what: Promise<Space>, refused: (reason: unknown) => void, done?: () => void) => {
		setBusy(true);
		setError("");
		what
			.then(done, (reason: unknown) => {
				refused(reason);
				setError(messageOf(reason));
				setClosing(false);
			})
			.finally(() => setBusy(false));
	};
	const admit = (to: Space["access"]) => {
		if (busy) return;
		setAccess(to);
		const refused = (reason: unknown) => {
			// The link is closed all the same; the same once more sends them out.
			if (reason instanceof ApiError && reason.code === "not_sent_out") setStay(true);
			else setAccess(access);
		};
		ask(admitTo(space.id, to), refused, () => setStay(false));
	};
	/** Whoever is inside learns of it with their next connection. */
	const relayed = (on: boolean) => {
		if (busy) return;
		setRelay(on);
		ask(relaySpace(space.id, on), () => setRelay(!on));
	};
	const close = relay === space.relay_only && access === space.access ? onClose : onDone;
	useEffect(() => {
		if (closing && !busy) close();
	}, [closing, busy, close]);
	return (
		<Dialog title={text.privacyTitle(space.name)} close={text.close} onClose={() => setClosing(true)}>
			<div className="dialog-body">
				<Toggle
					label={text.membersOnly}
					help={text.membersOnlyHelp}
					on={access === "members"}
					onChange={(on) => admit(on ? "members" : "link")}
				/>
				<Toggle label={text.relay} help={text.relayHelp} on={relay} onChange={relayed} />
				<p className="error" role="alert">
					{error}
				</p>
				{closing && <p className="note">{appText.waiting}</p>}
				{stay && (
					<div className="row row-end">
						<button type="button" className="btn" onClick={() => admit("members")}>
							{text.sendOut}
						</button>
					</div>
				)}
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
