// The frame of the pages that are not a space: a slim head with where one can go.

import { type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { SettingsDialog } from "../settings/SettingsDialog";
import { useSession } from "../state/session";
import "../styles/pages.css";
import { Icon } from "./Icon";
import { Portrait } from "./Portrait";
import { follow } from "./router";
import { appText as text } from "./text";

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
					<Button className="tool" aria-label={text.settings} onPress={() => setSettings(true)}>
						<Icon name="settings" />
					</Button>
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
			{settings && <SettingsDialog onClose={() => setSettings(false)} />}
		</div>
	);
}
