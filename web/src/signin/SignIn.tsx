// Sign in or create an account: passkey first, e-mail and password second, as a guest always.

import { type FormEvent, useRef, useState } from "react";
import { login, register } from "../api/auth";
import { ApiError, messageOf } from "../api/http";
import { addPasskey, passkeysWork, signInWithPasskey, wasCancelled } from "../api/passkey";
import type { User } from "../api/types";
import { randomLook, storedLook, storedName } from "../avatar/look";
import { userChanged, useSession } from "../state/session";
import { Field, NameField, PasswordField, useFaultFocus } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { nameFault, tidied } from "../ui/names";
import { navigate, nextPath } from "../ui/router";
import { Shell, usePageTitle } from "../ui/Shell";
import "../styles/pages.css";
import { emailFault, newPasswordFault } from "./credentials";
import { signinText as text } from "./text";

type Mode = "signin" | "create";

export function SignIn() {
	const known = useSession((state) => (state.session.kind === "known" ? state.session.me.user : null));
	const [mode, setMode] = useState<Mode>(known?.guest ? "create" : "signin");
	const creating = mode === "create";
	usePageTitle(text.title);
	return (
		<Shell>
			<main className="page-narrow">
				<div className="card">
					<header>
						<h1>{creating ? text.createTitle : text.title}</h1>
						<p className="note">{creating ? text.createLead : text.lead}</p>
					</header>
					<fieldset className="segments" aria-label={text.title}>
						{(["signin", "create"] as const).map((each) => (
							<button
								key={each}
								type="button"
								className="segment segment-button"
								aria-pressed={mode === each}
								data-selected={mode === each ? "" : undefined}
								onClick={() => setMode(each)}
							>
								{text.tabs[each]}
							</button>
						))}
					</fieldset>
					<Form key={mode} creating={creating} guestName={known?.name ?? storedName()} />
				</div>
				{!known && (
					<p className="ways ways-center">
						<a href="/">{text.guest}</a>
					</p>
				)}
			</main>
		</Shell>
	);
}

interface Errors {
	name?: string | undefined;
	email?: string | undefined;
	password?: string | undefined;
	form?: string | undefined;
}

function Form({ creating, guestName }: { creating: boolean; guestName: string }) {
	const [name, setName] = useState(guestName);
	const [email, setEmail] = useState("");
	const [password, setPassword] = useState("");
	const [busy, setBusy] = useState(false);
	const [errors, setErrors] = useState<Errors>({});
	const form = useRef<HTMLFormElement>(null);
	useFaultFocus(form, errors);
	const chosen = tidied(name);
	const look = storedLook() ?? randomLook();

	const run = (action: () => Promise<User>, fallback?: string) => {
		setBusy(true);
		setErrors({});
		action().then(
			(user) => {
				userChanged(user);
				navigate(nextPath(), true);
			},
			(reason: unknown) => {
				setBusy(false);
				if (wasCancelled(reason)) return;
				setErrors({ form: reason instanceof ApiError || !fallback ? messageOf(reason) : fallback });
			},
		);
	};
	const withPasskey = () => {
		const fault = creating ? nameFault(name, text.nameMissing) : undefined;
		if (fault) return setErrors({ name: fault });
		run(() => (creating ? addPasskey({ name: chosen, look }) : signInWithPasskey()), text.passkeyFailed);
	};
	const withEmail = (event: FormEvent) => {
		event.preventDefault();
		const missing = password === "" ? text.passwordMissing : undefined;
		const found: Errors = {
			name: creating ? nameFault(name, text.nameMissing) : undefined,
			email: emailFault(email),
			password: creating ? newPasswordFault(password) : missing,
		};
		setErrors(found);
		if (Object.values(found).some((fault) => fault !== undefined)) return;
		run(() => (creating ? register(email.trim(), password, chosen, look) : login(email.trim(), password)));
	};

	return (
		<form ref={form} className="stack" onSubmit={withEmail} noValidate>
			{creating && (
				<NameField
					id="name"
					label={text.name}
					value={name}
					error={errors.name}
					onChange={setName}
					autoComplete="nickname"
				/>
			)}
			{passkeysWork() ? (
				<div className="field">
					<button type="button" className="btn btn-primary btn-large" disabled={busy} onClick={withPasskey}>
						<Icon name="key" />
						{creating ? text.passkeyNew : text.passkey}
					</button>
					<p className="note">{text.passkeyHelp}</p>
				</div>
			) : (
				<p className="note">{text.passkeyNone}</p>
			)}
			<p className="divider">
				<span>{text.or}</span>
			</p>
			<Field
				id="email"
				label={text.email}
				type="email"
				value={email}
				error={errors.email}
				onChange={setEmail}
				autoComplete="email"
			/>
			<PasswordField
				id="password"
				label={text.password}
				value={password}
				error={errors.password}
				help={creating ? text.passwordHelp : undefined}
				onChange={setPassword}
				autoComplete={creating ? "new-password" : "current-password"}
			/>
			<p className="error" role="alert">
				{errors.form}
			</p>
			<button type="submit" className="btn btn-large" disabled={busy}>
				{busy ? text.working : creating ? text.create : text.signIn}
			</button>
		</form>
	);
}
