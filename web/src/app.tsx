// The React part: everything but the landing page.

import { StrictMode, Suspense, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { Doorstep } from "./signin/Doorstep";
import { askSession, useSession } from "./state/session";
import "./styles/ui.css";
import { Boundary } from "./ui/Later";
import { Broken, NotFound, Waiting } from "./ui/Plain";
import { usePath } from "./ui/router";
import { screen } from "./ui/screen";

const SpaceScreen = screen(async () => (await import("./space/ui/SpaceScreen")).SpaceScreen);
const Lobby = screen(async () => (await import("./lobby/Lobby")).Lobby);
const SignIn = screen(async () => (await import("./signin/SignIn")).SignIn);
const Profile = screen(async () => (await import("./profile/Profile")).Profile);

/** Null where a link was cut in the middle of a letter. */
function decoded(part: string): string | null {
	try {
		return decodeURIComponent(part);
	} catch {
		return null;
	}
}

function Route() {
	const path = usePath();
	const space = /^\/s\/([^/]+)\/?$/.exec(path)?.[1];
	if (space) {
		const id = decoded(space);
		if (id === null) return <NotFound />;
		return (
			<Doorstep id={id} key={id}>
				<SpaceScreen id={id} />
			</Doorstep>
		);
	}
	switch (path.replace(/\/$/, "")) {
		case "/spaces":
			return <Lobby />;
		case "/signin":
			return <SignIn />;
		case "/profile":
			return <Profile />;
		default:
			return <NotFound />;
	}
}

function App() {
	const asking = useSession((state) => state.session.kind === "asking");
	useEffect(() => {
		void askSession();
	}, []);
	if (asking) return <Waiting />;
	return (
		<Suspense fallback={<Waiting />}>
			<Route />
		</Suspense>
	);
}

/** The screen asked for comes first, so that it is the first thing shown. */
const first = (path: string) =>
	path.startsWith("/spaces") ? Lobby : path === "/signin" ? SignIn : path === "/profile" ? Profile : null;

export async function showApp(root: HTMLElement): Promise<void> {
	// If it does not arrive, rendering meets the same failure and shows it.
	await first(location.pathname)
		?.load()
		.catch(() => {});
	createRoot(root).render(
		<StrictMode>
			<Boundary instead={<Broken />}>
				<App />
			</Boundary>
		</StrictMode>,
	);
}
