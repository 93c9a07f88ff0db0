// Sign in or create an account: passkey first, e-mail and password second, as a guest always.

import { type FormEvent, useState } from "react";
import { login, register } from "../api/auth";
import { ApiError, messageOf } from "../api/http";
import { addPasskey, passkeysWork, signInWithPasskey, wasCancelled } from "../api/passkey";
import type { User } from "../api/types";
import { randomLook, storedLook, storedName } from "../avatar/look";
import { userChanged, useSession } from "../state/session";
import { Icon } from "../ui/Icon";
import { navigate, nextPath } from "../ui/router";
import { Shell, usePageTitle } from "../ui/Shell";
import "../styles/pages.css";
import { signinText as text } from "./text";

const PASSWORD_MIN = 10;
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
				<p className="ways ways-center">
					<a href="/">{text.guest}</a>
				</p>
			</main>
		</Shell>
	);
}

interface Errors {
	name?: string;
	email?: string;
	password?: string;
	form?: string;
}

function Form({ creating, guestName }: { creating: boolean; guestName: string }) {
	const [name, setName] = useState(guestName);
	const [email, setEmail] = useState("");
	const [password, setPassword] = useState("");
	const [shown, setShown] = useState(false);
	const [busy, setBusy] = useState(false);
	const [errors, setErrors] = useState<Errors>({});
	const chosen = name.trim().replace(/\s+/g, " ");
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
		if (creating && chosen === "") return setErrors({ name: text.nameMissing });
		run(() => (creating ? addPasskey({ name: chosen, look }) : signInWithPasskey()), text.passkeyFailed);
	};
	const withEmail = (event: FormEvent) => {
		event.preventDefault();
		const found: Errors = {};
		if (creating && chosen === "") found.name = text.nameMissing;
		if (!/^\S+@\S+\.\S+$/.test(email.trim())) found.email = text.emailBad;
		if (password === "") found.password = text.passwordMissing;
		else if (creating && [...password].length < PASSWORD_MIN) found.password = text.passwordShort;
		setErrors(found);
		if (Object.keys(found).length > 0) return;
		run(() => (creating ? register(email.trim(), password, chosen, look) : login(email.trim(), password)));
	};

	return (
		<form className="stack" onSubmit={withEmail} noValidate>
			{creating && (
				<Field
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
			<Field
				id="password"
				label={text.password}
				type={shown ? "text" : "password"}
				value={password}
				error={errors.password}
				help={creating ? text.passwordHelp : undefined}
				onChange={setPassword}
				autoComplete={creating ? "new-password" : "current-password"}
			>
				<button
					type="button"
					className="btn btn-plain btn-small reveal"
					aria-pressed={shown}
					onClick={() => setShown(!shown)}
				>
					{shown ? text.hide : text.show}
					<span className="sr-only"> {text.password}</span>
				</button>
			</Field>
			<p className="error" role="alert">
				{errors.form}
			</p>
			<button type="submit" className="btn btn-large" disabled={busy}>
				{busy ? text.working : creating ? text.create : text.signIn}
			</button>
		</form>
	);
}

function Field(props: {
	id: string;
	label: string;
	value: string;
	error?: string | undefined;
	help?: string | undefined;
	type?: string;
	autoComplete: string;
	onChange: (value: string) => void;
	children?: React.ReactNode;
}) {
	const { id, label, value, error, help } = props;
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<span className="input-holder">
				<input
					id={id}
					className="input"
					type={props.type ?? "text"}
					value={value}
					autoComplete={props.autoComplete}
					aria-invalid={error !== undefined}
					aria-describedby={`${id}-note`}
					onChange={(event) => props.onChange(event.target.value)}
				/>
				{props.children}
			</span>
			<p id={`${id}-note`} className={error ? "error" : "note"}>
				{error ?? help}
			</p>
		</div>
	);
}
