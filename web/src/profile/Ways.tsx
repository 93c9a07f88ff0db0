// The ways one signs in: the password and each passkey, changed, added and removed. One always remains.

import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { ApiError, messageOf } from "../api/http";
import { addPasskey, listPasskeys, passkeysWork, removePasskey, wasCancelled } from "../api/passkey";
import type { Me, Passkey } from "../api/types";
import { askSession } from "../state/session";
import "../styles/settings.css";
import { appText } from "../ui/text";
import { PasswordForm } from "./PasswordForm";
import { profileText } from "./text";

const text = profileText.ways;
const PASSWORD = "password";

/** What came of the last thing that was done. */
type Said = { error: boolean; words: string } | null;

export function Ways({ me }: { me: Me }) {
	const [passkeys, setPasskeys] = useState<readonly Passkey[] | null>(null);
	/** The row that is open: PASSWORD, or a passkey's id. */
	const [open, setOpen] = useState<string | null>(null);
	/** The row that was open before: its button has the focus again. */
	const [closed, setClosed] = useState<string | null>(null);
	const [said, setSaid] = useState<Said>(null);
	const [busy, setBusy] = useState(false);
	const title = useRef<HTMLHeadingElement>(null);

	const load = useCallback(
		() => listPasskeys().then(setPasskeys, (reason: unknown) => setSaid({ error: true, words: messageOf(reason) })),
		[],
	);
	useEffect(() => void load(), [load]);

	const show = (row: string | null) => {
		setSaid(null);
		setClosed(open);
		setOpen(row);
	};
	const done = (words: string) => {
		setSaid({ error: false, words });
		void askSession();
		void load();
	};
	const perform = (deed: () => Promise<unknown>, words: string, fallback?: string) => {
		if (busy) return;
		setBusy(true);
		setSaid(null);
		deed()
			.then(
				() => done(words),
				(reason: unknown) => {
					if (wasCancelled(reason)) return;
					setSaid({ error: true, words: reason instanceof ApiError || !fallback ? messageOf(reason) : fallback });
				},
			)
			.finally(() => setBusy(false));
	};
	const remove = (id: string) =>
		perform(async () => {
			await removePasskey(id);
			setOpen(null);
			setPasskeys((all) => all?.filter((passkey) => passkey.id !== id) ?? null);
			// What was pressed is about to go.
			title.current?.focus();
		}, text.removed);
	const isLast = me.email === null && passkeys?.length === 1;
	return (
		<section className="card card-wide" aria-labelledby="ways">
			<h2 id="ways" ref={title} tabIndex={-1}>
				{text.title}
			</h2>
			<ul className="list">
				<li>
					{open === PASSWORD ? (
						<PasswordForm
							email={me.email}
							onDone={(words) => {
								show(null);
								done(words);
							}}
							onCancel={() => show(null)}
						/>
					) : (
						<Row name={text.password} note={me.email ?? text.noPassword}>
							<Opener
								words={me.email === null ? text.set : text.change}
								of={text.password}
								again={closed === PASSWORD}
								onOpen={() => show(PASSWORD)}
							/>
						</Row>
					)}
				</li>
				{passkeys?.map(({ id, created_at, used_at }, at) => (
					<li key={id}>
						{open === id ? (
							<Sure name={text.passkey(at + 1)} busy={busy} onKeep={() => show(null)} onRemove={() => remove(id)} />
						) : (
							<Row name={text.passkey(at + 1)} note={text.since(created_at, used_at)}>
								{!isLast && (
									<Opener words={text.remove} of={text.passkey(at + 1)} again={closed === id} onOpen={() => show(id)} />
								)}
							</Row>
						)}
					</li>
				))}
			</ul>
			{passkeys === null &&
				(said?.error ? <Again onAgain={() => void load()} /> : <p className="note">{appText.waiting}</p>)}
			{isLast && <p className="note">{text.last}</p>}
			{passkeysWork() && (
				<div className="row">
					<button
						type="button"
						className="btn"
						aria-disabled={busy}
						onClick={() => perform(addPasskey, text.added, text.addFailed)}
					>
						{busy && open === null ? appText.waiting : text.add}
					</button>
				</div>
			)}
			<p className="error" role="alert">
				{said?.error && said.words}
			</p>
			<p className="good" role="status">
				{said && !said.error && said.words}
			</p>
		</section>
	);
}

function Row({ name, note, children }: { name: string; note: string; children: ReactNode }) {
	return (
		<div className="list-row">
			<span className="list-words">
				{name}
				<span className="note">{note}</span>
			</span>
			{children}
		</div>
	);
}

function Opener(props: { words: string; of: string; again: boolean; onOpen: () => void }) {
	return (
		<button
			type="button"
			className="btn btn-small"
			// biome-ignore lint/a11y/noAutofocus: where what it opened has been closed, one goes on from here.
			autoFocus={props.again}
			onClick={props.onOpen}
		>
			{props.words}
			<span className="sr-only"> {props.of}</span>
		</button>
	);
}

function Sure(props: { name: string; busy: boolean; onKeep: () => void; onRemove: () => void }) {
	return (
		<div className="list-card" role="alertdialog" aria-label={text.removeName(props.name)} aria-describedby="ways-sure">
			<p id="ways-sure">
				<strong>{text.sure(props.name)}</strong> {text.sureHelp}
			</p>
			<div className="row row-end">
				{/* biome-ignore lint/a11y/noAutofocus: the question is where somebody has just pressed. */}
				<button type="button" className="btn btn-small" autoFocus onClick={props.onKeep}>
					{text.keep}
				</button>
				<button type="button" className="btn btn-small btn-danger" aria-disabled={props.busy} onClick={props.onRemove}>
					{props.busy ? appText.waiting : text.remove}
				</button>
			</div>
		</div>
	);
}

function Again({ onAgain }: { onAgain: () => void }) {
	return (
		<div className="row">
			<button type="button" className="btn btn-small" onClick={onAgain}>
				{appText.tryAgain}
			</button>
		</div>
	);
}
