// What one author said in one go: picture, name and time once, then line after line.

import { memo } from "react";
import { Button } from "react-aria-components";
import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { Portrait } from "../../ui/Portrait";
import { giveBack } from "../drafts";
import { type Item, initials, type Line } from "../grouping";
import type { Outgoing } from "../outbox";
import { useChat } from "../store";
import { chatText as text } from "../text";
import { Linked } from "./Linked";

type GroupItem = Extract<Item, { kind: "group" }>;

/** The same as long as its lines are: a list of hundreds is not drawn anew for one more. */
const same = ({ item: a }: { item: GroupItem }, { item: b }: { item: GroupItem }): boolean =>
	a.key === b.key &&
	a.authorName === b.authorName &&
	a.lines.length === b.lines.length &&
	a.lines.every((line, i) => line.key === b.lines[i]?.key && line.outgoing === b.lines[i]?.outgoing);

export const Group = memo(function Group({ item }: { item: GroupItem }) {
	const first = item.lines[0];
	if (!first) return null;
	return (
		<li className="chat-group">
			<Picture userId={item.authorId} name={item.authorName} />
			<div className="chat-said">
				<p className="chat-by">
					<bdi className="chat-name">{item.authorName}</bdi>{" "}
					<time className="chat-time" dateTime={new Date(first.at).toISOString()} title={text.moment(first.at)}>
						{text.time(first.at)}
					</time>
				</p>
				{item.lines.map((line) => (
					<Said key={line.key} line={line} />
				))}
			</div>
		</li>
	);
}, same);

/** Their avatar where they are here, else their letters. */
function Picture({ userId, name }: { userId: string; name: string }) {
	const look = useSpace((state) => {
		for (const person of state.people.values()) if (person.userId === userId) return person.look;
		return null;
	});
	if (look) return <Portrait look={look} size={32} />;
	return (
		<span className="portrait chat-initials" aria-hidden="true">
			{initials(name)}
		</span>
	);
}

function Said({ line }: { line: Line }) {
	return (
		<div className="chat-line" data-key={line.key} data-state={line.outgoing?.state ?? "said"}>
			<p className="chat-text" dir="auto">
				<Linked text={line.text} />
			</p>
			{line.outgoing && <Fate outgoing={line.outgoing} />}
		</div>
	);
}

/** How it stands with what is not said yet. */
function Fate({ outgoing }: { outgoing: Outgoing }) {
	const online = useSpace((state) => state.connection?.state === "online");
	if (outgoing.state === "failed") return <Failed outgoing={outgoing} />;
	const words = !online ? text.offline : outgoing.state === "waiting" ? text.waiting : text.sending;
	return <p className="chat-fate note">{words}</p>;
}

function Failed({ outgoing: { reference, channel, text: words, reason } }: { outgoing: Outgoing }) {
	const { space, door } = useChat.getState();
	const edit = () => {
		giveBack(space, channel, words);
		door?.discard(reference);
		// The field takes its text from the draft when it begins.
		useChat.setState({ edits: useChat.getState().edits + 1, wantsField: true });
	};
	return (
		<div className="chat-fate">
			<p className="error">
				<Icon name="warning" size={16} /> {text.failed[reason ?? "other"]}
			</p>
			<Button className="btn btn-small" onPress={edit}>
				{text.edit}
			</Button>
			<Button className="btn btn-small" onPress={() => door?.discard(reference)}>
				{text.discard}
			</Button>
		</div>
	);
}
