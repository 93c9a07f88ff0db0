// Members who are not here: one may ring for them, or write.

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ApiError, messageOf } from "../../../api/http";
import { ring } from "../../../api/people";
import { listMembers } from "../../../api/spaces";
import type { User } from "../../../api/types";
import { chatActions } from "../../../chat/store";
import { listPeople } from "../../../people/search";
import { spaceActions, useSpace } from "../../../state/space";
import { Icon } from "../../../ui/Icon";
import { Portrait } from "../../../ui/Portrait";
import { nudgeText as text } from "../../nudgeText";
import { socialText } from "../../socialText";

/** Enough to find somebody by typing a few letters. */
const SHOWN_MAX = 40;

export function Absent({ query }: { query: string }) {
	const space = useSpace((state) => state.space);
	const people = useSpace((state) => state.people);
	const [members, setMembers] = useState<readonly User[]>([]);
	const id = space?.id;
	const asks = space?.may.includes("list_members") ?? false;
	useEffect(() => {
		if (!id || !asks) return;
		let gone = false;
		listMembers(id).then(
			(all) => !gone && setMembers(all),
			// The people who are here are what the panel is for.
			() => {},
		);
		return () => {
			gone = true;
		};
	}, [id, asks]);
	const here = new Set([...people.values()].map((person) => person.userId));
	const absent = members.filter((user) => !here.has(user.id)).map((user) => ({ ...user, self: false }));
	const shown = listPeople(absent, query).slice(0, SHOWN_MAX);
	if (!space || shown.length === 0) return null;
	return (
		<section className="absent" aria-labelledby="absent">
			<h3 id="absent">{text.away}</h3>
			<ul>
				{shown.map((user) => (
					<li key={user.id} className="absent-row">
						{user.look ? (
							<Portrait look={user.look} size={32} />
						) : (
							<span className="portrait portrait-none">{[...user.name][0]}</span>
						)}
						<span className="absent-name">{user.name}</span>
						<Button
							className="tool tool-small"
							aria-label={socialText.messageTo(user.name)}
							onPress={() => chatActions.openDirect(user.id)}
						>
							<Icon name="chat" size={18} />
						</Button>
						<Button
							className="btn btn-small"
							aria-label={text.ringFor(user.name)}
							onPress={() => void ringFor(space.id, user)}
						>
							<Icon name="bell" size={16} />
							{text.ring}
						</Button>
					</li>
				))}
			</ul>
		</section>
	);
}

async function ringFor(space: string, { id, name }: User): Promise<void> {
	try {
		await ring(space, id);
		spaceActions.toast(text.rang(name));
	} catch (error) {
		const status = error instanceof ApiError ? error.status : 0;
		if (status === 403) spaceActions.toast(text.ringBlocked(name));
		else if (status === 429) spaceActions.toast(text.ringTooFast(name, (error as ApiError).retryInMs));
		else spaceActions.toast(messageOf(error));
	}
}
