// The lobby: the spaces one may walk into, and making a new one.

import { lazy, useCallback, useEffect, useState } from "react";
import { messageOf } from "../api/http";
import { listSpaces } from "../api/spaces";
import type { Space } from "../api/types";
import { useSession } from "../state/session";
import { Icon } from "../ui/Icon";
import { LaterDialog } from "../ui/Later";
import { Shell, usePageTitle } from "../ui/Shell";
import { SpaceCard } from "./SpaceCard";
import { lobbyText as text } from "./text";

const CreateSpace = lazy(() => import("./CreateSpace").then((m) => ({ default: m.CreateSpace })));

type Found = { kind: "loading" } | { kind: "failed"; message: string } | { kind: "found"; spaces: Space[] };

export function Lobby() {
	const [found, setFound] = useState<Found>({ kind: "loading" });
	const [creating, setCreating] = useState(false);
	const known = useSession((state) => state.session.kind === "known");

	usePageTitle(text.title);
	const load = useCallback(() => {
		listSpaces().then(
			(spaces) => setFound({ kind: "found", spaces }),
			(reason: unknown) => setFound({ kind: "failed", message: messageOf(reason) }),
		);
	}, []);
	useEffect(() => {
		load();
		// Who is inside changes while one looks elsewhere.
		window.addEventListener("focus", load);
		return () => window.removeEventListener("focus", load);
	}, [load]);

	return (
		<Shell>
			<main className="page">
				<header className="page-head">
					<div>
						<h1>{text.title}</h1>
						<p className="note">{text.lead}</p>
					</div>
					{known && (
						<button type="button" className="btn btn-primary" onClick={() => setCreating(true)}>
							<Icon name="plus" />
							{text.create}
						</button>
					)}
				</header>
				<Spaces found={found} onAgain={load} known={known} />
				{!known && found.kind !== "loading" && <p className="note">{text.signInFirst}</p>}
				{creating && (
					<LaterDialog onClose={() => setCreating(false)}>
						<CreateSpace onClose={() => setCreating(false)} />
					</LaterDialog>
				)}
			</main>
		</Shell>
	);
}

function Spaces({ found, onAgain, known }: { found: Found; onAgain: () => void; known: boolean }) {
	switch (found.kind) {
		case "loading":
			return (
				<div className="cards" role="status" aria-label={text.loading}>
					{[0, 1, 2].map((i) => (
						<div key={i} className="space-card ghost" />
					))}
				</div>
			);
		case "failed":
			return (
				<div className="card" role="alert">
					<h2>{text.failed}</h2>
					<p className="note">{found.message}</p>
					<div className="row">
						<button type="button" className="btn btn-primary" onClick={onAgain}>
							{text.tryAgain}
						</button>
					</div>
				</div>
			);
		case "found":
			if (found.spaces.length === 0) {
				return (
					<div className="card">
						<h2>{text.empty}</h2>
						{known && <p className="note">{text.emptyHelp}</p>}
					</div>
				);
			}
			return (
				<ul className="cards">
					{found.spaces.map((space) => (
						<SpaceCard key={space.id} space={space} onChange={onAgain} />
					))}
				</ul>
			);
	}
}
