// The profile: name, avatar, and how one signs in.

import { type FormEvent, useState } from "react";
import { logout, updateProfile } from "../api/auth";
import { ApiError, messageOf } from "../api/http";
import { addPasskey, passkeysWork, wasCancelled } from "../api/passkey";
import type { Me } from "../api/types";
import { type Look, lookKey, randomLook, storedLook, storeLook, storeName } from "../avatar/look";
import { askSession, signedOut, userChanged, useSession } from "../state/session";
import { follow, navigate } from "../ui/router";
import { Shell } from "../ui/Shell";
import { appText } from "../ui/text";
import { AvatarEditor } from "./AvatarEditor";
import { profileText as text } from "./text";

export function Profile() {
	const session = useSession((state) => state.session);
	return (
		<Shell>
			<main className="page page-profile">
				<h1>{text.title}</h1>
				{session.kind === "known" ? <Known me={session.me} /> : <Stranger />}
			</main>
		</Shell>
	);
}

function Stranger() {
	return (
		<div className="card">
			<h2>{text.stranger}</h2>
			<p className="note">{text.strangerHelp}</p>
			<div className="row">
				<a className="btn btn-primary" href="/">
					{appText.home}
				</a>
				<a className="btn" href="/signin?next=/profile" onClick={follow}>
					{appText.signIn}
				</a>
			</div>
		</div>
	);
}

function Known({ me }: { me: Me }) {
	const { user } = me;
	const [name, setName] = useState(user.name);
	const [looks, setLooks] = useState<readonly Look[]>(() => [user.look ?? storedLook() ?? randomLook()]);
	const [said, setSaid] = useState<{ error: boolean; words: string } | null>(null);
	const [busy, setBusy] = useState(false);
	const look = looks.at(-1) as Look;
	const changed = name.trim() !== user.name || !user.look || lookKey(look) !== lookKey(user.look);

	const save = (event: FormEvent) => {
		event.preventDefault();
		const chosen = name.trim().replace(/\s+/g, " ");
		if (chosen === "") return setSaid({ error: true, words: text.nameMissing });
		setBusy(true);
		setSaid(null);
		storeLook(look);
		storeName(chosen);
		updateProfile(user.id, { name: chosen, look })
			.then(
				(next) => {
					userChanged(next);
					setSaid({ error: false, words: text.saved });
				},
				(reason: unknown) => setSaid({ error: true, words: messageOf(reason) }),
			)
			.finally(() => setBusy(false));
	};
	return (
		<>
			<form className="card card-wide" onSubmit={save} noValidate>
				<AvatarEditor
					look={look}
					canUndo={looks.length > 1}
					onChange={(next) => setLooks([...looks.slice(-30), next])}
					onUndo={() => setLooks(looks.slice(0, -1))}
				/>
				<div className="profile-save">
					<div className="field">
						<label htmlFor="profile-name">{text.name}</label>
						<input
							id="profile-name"
							className="input"
							value={name}
							maxLength={48}
							autoComplete="nickname"
							onChange={(event) => setName(event.target.value)}
						/>
					</div>
					<button type="submit" className="btn btn-primary btn-save" disabled={busy || !changed}>
						{busy ? text.saving : text.save}
					</button>
				</div>
				<p className={said?.error ? "error" : "good"} role="status">
					{said?.words}
				</p>
			</form>
			<Account me={me} />
		</>
	);
}

function Account({ me }: { me: Me }) {
	const [said, setSaid] = useState<{ error: boolean; words: string } | null>(null);
	const leave = () => {
		logout().then(
			() => {
				signedOut();
				navigate("/");
			},
			(reason: unknown) => setSaid({ error: true, words: messageOf(reason) }),
		);
	};
	const passkey = () => {
		addPasskey().then(
			() => {
				setSaid({ error: false, words: text.passkeyAdded });
				void askSession();
			},
			(reason: unknown) => {
				if (wasCancelled(reason)) return;
				setSaid({ error: true, words: reason instanceof ApiError ? reason.message : text.passkeyFailed });
			},
		);
	};
	return (
		<section className="card card-wide" aria-labelledby="account">
			<h2 id="account">{me.user.guest ? text.guestTitle : text.account}</h2>
			{me.user.guest ? (
				<p className="note">{text.guestHelp}</p>
			) : (
				<dl className="facts">
					{me.email && (
						<div>
							<dt>{text.email}</dt>
							<dd>{me.email}</dd>
						</div>
					)}
					<div>
						<dt>{text.passkeys}</dt>
						<dd>{text.passkeyCount(me.passkeys)}</dd>
					</div>
				</dl>
			)}
			<div className="row">
				{me.user.guest && (
					<a className="btn btn-primary" href="/signin?next=/profile" onClick={follow}>
						{text.guestCreate}
					</a>
				)}
				{!me.user.guest && passkeysWork() && (
					<button type="button" className="btn" onClick={passkey}>
						{text.addPasskey}
					</button>
				)}
				<button type="button" className="btn" onClick={leave}>
					{text.signOut}
				</button>
			</div>
			<p className={said?.error ? "error" : "good"} role="status">
				{said?.words}
			</p>
		</section>
	);
}
