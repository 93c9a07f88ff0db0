// In front of a space: known people pass straight through, strangers say their name first. One step, no account.

import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { enterAsGuest } from "../api/auth";
import { messageOf } from "../api/http";
import { getSpace } from "../api/spaces";
import type { Space } from "../api/types";
import { type Look, randomLook, storedLook, storedName, storeLook, storeName } from "../avatar/look";
import { TemplatePreview } from "../lobby/TemplatePreview";
import { AvatarStage } from "../profile/AvatarStage";
import { userChanged, useSession } from "../state/session";
import { Icon } from "../ui/Icon";
import { follow } from "../ui/router";
import "../styles/pages.css";
import { signinText as text } from "./text";

export function Doorstep({ id, children }: { id: string; children: ReactNode }) {
	const kind = useSession((state) => state.session.kind);
	return kind === "known" ? children : <Form id={id} />;
}

function Form({ id }: { id: string }) {
	const [look, setLook] = useState<Look>(() => storedLook() ?? randomLook());
	const [name, setName] = useState(storedName);
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const [space, setSpace] = useState<Space | null>(null);

	useEffect(() => {
		// The name over the door is a nicety: without it the door still opens, or says why not once inside.
		getSpace(id).then(setSpace, () => {});
	}, [id]);

	const shuffle = () => {
		const next = randomLook();
		setLook(next);
		storeLook(next);
	};
	const enter = (event: FormEvent) => {
		event.preventDefault();
		const chosen = name.trim().replace(/\s+/g, " ");
		if (chosen === "") return setError(text.nameMissing);
		setBusy(true);
		setError("");
		storeName(chosen);
		storeLook(look);
		enterAsGuest(chosen, look).then(userChanged, (reason: unknown) => {
			setBusy(false);
			setError(messageOf(reason));
		});
	};
	return (
		<main className="page-center">
			<div className="backdrop">{space && <TemplatePreview template={space.template} />}</div>
			<form className="card" onSubmit={enter} noValidate>
				<header>
					<h1>{text.doorTitle(space?.name ?? null)}</h1>
					{space && <p className="note">{text.online(space.online)}</p>}
				</header>
				<AvatarStage look={look} walking>
					<button type="button" className="btn" onClick={shuffle}>
						<Icon name="shuffle" />
						{text.shuffle}
					</button>
				</AvatarStage>
				<div className="field">
					<label htmlFor="name">{text.name}</label>
					<input
						id="name"
						className="input"
						value={name}
						maxLength={48}
						autoComplete="nickname"
						placeholder={text.namePlaceholder}
						aria-describedby="door-error"
						aria-invalid={error !== ""}
						onChange={(event) => setName(event.target.value)}
					/>
					<p className="error" id="door-error" role="alert">
						{error}
					</p>
				</div>
				<button type="submit" className="btn btn-primary btn-large" disabled={busy}>
					{busy ? text.opening : text.walkIn}
				</button>
				<p className="ways">
					<a href={`/signin?next=${encodeURIComponent(`/s/${id}`)}`} onClick={follow}>
						{text.haveAccount}
					</a>
				</p>
			</form>
		</main>
	);
}
