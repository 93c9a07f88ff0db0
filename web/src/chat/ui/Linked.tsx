// A text as it was written, with its web addresses as links. React escapes it; nothing is ever set as HTML.

import { memo } from "react";
import { pieces, realHost } from "../links";
import { chatText } from "../text";

export const Linked = memo(function Linked({ text }: { text: string }) {
	let at = 0;
	return pieces(text).map((piece) => {
		const key = at;
		at += piece.text.length;
		if (piece.href === null) return piece.text;
		const host = realHost(piece);
		return (
			<a
				key={key}
				href={piece.href}
				target="_blank"
				rel="noopener noreferrer"
				{...(host !== null && { title: chatText.leadsTo(host) })}
			>
				{piece.text}
			</a>
		);
	});
});
