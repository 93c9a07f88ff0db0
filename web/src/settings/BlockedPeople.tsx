// Whom one has blocked, and taking it back.

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { messageOf } from "../api/http";
import { loadBlocked, unblockPerson, useBlocks } from "../state/blocks";
import { settingsText } from "./text";

const text = settingsText.blocked;

export function BlockedPeople() {
	const blocked = useBlocks((state) => state.blocked);
	const [error, setError] = useState("");
	const [said, setSaid] = useState("");
	useEffect(() => {
		loadBlocked().catch((reason: unknown) => setError(messageOf(reason)));
	}, []);
	const unblock = (id: string, name: string) => {
		setError("");
		unblockPerson(id).then(
			() => setSaid(text.unblocked(name)),
			(reason: unknown) => setError(messageOf(reason)),
		);
	};
	return (
		<>
			<h3 className="settings-head">{text.title}</h3>
			<p className="note">{text.help}</p>
			{blocked?.length === 0 && <p>{text.none}</p>}
			<ul className="list">
				{blocked?.map(({ user_id, name }) => (
					<li key={user_id} className="list-row">
						<span className="list-words">{name}</span>
						<Button
							className="btn btn-small"
							aria-label={text.unblockName(name)}
							onPress={() => unblock(user_id, name)}
						>
							{text.unblock}
						</Button>
					</li>
				))}
			</ul>
			<p className="error" role="alert">
				{error}
			</p>
			<p className="sr-only" role="status">
				{said}
			</p>
		</>
	);
}
