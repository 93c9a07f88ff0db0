// In front of a space: known people pass straight through, strangers say their name first. One step, no account.

import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { enterAsGuest } from "../api/auth";
import { ApiError } from "../api/http";
import { getSpace } from "../api/spaces";
import type { Space } from "../api/types";
import { type Look, randomLook, storedLook, storedName, storeLook, storeName } from "../avatar/look";
import { TemplatePreview } from "../lobby/TemplatePreview";
import { AvatarStage } from "../profile/AvatarStage";
import { userChanged, useSession } from "../state/session";
import { NameField, useFaultFocus } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { type Faults, faultsOf, nameFault, tidied } from "../ui/names";
import { Broken } from "../ui/Plain";
import { follow } from "../ui/router";
import { appText } from "../ui/text";
import "../styles/pages.css";
import { signinText as text } from "./text";

export function Doorstep({ id, children }: { id: string; children: ReactNode }) {
	const kind = useSession((state) => state.session.kind);
	if (kind === "known") return children;
	// Whoever may be known is not asked for a name: as somebody new they would lose who they are.
	return kind === "failed" ? <Broken /> : <Door id={id} />;
}

function Door({ id }: { id: string }) {
	const [space, setSpace] = useState<Space | null>(null);
	const [isMissing, setMissing] = useState(false);

	useEffect(() => {
		getSpace(id).then(setSpace, (reason: unknown) => {
			// Any other reason is told once inside: the name over the door is a nicety.
			setMissing(reason instanceof ApiError && reason.status === 404);
		});
	}, [id]);

	return (
		<main className="page-center">
			<div className="backdrop">{space && <TemplatePreview template={space.template} />}</div>
			{isMissing ? <NoDoor id={id} /> : <Form id={id} space={space} />}
		</main>
	);
}

const signInTo = (id: string): string => `/signin?next=${encodeURIComponent(`/s/${id}`)}`;

/** Nobody is asked for a name in front of a wall. A space for members only is not there either, for whoever is not known to be one. */
function NoDoor({ id }: { id: string }) {
	return (
		<div className="card" role="alert">
			<h1>{text.noDoor}</h1>
			<p className="note">{text.noDoorHelp}</p>
			<a className="btn btn-primary" href={signInTo(id)} onClick={follow}>
				{text.haveAccount}
			</a>
			<a className="btn" href="/">
				{appText.home}
			</a>
		</div>
	);
}

function Form({ id, space }: { id: string; space: Space | null }) {
	const [look, setLook] = useState<Look>(() => storedLook() ?? randomLook());
	const [name, setName] = useState(storedName);
	const [faults, setFaults] = useState<Faults>({});
	const form = useRef<HTMLFormElement>(null);
	useFaultFocus(form, faults);
	const [busy, setBusy] = useState(false);

	const shuffle = () => {
		const next = randomLook();
		setLook(next);
		storeLook(next);
	};
	const enter = (event: FormEvent) => {
		event.preventDefault();
		if (busy) return;
		const chosen = tidied(name);
		const fault = nameFault(name, text.nameMissing);
		setFaults({ name: fault });
		if (fault) return;
		setBusy(true);
		storeName(chosen);
		storeLook(look);
		enterAsGuest(chosen, look).then(userChanged, (reason: unknown) => {
			setBusy(false);
			setFaults(faultsOf(reason));
		});
	};
	return (
		<form ref={form} className="card card-door" onSubmit={enter} noValidate>
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
			<NameField
				id="name"
				label={text.name}
				value={name}
				error={faults.name}
				autoComplete="nickname"
				placeholder={text.namePlaceholder}
				onChange={setName}
			/>
			{faults.other && (
				<p className="error" role="alert">
					{faults.other}
				</p>
			)}
			<button type="submit" className="btn btn-primary btn-large" aria-disabled={busy}>
				{busy ? text.opening : text.walkIn}
			</button>
			<p className="ways">
				<a href={signInTo(id)} onClick={follow}>
					{text.haveAccount}
				</a>
			</p>
		</form>
	);
}
