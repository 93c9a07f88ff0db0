// The React part: everything but the landing page.

import { lazy, StrictMode, Suspense, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { Doorstep } from "./signin/Doorstep";
import { askSession, useSession } from "./state/session";
import "./styles/ui.css";
import { NotFound, Waiting } from "./ui/Plain";
import { usePath } from "./ui/router";

const SpaceScreen = lazy(() => import("./space/ui/SpaceScreen").then((m) => ({ default: m.SpaceScreen })));
const Lobby = lazy(() => import("./lobby/Lobby").then((m) => ({ default: m.Lobby })));
const SignIn = lazy(() => import("./signin/SignIn").then((m) => ({ default: m.SignIn })));
const Profile = lazy(() => import("./profile/Profile").then((m) => ({ default: m.Profile })));

function Screen() {
	const path = usePath();
	const space = /^\/s\/([^/]+)\/?$/.exec(path)?.[1];
	if (space) {
		const id = decodeURIComponent(space);
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
			<Screen />
		</Suspense>
	);
}

export function showApp(root: HTMLElement): void {
	createRoot(root).render(
		<StrictMode>
			<App />
		</StrictMode>,
	);
}
