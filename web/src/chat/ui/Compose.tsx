// Where one writes. It grows with what is typed, up to five lines; what is typed outlives the panel.

import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { messageOf } from "../../api/http";
import { spaceActions } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { type Offer, useOffers } from "../completion";
import { draftOf, keepDraft } from "../drafts";
import { focusField } from "../focus";
import { thoughtIn, toggleMark } from "../format";
import { useReading } from "../markup";
import { decode, encode, type Pick } from "../mentions";
import { lengthOf, TEXT_CHARS_MAX } from "../messages";
import { nameOf } from "../names";
import { isKept, type Message, type Place } from "../place";
import { chatActions, placeIn, useChat } from "../store";
import { chatText as text } from "../text";
import { EmojiButton } from "./EmojiButton";
import { Glyph } from "./Glyph";
import { Help } from "./Help";
import { Offered } from "./Offered";
import { useMay, usePlaceName, useSelfId } from "./places";
import { quoteOf } from "./Quoted";

/** A finger's keyboard has no Shift+Enter: there Enter makes a line, and the button sends. */
const byFinger = window.matchMedia("(hover: none) and (pointer: coarse)");

export function Compose({ place }: { place: Place }) {
	const announcements = useChat(({ channels }) =>
		channels.some((each) => each.channel === place && each.announcements),
	);
	const moderator = useMay("moderate");
	if (announcements && !moderator) return <p className="chat-compose chat-closed note">{text.announcements}</p>;
	return <Field place={place} />;
}

function Field({ place }: { place: Place }) {
	const space = useChat((state) => state.space);
	const alone = useChat((state) => place === "nearby" && state.near === 0);
	const replying = useChat((state) => state.replying[place] ?? null);
	const editing = useChat((state) => (state.editing?.channel === place ? state.editing : null));
	const name = usePlaceName(place);
	const self = useSelfId();
	const [{ text: typed, picks }, setTyped] = useState(() =>
		editing ? decode(editing.text, nameOf) : draftOf(space, place),
	);
	const [caret, setCaret] = useState(0);
	const [thinks, setThinks] = useState(false);
	const [chosen, setChosen] = useState(0);
	const [closed, setClosed] = useState("");
	const field = useRef<HTMLTextAreaElement>(null);
	const id = useId();
	const offers = useOffers(place, typed, caret);
	const offered = closed === typed ? [] : offers.list;
	const at = Math.min(chosen, offered.length - 1);
	const sent = encode(typed.trim(), picks);
	const left = TEXT_CHARS_MAX - lengthOf(sent);
	const ready = !alone && left >= 0 && typed.trim() !== "";

	useEffect(() => {
		if (!useChat.getState().wantsField) return;
		useChat.setState({ wantsField: false });
		const it = field.current;
		// One goes on after what is there already.
		it?.setSelectionRange(it.value.length, it.value.length);
		focusField();
	}, []);

	// biome-ignore lint/correctness/useExhaustiveDependencies: what is typed is what makes it grow.
	useLayoutEffect(() => {
		const it = field.current;
		if (!it) return;
		it.style.height = "auto";
		it.style.height = `${it.scrollHeight + it.offsetHeight - it.clientHeight}px`;
	}, [typed]);

	const change = (next: string, more: readonly Pick[] = picks) => {
		setTyped({ text: next, picks: [...more] });
		setChosen(0);
		if (!editing) keepDraft(space, place, next, more);
	};
	/** As if it was typed, so that it can be undone. */
	const insert = (from: number, to: number, words: string) => {
		const it = field.current;
		if (!it) return;
		it.focus();
		it.setSelectionRange(from, to);
		if (!document.execCommand("insertText", false, words)) it.setRangeText(words, from, to, "end");
		setCaret(it.selectionStart);
	};
	const take = (offer: Offer) => {
		const more = offer.person ? [...picks, { id: offer.person.id, name: offer.person.name }] : picks;
		insert(offers.from, caret, offer.insert);
		change(field.current?.value ?? typed, more);
	};
	const mark = (sign: string) => {
		const it = field.current;
		if (!it) return;
		const { selectionStart, selectionEnd } = it;
		const next = toggleMark({ text: it.value, from: selectionStart, to: selectionEnd }, sign);
		insert(0, it.value.length, next.text);
		change(next.text);
		it.setSelectionRange(next.from, next.to);
	};
	const send = () => {
		if (!ready) return;
		if (editing) {
			saveEdit(editing, sent);
			return;
		}
		const thought = thoughtIn(sent);
		if (thought !== null && place !== "nearby") {
			spaceActions.toast(text.thoughtsNearby);
			return;
		}
		useChat.getState().door?.say(place, thought ?? sent, replying?.id ?? 0, thinks || thought !== null);
		if (replying) chatActions.noReply(place);
		setThinks(false);
		change("", []);
		field.current?.focus();
	};
	const cancel = (): boolean => {
		if (editing) chatActions.edit(null);
		else if (replying) chatActions.noReply(place);
		else return false;
		return true;
	};
	const key = (event: KeyboardEvent) => {
		// While letters are being composed, these keys belong to that. Safari ends a composition before it tells the key that
		// confirmed it; only its old number still says whose it is.
		if (event.nativeEvent.isComposing || event.keyCode === 229) return;
		const offer = offered[at];
		if (offer && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key) && !event.shiftKey) {
			event.preventDefault();
			if (event.key === "Escape") setClosed(typed);
			else if (event.key === "Enter" || event.key === "Tab") take(offer);
			else setChosen((at + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length);
		} else if (event.key === "Enter" && !event.shiftKey && !byFinger.matches) {
			event.preventDefault();
			send();
		} else if (event.key === "ArrowUp" && typed === "" && !editing) {
			const own = lastOwn(place, self);
			if (!own) return;
			event.preventDefault();
			chatActions.edit(own);
		} else if (event.key === "Escape") {
			// Back to walking, with the panel open; the next one closes it.
			event.preventDefault();
			if (!cancel()) document.querySelector<HTMLElement>("canvas.place")?.focus();
		} else if ((event.ctrlKey || event.metaKey) && !event.altKey && ["b", "i"].includes(event.key.toLowerCase())) {
			event.preventDefault();
			mark(event.key.toLowerCase() === "b" ? "**" : "*");
		}
	};
	const placeholder = thinks ? text.fieldThought : text.field(place, name);
	return (
		<form
			className="chat-compose"
			data-editing={editing ? true : undefined}
			onSubmit={(event) => {
				event.preventDefault();
				send();
			}}
		>
			{(editing || replying) && <Banner editing={editing} replying={replying} onCancel={cancel} />}
			{offered.length > 0 && (
				<Offered id={`${id}-offers`} list={offered} chosen={at} onChoose={setChosen} onTake={take} />
			)}
			<div className="chat-row">
				<textarea
					ref={field}
					className="chat-field"
					rows={1}
					dir="auto"
					value={typed}
					aria-label={text.field(place, name)}
					aria-describedby={`${id}-help`}
					aria-invalid={left < 0}
					aria-autocomplete="list"
					{...(offered.length > 0 && {
						"aria-controls": `${id}-offers`,
						"aria-activedescendant": `${id}-offers-${at}`,
					})}
					placeholder={placeholder}
					enterKeyHint={byFinger.matches ? "enter" : "send"}
					onChange={(event) => {
						setCaret(event.target.selectionStart);
						change(event.target.value);
						if (event.target.value !== "") useChat.getState().door?.typing();
					}}
					onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
					onKeyDown={key}
				/>
				{place === "nearby" && !editing && (
					<Button
						className="chat-in chat-think"
						aria-label={text.thought}
						aria-pressed={thinks}
						onPress={() => setThinks(!thinks)}
					>
						<Glyph name="thought" size={20} />
					</Button>
				)}
				<EmojiButton
					label={text.emoji}
					className="chat-in"
					onPick={(emoji) => {
						const it = field.current;
						// The field has it once the picker has let go of the focus.
						window.setTimeout(() => {
							if (!it) return;
							insert(it.selectionStart, it.selectionEnd, emoji);
							change(it.value);
						});
					}}
				>
					<Glyph name="smile" size={20} />
				</EmojiButton>
				<Button
					type="submit"
					className="chat-in chat-send"
					aria-label={editing ? text.save : text.send}
					isDisabled={!ready}
				>
					<Icon name={editing ? "check" : "send"} />
				</Button>
			</div>
			<Help id={`${id}-help`} place={place} left={left} />
			<div className="sr-only" role="status">
				{offered.length > 0 ? text.suggested(offered.length) : ""}
			</div>
		</form>
	);
}

function Banner(props: { editing: Message | null; replying: Message | null; onCancel: () => void }) {
	const { editing, replying } = props;
	useReading();
	return (
		<div className="chat-banner">
			{editing ? <Icon name="pencil" size={16} /> : <Glyph name="reply" size={16} />}
			<p>
				<strong>{editing ? text.editing : replying && text.replyingTo(replying.authorName)}</strong>
				{!editing && replying && <span>{quoteOf(replying)}</span>}
			</p>
			<Button className="chat-in" aria-label={text.cancel} onPress={props.onCancel}>
				<Icon name="close" size={16} />
			</Button>
		</div>
	);
}

function saveEdit(message: Message, words: string): void {
	if (words === message.text) {
		chatActions.edit(null);
		return;
	}
	useChat
		.getState()
		.door?.edit(message, words)
		.then(
			() => chatActions.edit(null),
			(error: unknown) => spaceActions.toast(messageOf(error)),
		);
}

function lastOwn(place: Place, self: string): Message | null {
	if (!isKept(place)) return null;
	const { messages } = placeIn(useChat.getState(), place);
	return messages.findLast(({ authorId, deleted }) => authorId === self && !deleted) ?? null;
}
