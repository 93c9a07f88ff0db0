// Finds what was said, in all channels or in the one that is open; a result leads to its message.

import { useEffect, useRef, useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";
import type { Channel } from "../../space/words";
import { Icon } from "../../ui/Icon";
import * as api from "../api";
import { excerpt } from "../excerpt";
import { plainOf, useReading } from "../markup";
import { nameOf } from "../names";
import { isDirect, isKept, type Message, type Place } from "../place";
import { chatActions, useChat } from "../store";
import { chatText as text } from "../text";
import { Face } from "./Face";
import { usePlaceName } from "./places";

/** Asked once one pauses. */
const PAUSE_MS = 250;

type Results =
	| { state: "none" }
	| { state: "searching" }
	| { state: "failed" }
	| { state: "found"; messages: readonly Message[]; before: number | null; more: boolean };

export default function Search() {
	const tab = useChat((state) => state.tab);
	const here: Channel | null = isDirect(tab) || !isKept(tab) ? null : tab;
	const [within, setWithin] = useState<Channel | null>(here?.startsWith("area/") ? here : null);
	const [words, setWords] = useState("");
	const { results, more, again } = useResults(words.trim(), within);
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => field.current?.focus(), []);
	const back = () => chatActions.view("thread");
	return (
		<div className="chat-search">
			<header className="chat-head">
				<Button className="tool chat-back" aria-label={text.searchClose} onPress={back}>
					<Icon name="back" size={18} />
				</Button>
				<SearchField
					className="search chat-search-field"
					value={words}
					onChange={setWords}
					onKeyDown={(event) => {
						if (event.key !== "Escape" || words !== "") return;
						event.preventDefault();
						back();
					}}
				>
					<Label className="sr-only">{text.search}</Label>
					<Icon name="search" size={18} />
					<Input ref={field} className="input" placeholder={text.search} maxLength={100} />
					{words !== "" && (
						<Button className="tool" aria-label={text.clear}>
							<Icon name="close" size={16} />
						</Button>
					)}
				</SearchField>
			</header>
			{here && <Within here={here} within={within} onWithin={setWithin} />}
			<Found results={results} words={words.trim()} onMore={more} onAgain={again} />
		</div>
	);
}

function Within(props: { here: Channel; within: Channel | null; onWithin: (next: Channel | null) => void }) {
	const name = usePlaceName(props.here);
	const each = (which: Channel | null, words: string) => (
		<button
			type="button"
			className="chat-pill"
			aria-pressed={props.within === which}
			onClick={() => props.onWithin(which)}
		>
			{words}
		</button>
	);
	return (
		<div className="chat-within">
			{each(null, text.searchIn.all)}
			{each(props.here, text.searchIn.here(name))}
		</div>
	);
}

function Found(props: { results: Results; words: string; onMore: () => void; onAgain: () => void }) {
	const { results, words } = props;
	if (results.state === "none") return <p className="chat-found-none note">{text.searchHint}</p>;
	if (results.state === "searching") {
		return (
			<p className="chat-found-none note" role="status">
				<span className="pulse" aria-hidden="true" /> {text.searching}
			</p>
		);
	}
	if (results.state === "failed") {
		return (
			<div className="chat-found-none">
				<p className="error" role="alert">
					{text.searchFailed}
				</p>
				<Button className="btn btn-small" onPress={props.onAgain}>
					{text.retry}
				</Button>
			</div>
		);
	}
	const { messages, before } = results;
	if (messages.length === 0) {
		return (
			<p className="chat-found-none note" role="status">
				{text.searchNone(words)}
			</p>
		);
	}
	return (
		<div className="chat-results">
			<p className="sr-only" role="status">
				{text.searchFound(messages.length, before !== null)}
			</p>
			<ol>
				{messages.map((message) => (
					<Result key={message.id} message={message} words={words} />
				))}
			</ol>
			{before !== null && (
				<Button className="btn chat-results-more" isDisabled={results.more} onPress={props.onMore}>
					{text.searchMore}
				</Button>
			)}
		</div>
	);
}

function Result({ message, words }: { message: Message; words: string }) {
	const place: Place = message.channel;
	const where = usePlaceName(place);
	useReading();
	const plain = plainOf(message.text, (id) => nameOf(id) ?? text.someone);
	let at = 0;
	return (
		<li>
			<button
				type="button"
				className="chat-result"
				onClick={() => {
					chatActions.show(place);
					useChat.getState().door?.jump(place, message.id);
				}}
			>
				<Face userId={message.authorId} name={message.authorName} size={28} />
				<span className="chat-result-words">
					<span className="chat-result-by">
						<bdi className="chat-name">{message.authorName}</bdi>
						<time>{text.shortly(message.at)}</time>
					</span>
					<span className="chat-result-text" dir="auto">
						{excerpt(plain, words).map((part) => {
							const key = at;
							at += part.text.length;
							return part.hit ? <mark key={key}>{part.text}</mark> : part.text;
						})}
					</span>
					<span className="chat-result-where note">{where}</span>
				</span>
			</button>
		</li>
	);
}

function useResults(words: string, within: Channel | null) {
	const space = useChat((state) => state.space);
	const [results, setResults] = useState<Results>({ state: "none" });
	const [attempt, setAttempt] = useState(0);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another search.
	useEffect(() => {
		if (words === "") {
			setResults({ state: "none" });
			return;
		}
		let late = false;
		const timer = window.setTimeout(() => {
			setResults((now) => (now.state === "found" ? now : { state: "searching" }));
			api.search(space, words, within, null).then(
				({ messages, before }) => !late && setResults({ state: "found", messages, before, more: false }),
				() => !late && setResults({ state: "failed" }),
			);
		}, PAUSE_MS);
		return () => {
			late = true;
			window.clearTimeout(timer);
		};
	}, [space, words, within, attempt]);
	const more = () => {
		if (results.state !== "found" || results.before === null) return;
		const asked: Results = { ...results, more: true };
		// Those of other words may be there when the answer comes: they stay.
		const answered = (next: Results) => setResults((now) => (now === asked ? next : now));
		setResults(asked);
		api.search(space, words, within, results.before).then(
			({ messages, before }) =>
				answered({ state: "found", messages: [...results.messages, ...messages], before, more: false }),
			() => answered(results),
		);
	};
	return { results, more, again: () => setAttempt(attempt + 1) };
}
