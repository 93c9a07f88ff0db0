// The chat: a panel at the side, a sheet on a phone. One tab for each circle of readers.

import { type KeyboardEvent, useEffect } from "react";
import { Button } from "react-aria-components";
import type { Channel } from "../../space/client";
import { spaceActions, useSpace } from "../../state/space";
import "../../styles/chat.css";
import { Icon } from "../../ui/Icon";
import { CHANNELS } from "../messages";
import { chatActions, useChat } from "../store";
import { chatText as text } from "../text";
import { Compose } from "./Compose";
import { Messages } from "./Messages";

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
	const tab = useChat((state) => state.tab);
	const edits = useChat((state) => state.edits);
	// Where the focus was goes away with the panel; the place takes it, and one walks on.
	useEffect(() => () => document.querySelector<HTMLElement>("canvas.place")?.focus({ preventScroll: true }), []);
	return (
		<aside className="side-panel chat-panel" aria-label={text.title}>
			<header className="panel-head">
				<h2>{text.title}</h2>
				<Button className="tool" aria-label={text.close} onPress={spaceActions.closePanel}>
					<Icon name="close" />
				</Button>
			</header>
			<Tabs tab={tab} />
			<div key={tab} id="chat-channel" className="chat-channel" role="tabpanel" aria-labelledby={`chat-tab-${tab}`}>
				<Messages channel={tab} />
				<Compose key={edits} channel={tab} />
			</div>
		</aside>
	);
}

function Tabs({ tab }: { tab: Channel }) {
	const key = (event: KeyboardEvent) => {
		const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
		const next = CHANNELS[(CHANNELS.indexOf(tab) + step + CHANNELS.length) % CHANNELS.length];
		if (step === 0 || !next) return;
		event.preventDefault();
		chatActions.show(next);
		document.getElementById(`chat-tab-${next}`)?.focus();
	};
	return (
		<div className="chat-tabs" role="tablist" aria-label={text.channelsLabel} onKeyDown={key}>
			{CHANNELS.map((channel) => (
				<Tab key={channel} channel={channel} selected={channel === tab} />
			))}
		</div>
	);
}

function Tab({ channel, selected }: { channel: Channel; selected: boolean }) {
	const unread = useChat((state) => state[channel].unread);
	return (
		<button
			id={`chat-tab-${channel}`}
			type="button"
			role="tab"
			className="chat-tab"
			aria-selected={selected}
			aria-controls="chat-channel"
			tabIndex={selected ? 0 : -1}
			onClick={() => chatActions.show(channel)}
		>
			{text.channels[channel]}
			{unread > 0 && (
				<span className="chat-count">
					{text.unread(unread)}
					<span className="sr-only"> {text.unreadSpoken(unread)}</span>
				</span>
			)}
		</button>
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
