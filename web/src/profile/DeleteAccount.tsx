// Deleting the account: says what goes, and wants the word typed.

import { type FormEvent, useState } from "react";
import { deleteAccount } from "../api/auth";
import { messageOf } from "../api/http";
import { unsubscribe } from "../notices/push";
import { signedOut } from "../state/session";
import "../styles/settings.css";
import { Dialog } from "../ui/Dialog";
import { navigate } from "../ui/router";
import { profileText } from "./text";

const text = profileText.remove;
/** As the server wants it. */
const WORD = "delete";

export function DeleteAccount({ guest, onClose }: { guest: boolean; onClose: () => void }) {
	const [typed, setTyped] = useState("");
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const ready = typed.trim().toLowerCase() === WORD;
	const remove = (event: FormEvent) => {
		event.preventDefault();
		if (!ready || busy) return;
		setBusy(true);
		setError("");
		deleteAccount().then(
			() => {
				// The server has forgotten this browser's address already.
				void unsubscribe();
				signedOut();
				navigate("/");
			},
			(reason: unknown) => {
				setBusy(false);
				setError(messageOf(reason));
			},
		);
	};
	return (
		<Dialog title={guest ? text.titleGuest : text.title} close={text.close} onClose={onClose}>
			<form className="dialog-body" onSubmit={remove} noValidate>
				<p>{text.what}</p>
				<ul className="bullets">
					{text.goes.map((each) => (
						<li key={each}>{each}</li>
					))}
				</ul>
				<p className="note">{text.stays}</p>
				<div className="field">
					<label htmlFor="delete-word">{text.type}</label>
					<input
						id="delete-word"
						className="input"
						value={typed}
						autoComplete="off"
						autoCapitalize="none"
						spellCheck={false}
						onChange={(event) => setTyped(event.target.value)}
					/>
				</div>
				<p className="error" role="alert">
					{error}
				</p>
				<div className="row row-end">
					<button type="button" className="btn" onClick={onClose}>
						{text.keep}
					</button>
					<button type="submit" className="btn btn-danger" disabled={!ready || busy}>
						{text.doIt}
					</button>
				</div>
			</form>
		</Dialog>
	);
}
