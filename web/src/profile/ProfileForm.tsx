// Name and avatar, saved together: on the profile page, and in a dialog inside a space.

import { type FormEvent, useRef, useState } from "react";
import { updateProfile } from "../api/auth";
import { messageOf } from "../api/http";
import type { User } from "../api/types";
import { type Look, lookKey, randomLook, storedLook, storeLook, storeName } from "../avatar/look";
import { userChanged } from "../state/session";
import { NameField, useFaultFocus } from "../ui/Field";
import { nameFault, tidied } from "../ui/names";
import { AvatarEditor } from "./AvatarEditor";
import { profileText as text } from "./text";

export function ProfileForm({ user, onSaved }: { user: User; onSaved?: () => void }) {
	const [name, setName] = useState(user.name);
	const [looks, setLooks] = useState<readonly Look[]>(() => [user.look ?? storedLook() ?? randomLook()]);
	const [said, setSaid] = useState<{ error: boolean; words: string } | null>(null);
	const [faults, setFaults] = useState<{ name?: string | undefined }>({});
	const [busy, setBusy] = useState(false);
	const form = useRef<HTMLFormElement>(null);
	useFaultFocus(form, faults);
	const look = looks.at(-1) as Look;
	const changed = name.trim() !== user.name || !user.look || lookKey(look) !== lookKey(user.look);

	const save = (event: FormEvent) => {
		event.preventDefault();
		const chosen = tidied(name);
		const fault = nameFault(name, text.nameMissing);
		setFaults({ name: fault });
		if (fault) return;
		setBusy(true);
		setSaid(null);
		storeLook(look);
		storeName(chosen);
		updateProfile(user.id, { name: chosen, look })
			.then(
				(next) => {
					userChanged(next);
					setSaid({ error: false, words: text.saved });
					onSaved?.();
				},
				(reason: unknown) => setSaid({ error: true, words: messageOf(reason) }),
			)
			.finally(() => setBusy(false));
	};
	return (
		<form ref={form} className="stack" onSubmit={save} noValidate>
			<AvatarEditor
				look={look}
				canUndo={looks.length > 1}
				onChange={(next) => setLooks([...looks.slice(-30), next])}
				onUndo={() => setLooks(looks.slice(0, -1))}
			/>
			<div className="profile-save">
				<NameField
					id="profile-name"
					label={text.name}
					value={name}
					error={faults.name}
					autoComplete="nickname"
					onChange={setName}
				/>
				<button type="submit" className="btn btn-primary btn-save" disabled={busy || !changed}>
					{busy ? text.saving : text.save}
				</button>
			</div>
			<p className={said?.error ? "error" : "good"} role="status">
				{said?.words}
			</p>
		</form>
	);
}
