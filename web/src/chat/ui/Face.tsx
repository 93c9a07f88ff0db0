// Somebody's picture: their avatar where it is known, else their letters.

import { memo } from "react";
import type { Look } from "../../avatar/look";
import { useSpace } from "../../state/space";
import { Portrait } from "../../ui/Portrait";
import { initials } from "../grouping";
import { useChat } from "../store";

export const Face = memo(function Face({ userId, name, size }: { userId: string; name: string; size: number }) {
	const here = useSpace((state) => {
		for (const person of state.people.values()) if (person.userId === userId) return person.look;
		return null;
	});
	const known: Look | null = useChat((state) => state.directs.find(({ peerId }) => peerId === userId)?.look ?? null);
	const look = here ?? known;
	if (look) return <Portrait look={look} size={size} />;
	return (
		<span className="portrait chat-initials" style={{ width: size, height: size }} aria-hidden="true">
			{initials(name)}
		</span>
	);
});
