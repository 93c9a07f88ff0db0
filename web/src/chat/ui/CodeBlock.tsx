// Lines of code, and a button that copies them.

import { useState } from "react";
import { Button } from "react-aria-components";
import { Icon } from "../../ui/Icon";
import { chatText as text } from "../text";
import { Glyph } from "./Glyph";

const COPIED_MS = 1_600;

export function CodeBlock({ code }: { code: string }) {
	const [copied, setCopied] = useState(false);
	const copy = () =>
		void navigator.clipboard?.writeText(code).then(
			() => {
				setCopied(true);
				window.setTimeout(() => setCopied(false), COPIED_MS);
			},
			() => {},
		);
	return (
		<div className="chat-pre">
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keyboard. */}
			<pre tabIndex={0} dir="ltr">
				<code>{code}</code>
			</pre>
			<Button className="chat-copy" aria-label={copied ? text.copied : text.copyCode} onPress={copy}>
				{copied ? <Icon name="check" size={16} /> : <Glyph name="copy" size={16} />}
			</Button>
		</div>
	);
}
