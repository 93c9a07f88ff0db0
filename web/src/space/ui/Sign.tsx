// The sign at the top left: which space this is, and which part of it one stands in.

import { useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { follow } from "../../ui/router";
import { spaceText as text } from "../text";
import { RoomNotes } from "./talk/RoomNotes";

export function Sign() {
	const name = useSpace((state) => state.space?.name ?? "");
	const area = useSpace((state) => state.area);
	return (
		<div className="sign glass">
			<a className="tool" href="/spaces" onClick={follow} aria-label={text.back} title={text.back}>
				<Icon name="back" />
			</a>
			<div className="sign-words">
				<span className="sign-name">{name}</span>
				{area && (
					<span key={area} className="sign-area">
						{area}
					</span>
				)}
				<RoomNotes />
			</div>
		</div>
	);
}
