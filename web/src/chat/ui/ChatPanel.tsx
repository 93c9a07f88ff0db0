// The chat: a panel at the side, a sheet on a phone. It shows a conversation, or all of them, or what a search found.

import { type KeyboardEvent, lazy, useEffect } from "react";
import { Button } from "react-aria-components";
import { letterOf } from "../../input/keys";
import { spaceActions, useSpace } from "../../state/space";
import "../../styles/chat.css";
import "../../styles/chat-find.css";
import "../../styles/chat-messages.css";
import "../../styles/chat-words.css";
import "../../styles/chat-write.css";
import { Icon } from "../../ui/Icon";
import { LaterDialog } from "../../ui/Later";
import { isDirect } from "../place";
import { chatActions, unreadIn, useChat } from "../store";
import { chatText as text } from "../text";
import { AllPlaces } from "./AllPlaces";
import { Compose } from "./Compose";
import { Messages } from "./Messages";
import { PlaceSign, usePlaceName } from "./places";

const Search = lazy(() => import("./Search"));
const Deed = lazy(() => import("./Deed"));

export function ChatPanel() {
	const open = useSpace((state) => state.panel === "chat");
	return (
		<>
			{open && <OpenPanel />}
			<News />
		</>
	);
}

function OpenPanel() {
	const view = useChat((state) => state.view);
	const deed = useChat((state) => state.deed);
	useLook();
	useEffect(() => {
		useChat.getState().door?.refresh();
		// Where the focus was goes away with the panel; the place takes it, and one walks on.
		return () => document.querySelector<HTMLElement>("canvas.place")?.focus({ preventScroll: true });
	}, []);
	const key = (event: KeyboardEvent) => {
		if (!(event.ctrlKey || event.metaKey) || event.altKey || letterOf(event) !== "f") return;
		event.preventDefault();
		chatActions.view("search");
	};
	return (
		<aside className="side-panel chat-panel" tabIndex={-1} aria-label={text.title} onKeyDown={key}>
			{view === "list" && <AllPlaces />}
			{view === "thread" && <Thread />}
			{view === "search" && (
				<LaterDialog onClose={() => chatActions.view("thread")}>
					<Search />
				</LaterDialog>
			)}
			{deed && (
				<LaterDialog onClose={() => chatActions.deed(null)}>
					<Deed deed={deed} />
				</LaterDialog>
			)}
		</aside>
	);
}

/** The space learns what is before somebody's eyes, so that others learn when they type there. */
function useLook() {
	const shown = useChat((state) => (state.view === "thread" ? state.tab : null));
	const online = useSpace((state) => state.connection?.state === "online");
	useEffect(() => {
		if (!online) return;
		const door = useChat.getState().door;
		const tell = () => door?.look(document.hidden ? null : shown);
		tell();
		document.addEventListener("visibilitychange", tell);
		return () => {
			document.removeEventListener("visibilitychange", tell);
			door?.look(null);
		};
	}, [shown, online]);
}

function Thread() {
	const tab = useChat((state) => state.tab);
	const edits = useChat((state) => state.edits);
	const editing = useChat((state) => state.editing?.id ?? 0);
	const near = useChat((state) => state.near);
	const name = usePlaceName(tab);
	return (
		<>
			<Head />
			<p className="chat-readers note">{text.readers(tab, name, near)}</p>
			<section key={tab} className="chat-channel" aria-label={name}>
				<Messages place={tab} />
				<Compose key={`${edits} ${editing}`} place={tab} />
			</section>
		</>
	);
}

function Head() {
	const tab = useChat((state) => state.tab);
	const topic = useChat((state) => state.channels.find(({ channel }) => channel === tab)?.topic ?? "");
	const elsewhere = useChat((state) => {
		const here = isDirect(tab)
			? (state.directs.find(({ peerId }) => `dm/${peerId}` === tab)?.unread ?? 0)
			: (state.places[tab]?.unread ?? 0);
		return unreadIn(state) - here;
	});
	const name = usePlaceName(tab);
	return (
		<header className="chat-head">
			<Button
				className="tool chat-back"
				aria-label={elsewhere > 0 ? text.allUnread(elsewhere) : text.all}
				onPress={() => chatActions.view("list")}
			>
				<Icon name="back" size={18} />
				{elsewhere > 0 && <span className="chat-count">{text.unread(elsewhere)}</span>}
			</Button>
			<PlaceSign place={tab} name={name} size={34} />
			<div className="chat-title">
				<h2>
					<bdi>{name}</bdi>
				</h2>
				{topic && (
					<p className="note" title={topic}>
						{topic}
					</p>
				)}
			</div>
			<Button className="tool" aria-label={text.search} onPress={() => chatActions.view("search")}>
				<Icon name="search" size={18} />
			</Button>
			<Button className="tool" aria-label={text.close} onPress={spaceActions.closePanel}>
				<Icon name="close" size={18} />
			</Button>
		</header>
	);
}

/** Hears of new messages, whether the panel is open or not. */
function News() {
	const { text: words, count } = useChat((state) => state.news);
	return (
		<div className="sr-only" role="status">
			{/* The same words twice are two pieces of news. */}
			{words !== "" && <p key={count}>{words}</p>}
		</div>
	);
}
