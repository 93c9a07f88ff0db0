// The people list: everything the canvas does with people, as a list. A panel at the side, a sheet on a phone.

import { useDeferredValue, useEffect, useRef, useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";
import { listPeople } from "../../people/search";
import { useBlocks } from "../../state/blocks";
import { useMedia } from "../../state/media";
import { useNudges } from "../../state/nudges";
import { spaceActions, useSpace } from "../../state/space";
import "../../styles/people.css";
import { Icon, type IconName } from "../../ui/Icon";
import { Portrait } from "../../ui/Portrait";
import { StatusMark } from "../../ui/StatusMark";
import type { Person } from "../client";
import { doEmote, raisedHands } from "../emotes";
import { emoteText } from "../emoteText";
import { shareLink } from "../share";
import { socialText } from "../socialText";
import { spaceText } from "../text";
import { useFocusBack } from "./focusBack";
import { Absent } from "./people/Absent";
import { PersonActions } from "./people/PersonActions";
import { talkText } from "./talk/text";
import { Volume } from "./talk/Volume";

const text = spaceText.people;

export function PeoplePanel() {
	const open = useSpace((state) => state.panel === "people");
	return open ? <OpenPanel /> : null;
}

function OpenPanel() {
	const people = useSpace((state) => state.people);
	const [query, setQuery] = useState("");
	const panel = useFocusBack();
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => {
		if (useSpace.getState().panelByKey) field.current?.focus();
	}, []);
	const shown = listPeople(useDeferredValue(people).values(), useDeferredValue(query));
	return (
		<aside ref={panel} className="side-panel" tabIndex={-1} aria-label={text.title}>
			<header className="panel-head">
				<h2>{text.title}</h2>
				<span className="note">{text.here(people.size)}</span>
				<Button className="tool" aria-label={text.close} onPress={spaceActions.closePanel}>
					<Icon name="close" />
				</Button>
			</header>
			<SearchField className="search" value={query} onChange={setQuery}>
				<Label className="sr-only">{text.search}</Label>
				<Icon name="search" size={18} />
				<Input ref={field} className="input" placeholder={text.search} />
				{query !== "" && (
					<Button className="tool" aria-label={text.clear}>
						<Icon name="close" size={16} />
					</Button>
				)}
			</SearchField>
			<Hands />
			<div className="people">
				<ul>
					{shown.map((person) => (
						<Row key={person.id} person={person} />
					))}
				</ul>
				{shown.length === 0 && <p className="empty note">{text.nobody(query)}</p>}
				<Absent query={query} />
				{people.size <= 1 && query === "" && <Alone />}
			</div>
		</aside>
	);
}

/** How many wait to be called on; one's own hand is lowered here, and from a stage the next one is invited up. */
function Hands() {
	const people = useSpace((state) => state.people);
	const own = useSpace((state) => (state.self === null ? 0 : (state.people.get(state.self)?.handRaisedAt ?? 0)) > 0);
	const onStage = useSpace((state) => state.onStage);
	const door = useNudges((state) => state.door);
	const hands = raisedHands(people);
	if (hands.length === 0) return null;
	const next = onStage ? hands.find((person) => !person.self) : undefined;
	return (
		<div className="hands">
			<Icon name="hand" size={18} />
			{emoteText.hands(hands.length)}
			{next && (
				<Button className="btn btn-small" onPress={() => door?.ask(next.id, "come_here")}>
					{emoteText.inviteUp(next.name)}
				</Button>
			)}
			{own && (
				<Button className="btn btn-small" onPress={() => doEmote("raise_hand")}>
					{emoteText.lower}
				</Button>
			)}
		</div>
	);
}

/** A hand, and whose turn it is. */
function HandPlace({ person }: { person: Person }) {
	const place = useSpace((state) =>
		person.handRaisedAt > 0 ? raisedHands(state.people).findIndex(({ id }) => id === person.id) + 1 : 0,
	);
	if (place === 0) return null;
	return (
		<span className="hand-place" title={emoteText.place(place)}>
			<Icon name="hand" size={14} />
			<span aria-hidden="true">{place}</span>
			<span className="sr-only">{emoteText.place(place)}</span>
		</span>
	);
}

function Alone() {
	return (
		<div className="empty">
			<p className="field-label">{text.alone}</p>
			<p className="note">{text.aloneHelp}</p>
			<Button className="btn" onPress={() => void shareLink()}>
				<Icon name="link" />
				{spaceText.bar.share}
			</Button>
		</div>
	);
}

function Row({ person }: { person: Person }) {
	const chosen = useSpace((state) => state.chosen === person.id);
	const row = useRef<HTMLLIElement>(null);
	useEffect(() => {
		if (chosen) row.current?.scrollIntoView({ block: "nearest" });
	}, [chosen]);
	const blocked = useBlocks((state) => state.blocked?.some(({ user_id }) => user_id === person.userId) ?? false);
	const facts = [
		person.self ? text.you : "",
		blocked ? socialText.blocked : "",
		person.guest ? text.guest : text.roles[person.role],
		person.connected ? "" : text.lost,
	].filter(Boolean);
	const words = (
		<>
			<Portrait look={person.look} size={40} />
			<span className="person-words">
				<span className="person-name">
					{person.name}
					{facts.map((fact) => (
						<span key={fact} className="badge">
							{fact}
						</span>
					))}
					<HandPlace person={person} />
				</span>
				<span className="person-status">
					<StatusMark status={person.status} />
					{spaceText.status[person.status]}
				</span>
			</span>
			<Publishing person={person} />
		</>
	);
	if (person.self) {
		return (
			<li ref={row} className="person">
				<div className="person-main">{words}</div>
			</li>
		);
	}
	return (
		<li ref={row} className="person" data-open={chosen}>
			<Button
				className="person-main"
				aria-expanded={chosen}
				onPress={() => useSpace.setState({ chosen: chosen ? null : person.id })}
			>
				{words}
				<Icon name="chevron" size={18} />
			</Button>
			{chosen && <PersonActions person={person} />}
			{chosen && <Loudness person={person} />}
		</li>
	);
}

/** What others hear and see of someone: shown once they are publishing anything, or muted beside oneself. */
function Publishing({ person }: { person: Person }) {
	const near = useMedia((state) => person.self || state.peers.has(person.id));
	const marks: [IconName, string][] = [];
	if (person.locked) marks.push(["lock", talkText.people.locked]);
	if (person.screen) marks.push(["screen", talkText.people.screenOn]);
	if (person.camera) marks.push(["camera", talkText.people.cameraOn]);
	if (person.microphone) marks.push(["mic", talkText.people.microphoneOn]);
	else if (near) marks.push(["micOff", talkText.people.microphoneOff]);
	if (marks.length === 0) return null;
	return (
		<span className="person-marks">
			{marks.map(([icon, words]) => (
				<span key={icon} title={words}>
					<Icon name={icon} size={16} />
					<span className="sr-only">{words}</span>
				</span>
			))}
		</span>
	);
}

/** Only for those one hears: anybody else has no volume. */
function Loudness({ person: { id, name } }: { person: Person }) {
	const heard = useMedia((state) => state.peers.get(id)?.hears ?? false);
	return heard ? (
		<div className="person-volume">
			<Volume id={id} name={name} />
		</div>
	) : null;
}
