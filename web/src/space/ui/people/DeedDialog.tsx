// Asks before somebody is blocked, reported, sent out or banned, and does it.

import { useState } from "react";
import { Button, Label, Radio, RadioGroup } from "react-aria-components";
import { messageOf } from "../../../api/http";
import { ban, liftBan, report } from "../../../api/people";
import type { ReportReason } from "../../../api/types";
import { blockPerson, unblockPerson } from "../../../state/blocks";
import { closeDeed, type DeedKind, type Target, useDeeds } from "../../../state/deeds";
import { spaceActions, useSpace } from "../../../state/space";
import { Dialog } from "../../../ui/Dialog";
import { socialText as text } from "../../socialText";

const REASONS: readonly ReportReason[] = ["harassment", "spam", "other"];
/** As the server has it. */
const WORDS_MAX = 1_000;

export default function DeedDialog() {
	const deed = useDeeds((state) => state.deed);
	return deed ? <Ask key={`${deed.kind} ${deed.target.userId}`} {...deed} /> : null;
}

function Ask({ kind, target }: { kind: DeedKind; target: Target }) {
	const space = useSpace((state) => state.space?.id ?? "");
	const [reason, setReason] = useState<ReportReason>("harassment");
	const [words, setWords] = useState("");
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const act = async () => {
		switch (kind) {
			case "block":
				return blockPerson(target.userId, target.name);
			case "unblock":
				return unblockPerson(target.userId);
			case "ban":
				return ban(space, target.userId);
			case "sendOut":
				// There is no other way out of a space than a ban; lifted at once it keeps nobody away.
				await ban(space, target.userId);
				return liftBan(space, target.userId);
			case "report":
				return report(space, {
					user_id: target.userId,
					reason,
					...(target.messageId !== undefined && { message_id: target.messageId }),
					...(words.trim() !== "" && { text: words.trim() }),
				});
		}
	};
	const go = () => {
		setBusy(true);
		setError("");
		act().then(
			() => {
				closeDeed();
				spaceActions.toast(text.done[kind](target.name));
			},
			(thrown: unknown) => {
				setBusy(false);
				setError(messageOf(thrown));
			},
		);
	};
	return (
		<Dialog title={text.titles[kind](target.name)} close={text.close} onClose={closeDeed}>
			<div className="dialog-body">
				<p>{text.helps[kind]}</p>
				{kind === "report" && (
					<>
						<RadioGroup value={reason} onChange={(each) => setReason(each as ReportReason)} className="field">
							<Label className="field-label">{text.reason}</Label>
							<div className="segments">
								{REASONS.map((each) => (
									<Radio key={each} value={each} className="segment">
										{text.reasons[each]}
									</Radio>
								))}
							</div>
						</RadioGroup>
						<div className="field">
							<label htmlFor="report-words">{text.words}</label>
							<textarea
								id="report-words"
								className="input"
								rows={3}
								maxLength={WORDS_MAX}
								value={words}
								onChange={(event) => setWords(event.target.value)}
							/>
						</div>
						{target.messageId !== undefined && <p className="note">{text.about}</p>}
					</>
				)}
				<p className="error" role="alert">
					{error}
				</p>
				<div className="row row-end">
					<Button className="btn" onPress={closeDeed}>
						{text.cancel}
					</Button>
					<Button
						className={kind === "unblock" || kind === "report" ? "btn btn-primary" : "btn btn-danger"}
						isDisabled={busy}
						onPress={go}
					>
						{text.doIt[kind]}
					</Button>
				</div>
			</div>
		</Dialog>
	);
}
