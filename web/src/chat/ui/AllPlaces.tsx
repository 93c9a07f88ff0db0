// All conversations: what the space has, and direct messages, with what is new in each.

import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import { spaceActions, useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { StatusMark } from "../../ui/StatusMark";
import { plainOf, useReading } from "../markup";
import { nameOf } from "../names";
import { directWith, type Message, type Place } from "../place";
import { chatActions, type DirectEntry, placeIn, useChat } from "../store";
import { chatText as text } from "../text";
import { PlaceSign, useSelfId } from "./places";

export function AllPlaces() {
	const area = useChat((state) => state.area);
	const channels = useChat((state) => state.channels);
	const directs = useChat((state) => state.directs);
	const directsState = useChat((state) => state.directsState);
	const body = useRef<HTMLDivElement>(null);
	// The focus goes to where one was, so that the keyboard goes on from there.
	useEffect(() => {
		const rows = body.current;
		(rows?.querySelector<HTMLElement>("[aria-current]") ?? rows?.querySelector<HTMLElement>("button"))?.focus();
	}, []);
	return (
		<>
			<header className="chat-head chat-head-list">
				<h2>{text.title}</h2>
				<Button className="tool" aria-label={text.search} onPress={() => chatActions.view("search")}>
					<Icon name="search" size={18} />
				</Button>
				<Button className="tool" aria-label={text.close} onPress={spaceActions.closePanel}>
					<Icon name="close" size={18} />
				</Button>
			</header>
			<div ref={body} className="chat-places">
				<h3>{text.groups.space}</h3>
				<ul>
					<Row place="everyone" name={text.everyone} about={text.listed("everyone")} />
					<Row place="nearby" name={text.nearby} about={text.listed("nearby")} />
					{area && <Row place={area.channel} name={area.name} about={text.listed(area.channel)} />}
				</ul>
				{channels.length > 0 && (
					<>
						<h3>{text.groups.channels}</h3>
						<ul>
							{channels.map(({ channel, name, topic, announcements }) => (
								<Row
									key={channel}
									place={channel}
									name={name}
									about={topic || (announcements ? text.announced : text.listed("everyone"))}
								/>
							))}
						</ul>
					</>
				)}
				<h3>{text.groups.directs}</h3>
				{directs.length > 0 ? (
					<ul>
						{directs.map((entry) => (
							<Direct key={entry.peerId} entry={entry} />
						))}
					</ul>
				) : directsState === "failed" ? (
					<div className="chat-places-none">
						<p className="error">{text.directsFailed}</p>
						<Button className="btn btn-small" onPress={() => useChat.getState().door?.refresh()}>
							{text.retry}
						</Button>
					</div>
				) : (
					<p className="chat-places-none note">{text.directsEmpty}</p>
				)}
			</div>
		</>
	);
}

/** What was said last there, where it is known; else what the place is. */
function Row({ place, name, about }: { place: Place; name: string; about: string }) {
	const state = useChat((chat) => placeIn(chat, place));
	const last = state.messages.findLast(({ deleted }) => !deleted);
	return <Entry place={place} name={name} about={about} last={last ?? null} unread={state.unread} named />;
}

function Direct({ entry }: { entry: DirectEntry }) {
	const place = directWith(entry.peerId);
	const status = useSpace(({ people }) => {
		for (const person of people.values()) if (person.userId === entry.peerId && person.connected) return person.status;
		return null;
	});
	return (
		<Entry
			place={place}
			name={entry.name || text.someone}
			about={text.begunWith}
			last={entry.last}
			unread={entry.unread}
			status={status}
		/>
	);
}

function Entry(props: {
	place: Place;
	name: string;
	about: string;
	last: Message | null;
	unread: number;
	status?: Parameters<typeof StatusMark>[0]["status"] | null;
	/** Says who said the last; between two it is clear. */
	named?: boolean;
}) {
	const { place, name, about, last, unread, status } = props;
	const current = useChat((state) => state.tab === place);
	const self = useSelfId();
	useReading();
	const by = last && (last.authorId === self ? text.you : props.named ? last.authorName : null);
	const words = last && (last.deleted ? text.deleted : plainOf(last.text, (id) => nameOf(id) ?? text.someone));
	return (
		<li>
			<button
				type="button"
				className="chat-place"
				data-unread={unread > 0 || undefined}
				aria-current={current ? "true" : undefined}
				onClick={() => chatActions.openChannel(place)}
			>
				<span className="chat-place-sign">
					<PlaceSign place={place} name={name} size={38} />
					{status && (
						<span className="chat-place-status">
							<StatusMark status={status} />
						</span>
					)}
				</span>
				<span className="chat-place-words">
					<span className="chat-place-name">
						<bdi>{name}</bdi>
						{last && <time>{text.shortly(last.at)}</time>}
					</span>
					<span className="chat-place-last">
						<span>{words ? (by ? `${by}: ${words}` : words) : about}</span>
						{unread > 0 && (
							<span className="chat-count">
								{text.unread(unread)}
								<span className="sr-only"> {text.unreadSpoken(unread)}</span>
							</span>
						)}
					</span>
				</span>
			</button>
		</li>
	);
}
