// A password, set or changed, in place of the row that speaks of it.

import { type FormEvent, useRef, useState } from "react";
import { setPassword } from "../api/auth";
import { signinText } from "../signin/text";
import { Field, PasswordField, useFaultFocus } from "../ui/Field";
import { appText } from "../ui/text";
import { replacePassword } from "./others";
import { type Draft, type Faults, faultsOf, isFlawless, refusal } from "./password";
import { profileText } from "./text";

const text = profileText.password;

interface Props {
	/** Null: there is no password yet. */
	email: string | null;
	onDone: (words: string) => void;
	onCancel: () => void;
}

const send = (draft: Draft): Promise<void> =>
	draft.kind === "first" ? setPassword(draft.email.trim(), draft.next) : replacePassword(draft.current, draft.next);

export function PasswordForm({ email, onDone, onCancel }: Props) {
	const [draft, setDraft] = useState<Draft>(
		email === null ? { kind: "first", email: "", next: "" } : { kind: "change", current: "", next: "" },
	);
	const [faults, setFaults] = useState<Faults>({});
	const [busy, setBusy] = useState(false);
	const form = useRef<HTMLFormElement>(null);
	const isFirst = draft.kind === "first";

	useFaultFocus(form, faults);

	const save = (event: FormEvent) => {
		event.preventDefault();
		if (busy) return;
		const found = faultsOf(draft);
		setFaults(found);
		if (!isFlawless(found)) return;
		setBusy(true);
		send(draft).then(
			() => onDone(isFirst ? text.isSet : text.isChanged),
			(reason: unknown) => {
				setBusy(false);
				setFaults(refusal(reason));
			},
		);
	};
	return (
		<form ref={form} className="list-card" aria-label={isFirst ? text.set : text.change} onSubmit={save} noValidate>
			{isFirst ? (
				<Field
					id="password-email"
					label={signinText.email}
					type="email"
					value={draft.email}
					error={faults.email}
					help={text.emailHelp}
					autoComplete="username"
					first
					onChange={(value) => setDraft({ ...draft, email: value })}
				/>
			) : (
				<>
					{/* So that the browser's own keeper of passwords knows whose this is. */}
					<input hidden readOnly autoComplete="username" value={email ?? ""} />
					<PasswordField
						id="password-current"
						label={text.current}
						value={draft.current}
						error={faults.current}
						autoComplete="current-password"
						first
						onChange={(value) => setDraft({ ...draft, current: value })}
					/>
				</>
			)}
			<PasswordField
				id="password-next"
				label={isFirst ? signinText.password : text.next}
				value={draft.next}
				error={faults.next}
				help={signinText.passwordHelp}
				autoComplete="new-password"
				onChange={(value) => setDraft({ ...draft, next: value })}
			/>
			{!isFirst && <p className="note">{text.ends}</p>}
			<p className="error" role="alert">
				{faults.form}
			</p>
			<div className="row row-end">
				<button type="button" className="btn" aria-disabled={busy} onClick={() => busy || onCancel()}>
					{appText.cancel}
				</button>
				<button type="submit" className="btn btn-primary" aria-disabled={busy}>
					{busy ? appText.waiting : isFirst ? text.set : text.change}
				</button>
			</div>
		</form>
	);
}
