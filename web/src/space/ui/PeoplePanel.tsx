// The people list: everything the canvas does with people, as a list. A panel at the side, a sheet on a phone.

import { useDeferredValue, useEffect, useRef, useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";
import { listPeople } from "../../people/search";
import { useMedia } from "../../state/media";
import { spaceActions, useSpace } from "../../state/space";
import { Icon, type IconName } from "../../ui/Icon";
import { Portrait } from "../../ui/Portrait";
import { StatusMark } from "../../ui/StatusMark";
import type { Person } from "../client";
import { shareLink } from "../share";
import { spaceText } from "../text";
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
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => {
		if (useSpace.getState().panelByKey) field.current?.focus();
	}, []);
	const shown = listPeople(useDeferredValue(people).values(), useDeferredValue(query));
	return (
		<aside className="side-panel" aria-label={text.title}>
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
			<ul className="people">
				{shown.map((person) => (
					<Row key={person.id} person={person} />
				))}
			</ul>
			{shown.length === 0 && <p className="empty note">{text.nobody(query)}</p>}
			{people.size <= 1 && query === "" && <Alone />}
		</aside>
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
	const facts = [
		person.self ? text.you : "",
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
			{chosen && <Actions person={person} />}
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

function Actions({ person: { id, name } }: { person: Person }) {
	const visit = useSpace((state) => state.visit);
	const following = useSpace((state) => state.following === id);
	const view = visit?.view;
	/** On a phone the sheet covers the map; it makes way for what was asked for. */
	const makeWay = () => {
		if (window.innerWidth < 760) spaceActions.closePanel();
	};
	const goTo = () => {
		if (!visit?.client?.locate(id)) return spaceActions.toast(text.nowhere(name));
		spaceActions.toast(view?.goTo(id) ? text.walking(name) : text.noWay(name));
		makeWay();
	};
	const locate = () => {
		spaceActions.toast(view?.locate(id) ? text.located(name) : text.nowhere(name));
		makeWay();
	};
	const follow = () => {
		view?.follow(following ? null : id);
		makeWay();
	};
	return (
		<fieldset className="person-actions">
			<legend className="sr-only">{text.actionsFor(name)}</legend>
			<Button className="btn" aria-label={text.goToName(name)} onPress={goTo}>
				<Icon name="walk" size={18} />
				{text.goTo}
			</Button>
			<Button className="btn" aria-label={text.locateName(name)} onPress={locate}>
				<Icon name="pin" size={18} />
				{text.locate}
			</Button>
			<Button className="btn" aria-label={following ? text.stop : text.followName(name)} onPress={follow}>
				<Icon name="steps" size={18} />
				{following ? spaceText.stopFollowing : text.follow}
			</Button>
		</fieldset>
	);
}
