// A text with its markup, from the core's tree. React escapes all of it; nothing is ever set as HTML.

import { Fragment, memo, type ReactNode } from "react";
import { useSpace } from "../../state/space";
import { isJumbo, isSafe, type Markup, useTree } from "../markup";
import { useChat } from "../store";
import { chatText } from "../text";
import { CodeBlock } from "./CodeBlock";

export const Marked = memo(function Marked({ text, children }: { text: string; children?: ReactNode }) {
	const tree = useTree(text);
	const last = tree.at(-1);
	// What follows the words (an "edited") stands in their last line, where that is a line.
	const inLine = last?.t === "p";
	return (
		<div className={isJumbo(text) ? "chat-text chat-jumbo" : "chat-text"} dir="auto">
			{tree.map((node, i) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a text's parts never change places.
				<Fragment key={i}>{draw(node, inLine && node === last ? children : undefined)}</Fragment>
			))}
			{!inLine && children}
		</div>
	);
});

const all = (nodes: readonly Markup[]): ReactNode =>
	nodes.map((node, i) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: a text's parts never change places.
		<Fragment key={i}>{draw(node)}</Fragment>
	));

function draw(node: Markup, after?: ReactNode): ReactNode {
	switch (node.t) {
		case "text":
			return node.v;
		case "br":
			return <br />;
		case "code":
			return <code className="chat-code">{node.v}</code>;
		case "pre":
			return <CodeBlock code={node.v} />;
		case "mention":
			return <Mention id={node.id} />;
		case "link":
			return <Link href={node.href} host={node.host ?? null} words={node.c} />;
		case "p":
			return (
				<p>
					{all(node.c)}
					{after}
				</p>
			);
		case "strong":
			return <strong>{all(node.c)}</strong>;
		case "em":
			return <em>{all(node.c)}</em>;
		case "del":
			return <del>{all(node.c)}</del>;
		case "quote":
			return <blockquote>{all(node.c)}</blockquote>;
		case "ul":
			return <ul>{all(node.c)}</ul>;
		case "ol":
			return <ol start={node.start}>{all(node.c)}</ol>;
		case "li":
			return <li>{all(node.c)}</li>;
	}
}

/** Beside a link that reads otherwise stands where it leads: on a phone nothing hovers. */
function Link({ href, host, words }: { href: string; host: string | null; words: readonly Markup[] }) {
	if (!isSafe(href)) return all(words);
	return (
		<>
			<a href={href} target="_blank" rel="noopener noreferrer" title={host ? chatText.leadsTo(host) : undefined}>
				{all(words)}
			</a>
			{host && <span className="chat-host"> ({host})</span>}
		</>
	);
}

function Mention({ id }: { id: string }) {
	const self = useSpace(({ people, self }) => self !== null && people.get(self)?.userId === id);
	const here = useSpace(({ people }) => {
		for (const person of people.values()) if (person.userId === id) return person.name;
		return null;
	});
	const known = useChat(({ names }) => names.get(id));
	return (
		<span className={self ? "chat-mention chat-mention-self" : "chat-mention"}>
			@<bdi>{here ?? known ?? chatText.someone}</bdi>
		</span>
	);
}
