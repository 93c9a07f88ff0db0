// What one author said in one go: picture, name and time once, then line after line.

import { memo } from "react";
import { Button } from "react-aria-components";
import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { giveBack } from "../drafts";
import type { Item, Line } from "../grouping";
import { decode } from "../mentions";
import { nameOf } from "../names";
import type { Outgoing } from "../outbox";
import { useChat } from "../store";
import { chatText as text } from "../text";
import { Face } from "./Face";
import { Glyph } from "./Glyph";
import { Marked } from "./Marked";
import { Quoted } from "./Quoted";
import { Said } from "./Said";

type GroupItem = Extract<Item, { kind: "group" }>;

/** The same as long as its lines are: a list of hundreds is not drawn anew for one more. */
const same = ({ item: a }: { item: GroupItem }, { item: b }: { item: GroupItem }): boolean =>
	a.key === b.key &&
	a.authorName === b.authorName &&
	a.lines.length === b.lines.length &&
	a.lines.every((line, i) => {
		const other = b.lines[i];
		return line.key === other?.key && line.outgoing === other.outgoing && line.message === other.message;
	});

export const Group = memo(function Group({ item }: { item: GroupItem }) {
	const first = item.lines[0];
	if (!first) return null;
	const replyTo = first.message?.replyTo ?? first.outgoing?.replyTo ?? 0;
	const channel = first.message?.channel ?? first.outgoing?.channel;
	return (
		<li className="chat-group">
			{replyTo > 0 && channel && <Quoted place={channel} id={replyTo} />}
			<Face userId={item.authorId} name={item.authorName} size={32} />
			<div className="chat-said">
				<p className="chat-by">
					<bdi className="chat-name">{item.authorName}</bdi>{" "}
					<time className="chat-time" dateTime={new Date(first.at).toISOString()} title={text.moment(first.at)}>
						{text.time(first.at)}
					</time>
				</p>
				{item.lines.map((line) =>
					line.message ? (
						<Said key={line.key} lineKey={line.key} message={line.message} />
					) : (
						<Unsaid key={line.key} line={line} />
					),
				)}
			</div>
		</li>
	);
}, same);

function Unsaid({ line: { key, text: words, outgoing } }: { line: Line }) {
	if (!outgoing) return null;
	return (
		<div className="chat-line" data-key={key} data-state={outgoing.state}>
			{outgoing.thought && <Glyph name="thought" size={16} />}
			<Marked text={words} />
			<Fate outgoing={outgoing} />
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
		giveBack(space, channel, decode(words, nameOf));
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
