// The frame of the pages that are not a space: a slim head with where one can go.

import { lazy, type ReactNode, useEffect, useState } from "react";
import { useSession } from "../state/session";
import "../styles/pages.css";
import { Icon } from "./Icon";
import { LaterDialog } from "./Later";
import { Portrait } from "./Portrait";
import { follow } from "./router";
import { appText as text } from "./text";

// Dialogs bring a library with them; a page is there before one is asked for.
const SettingsDialog = lazy(() => import("../settings/SettingsDialog"));

export function usePageTitle(title: string): void {
	useEffect(() => {
		document.title = `${title} · ${text.brand}`;
	}, [title]);
}

export function Shell({ children }: { children: ReactNode }) {
	const user = useSession((state) => (state.session.kind === "known" ? state.session.me.user : null));
	const [settings, setSettings] = useState(false);
	return (
		<div className="shell">
			<header className="shell-head">
				<a className="brand" href="/">
					<img src="/icon.svg" alt="" width="28" height="28" />
					{text.brand}
				</a>
				<nav className="shell-nav">
					<a
						className="tool"
						href="/spaces"
						onClick={follow}
						aria-current={location.pathname === "/spaces" ? "page" : undefined}
					>
						{text.spaces}
					</a>
					<button type="button" className="tool" aria-label={text.settings} onClick={() => setSettings(true)}>
						<Icon name="settings" />
					</button>
					{user ? (
						<a className="tool shell-me" href="/profile" onClick={follow} aria-label={`${text.profile}: ${user.name}`}>
							{user.look && <Portrait look={user.look} size={32} />}
							<span className="shell-name">{user.name}</span>
						</a>
					) : (
						<a className="btn btn-primary" href="/signin" onClick={follow}>
							{text.signIn}
						</a>
					)}
				</nav>
			</header>
			{children}
			{settings && (
				<LaterDialog onClose={() => setSettings(false)}>
					<SettingsDialog onClose={() => setSettings(false)} />
				</LaterDialog>
			)}
		</div>
	);
}
