// The profile: name, avatar, and how one signs in.

import { lazy, useEffect, useState } from "react";
import { logout } from "../api/auth";
import { messageOf } from "../api/http";
import type { Me } from "../api/types";
import { unsubscribe } from "../notices/push";
import { signedOut, useSession } from "../state/session";
import { LaterDialog } from "../ui/Later";
import { follow, navigate } from "../ui/router";
import { Shell, usePageTitle } from "../ui/Shell";
import { appText } from "../ui/text";
import { signOutOthers } from "./others";
import { ProfileForm } from "./ProfileForm";
import { profileText as text } from "./text";
import { Ways } from "./Ways";

// A dialog brings a library with it, and these are rarely asked for.
const DeleteAccount = lazy(() => import("./DeleteAccount").then((m) => ({ default: m.DeleteAccount })));
const LeaveGuest = lazy(() => import("./LeaveGuest"));

export function Profile() {
	const session = useSession((state) => state.session);
	usePageTitle(text.title);
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
	return (
		<>
			<div className="card card-wide">
				<ProfileForm user={me.user} />
			</div>
			{!me.user.guest && <Ways me={me} />}
			<Account me={me} />
		</>
	);
}

function Account({ me }: { me: Me }) {
	const [said, setSaid] = useState<{ error: boolean; words: string } | null>(null);
	const [busy, setBusy] = useState(false);
	const [removing, setRemoving] = useState(false);
	// The front page leads here with the question.
	const [leaving, setLeaving] = useState(me.user.guest && location.hash === "#leave");
	useEffect(() => {
		// Asked once: not again by a reload, or by going back.
		if (location.hash === "#leave") history.replaceState(history.state, "", "/profile");
	}, []);
	const leave = () => {
		// What is pushed is for who is signed in, not for whoever uses this browser next.
		void unsubscribe()
			.catch(() => {})
			.then(logout)
			.then(
				() => {
					signedOut();
					navigate("/");
				},
				(reason: unknown) => setSaid({ error: true, words: messageOf(reason) }),
			);
	};
	const endOthers = () => {
		if (busy) return;
		setBusy(true);
		setSaid(null);
		signOutOthers()
			.then(
				() => setSaid({ error: false, words: text.othersDone }),
				(reason: unknown) => setSaid({ error: true, words: messageOf(reason) }),
			)
			.finally(() => setBusy(false));
	};
	return (
		<section className="card card-wide" aria-labelledby="account">
			<h2 id="account">{me.user.guest ? text.guestTitle : text.account}</h2>
			{me.user.guest && <p className="note">{text.guestHelp}</p>}
			<div className="row">
				{me.user.guest && (
					<a className="btn btn-primary" href="/signin?next=/profile" onClick={follow}>
						{text.guestCreate}
					</a>
				)}
				<button type="button" className="btn" onClick={me.user.guest ? () => setLeaving(true) : leave}>
					{text.signOut}
				</button>
				{!me.user.guest && (
					<button type="button" className="btn" aria-disabled={busy} onClick={endOthers}>
						{busy ? appText.waiting : text.others}
					</button>
				)}
				<button type="button" className="btn btn-plain danger" onClick={() => setRemoving(true)}>
					{me.user.guest ? text.remove.openGuest : text.remove.open}
				</button>
			</div>
			<p className={said?.error ? "error" : "good"} role="status">
				{said?.words}
			</p>
			{leaving && (
				<LaterDialog onClose={() => setLeaving(false)}>
					<LeaveGuest
						onLeave={() => {
							setLeaving(false);
							leave();
						}}
						onClose={() => setLeaving(false)}
					/>
				</LaterDialog>
			)}
			{removing && (
				<LaterDialog onClose={() => setRemoving(false)}>
					<DeleteAccount guest={me.user.guest} onClose={() => setRemoving(false)} />
				</LaterDialog>
			)}
		</section>
	);
}
