// Asks before a message is deleted; and shows what one said before. What is done to people is asked for elsewhere (state/deeds.ts).

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { messageOf } from "../../api/http";
import { Dialog } from "../../ui/Dialog";
import * as api from "../api";
import type { Message } from "../place";
import { chatActions, type Deed as DeedType, useChat } from "../store";
import { chatText } from "../text";
import { Marked } from "./Marked";
import { quoteOf } from "./Quoted";

const text = chatText.deed;
const close = () => chatActions.deed(null);
/** What was done a moment ago is looked for again for some seconds. */
const TRACE_TRIES = 6;
const TRACE_AGAIN_MS = 1_200;

export default function Deed({ deed: { kind, message } }: { deed: DeedType }) {
	switch (kind) {
		case "delete":
			return <Delete message={message} />;
		case "trace":
			return <Trace message={message} />;
	}
}

/** Does it once; closes when it is done, and says why where it is not. */
function useDoing(act: () => Promise<void>) {
	const [state, setState] = useState<{ busy: boolean; error: string | null }>({ busy: false, error: null });
	const begin = () => {
		setState({ busy: true, error: null });
		act().then(close, (error: unknown) => setState({ busy: false, error: messageOf(error) }));
	};
	return { ...state, begin };
}

function Buttons(props: { busy: boolean; error: string | null; words: string; onDo: () => void }) {
	return (
		<>
			{props.error && (
				<p className="error" role="alert">
					{props.error}
				</p>
			)}
			<div className="row chat-deed-row">
				{/* The harmless one has the focus: a key pressed too often does no harm. */}
				<Button className="btn" autoFocus onPress={close}>
					{text.keep}
				</Button>
				<Button className="btn btn-danger" isDisabled={props.busy} onPress={props.onDo}>
					{props.words}
				</Button>
			</div>
		</>
	);
}

const Quote = ({ message }: { message: Message }) => (
	<blockquote className="chat-deed-quote">
		<bdi className="chat-name">{message.authorName}</bdi>
		<p>{quoteOf(message)}</p>
	</blockquote>
);

function Delete({ message }: { message: Message }) {
	const { busy, error, begin } = useDoing(async () => useChat.getState().door?.remove(message));
	return (
		<Dialog title={text.delete} close={text.close} onClose={close}>
			<div className="dialog-body">
				<Quote message={message} />
				<p className="note">{text.deleteHelp}</p>
				<Buttons busy={busy} error={error} words={text.deleteDo} onDo={begin} />
			</div>
		</Dialog>
	);
}

function Trace({ message }: { message: Message }) {
	const [entries, setEntries] = useState<api.Trace[] | null>(null);
	const [error, setError] = useState<string | null>(null);
	useEffect(() => {
		let timer = 0;
		let left = TRACE_TRIES;
		const ask = () =>
			api.traceOf(useChat.getState().space, message).then(
				(found) => {
					// The record follows the space by a moment.
					if (found.length > 0 || --left === 0) setEntries(found);
					else timer = window.setTimeout(ask, TRACE_AGAIN_MS);
				},
				(problem: unknown) => setError(messageOf(problem)),
			);
		void ask();
		return () => window.clearTimeout(timer);
	}, [message]);
	return (
		<Dialog title={text.trace} close={text.close} onClose={close}>
			<div className="dialog-body chat-trace">
				{error && (
					<p className="error" role="alert">
						{error}
					</p>
				)}
				{entries?.length === 0 && <p className="note">{text.traceEmpty}</p>}
				{entries && (
					<ol>
						{entries.map((entry) => (
							<li key={`${entry.at} ${entry.action}`}>
								<p className="note">
									{text.traceEntry(entry.action, entry.actor_name ?? chatText.someone)} · {chatText.moment(entry.at)}
								</p>
								<Marked text={entry.text_before} />
							</li>
						))}
					</ol>
				)}
				{!entries && !error && <span className="pulse" aria-hidden="true" />}
			</div>
		</Dialog>
	);
}
