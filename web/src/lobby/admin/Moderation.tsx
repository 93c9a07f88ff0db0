// Keeping the peace: what was reported and what to do about it, and who is banned.

import { useCallback, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { messageOf } from "../../api/http";
import { ban, closeReport, deleteMessage, liftBan, listBans, listReports } from "../../api/people";
import type { Ban, Report } from "../../api/types";
import { plainText } from "../../render/plain";
import "../../styles/settings.css";
import { Dialog } from "../../ui/Dialog";
import { adminText as text } from "./text";

export default function Moderation({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
	const [reports, setReports] = useState<readonly Report[] | null>(null);
	const [bans, setBans] = useState<readonly Ban[] | null>(null);
	const [error, setError] = useState("");
	const [said, setSaid] = useState("");
	const load = useCallback(() => {
		Promise.all([listReports(id), listBans(id)]).then(
			([open, banned]) => {
				setReports(open);
				setBans(banned);
			},
			(reason: unknown) => setError(messageOf(reason)),
		);
	}, [id]);
	useEffect(load, [load]);

	const perform = (deed: Promise<unknown>, words: string) => {
		setError("");
		deed.then(
			() => {
				setSaid(words);
				load();
			},
			(reason: unknown) => setError(messageOf(reason)),
		);
	};
	return (
		<Dialog title={text.moderationTitle(name)} close={text.close} onClose={onClose}>
			<div className="dialog-body settings-body">
				<p className="error" role="alert">
					{error}
				</p>
				<p className="good" role="status">
					{said}
				</p>
				<h3 className="settings-head settings-first">{text.reports}</h3>
				{reports === null && error === "" && <p className="note">{text.loading}</p>}
				{reports?.length === 0 && <p className="note">{text.noReports}</p>}
				<ul className="list">
					{reports?.map((report) => (
						<li key={report.id}>
							<OneReport
								report={report}
								space={id}
								banned={bans?.some((each) => each.user_id === report.user_id) ?? false}
								perform={perform}
							/>
						</li>
					))}
				</ul>
				<h3 className="settings-head">{text.bans}</h3>
				{bans?.length === 0 && <p className="note">{text.noBans}</p>}
				<ul className="list">
					{bans?.map((each) => (
						<li key={each.user_id} className="list-row">
							<span className="list-words">
								{each.name}
								<span className="note">{text.bannedBy(each.by_name, text.day(each.banned_at))}</span>
							</span>
							<Button
								className="btn btn-small"
								aria-label={text.liftName(each.name)}
								onPress={() => perform(liftBan(id, each.user_id), text.lifted(each.name))}
							>
								{text.lift}
							</Button>
						</li>
					))}
				</ul>
			</div>
		</Dialog>
	);
}

function OneReport(props: {
	report: Report;
	space: string;
	banned: boolean;
	perform: (deed: Promise<unknown>, words: string) => void;
}) {
	const { report, space, banned, perform } = props;
	const { message, user_id, user_name } = report;
	const [sure, setSure] = useState(false);
	return (
		<article className="list-card" aria-label={text.reportOf(report.reporter_name, user_name)}>
			<p>
				<strong>{text.reportOf(report.reporter_name, user_name)}</strong>{" "}
				<span className="badge">{text.reasons[report.reason]}</span>{" "}
				<span className="note">{text.time(report.at)}</span>
			</p>
			{report.text && <p>{report.text}</p>}
			{message && <p className="quoted">{message.deleted ? <em>{text.gone}</em> : plainText(message.text)}</p>}
			{sure ? (
				<div role="alertdialog" aria-label={text.banName(user_name)} className="settings-group">
					<p>{text.banSure(user_name)}</p>
					<div className="row row-end">
						<Button className="btn btn-small" autoFocus onPress={() => setSure(false)}>
							{text.cancel}
						</Button>
						<Button
							className="btn btn-small btn-danger"
							onPress={() => {
								setSure(false);
								perform(ban(space, user_id), text.banned(user_name));
							}}
						>
							{text.banDo}
						</Button>
					</div>
				</div>
			) : (
				<div className="row row-end">
					{message && !message.deleted && (
						<Button
							className="btn btn-small"
							onPress={() => perform(deleteMessage(space, message.id), text.messageDeleted)}
						>
							{text.deleteMessage}
						</Button>
					)}
					{!banned && (
						<Button className="btn btn-small" aria-label={text.banName(user_name)} onPress={() => setSure(true)}>
							{text.ban}
						</Button>
					)}
					<Button className="btn btn-small" onPress={() => perform(closeReport(space, report.id), text.dismissed)}>
						{text.dismiss}
					</Button>
				</div>
			)}
		</article>
	);
}
