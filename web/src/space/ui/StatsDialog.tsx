// How the connection to each person is: measured anew each second, and only while somebody looks.

import { useEffect, useState } from "react";
import { mediaActions, type PeerStats, type VideoSize } from "../../state/media";
import { useSpace } from "../../state/space";
import { Dialog } from "../../ui/Dialog";
import { Portrait } from "../../ui/Portrait";
import { openTalk, useTalk } from "./talk/panels";
import { talkText } from "./talk/text";

const text = talkText.stats;
const EVERY_MS = 1_000;

export default function StatsDialog() {
	const whom = useTalk((state) => state.stats);
	const stats = useStats();
	const shown = stats?.filter((each) => whom === "all" || each.id === whom);
	return (
		<Dialog
			title={text.title}
			close={text.close}
			onClose={() => openTalk({ stats: null })}
			wide={(shown?.length ?? 0) > 1}
		>
			<div className="dialog-body">
				<p className="note">{shown?.length === 0 ? text.empty : text.lead}</p>
				<div className="stats">
					{shown?.map((each) => (
						<Peer key={each.id} stats={each} />
					))}
				</div>
			</div>
		</Dialog>
	);
}

function useStats(): PeerStats[] | null {
	const [stats, setStats] = useState<PeerStats[] | null>(null);
	useEffect(() => {
		let here = true;
		const ask = () => {
			if (document.hidden) return;
			mediaActions.stats().then(
				(now) => here && setStats(now),
				// Shown again with the next second.
				() => {},
			);
		};
		ask();
		const timer = window.setInterval(ask, EVERY_MS);
		return () => {
			here = false;
			window.clearInterval(timer);
		};
	}, []);
	return stats;
}

function Peer({ stats }: { stats: PeerStats }) {
	const person = useSpace((state) => state.people.get(stats.id));
	const { none } = text;
	const share = (value: number | null) => (value === null ? none : text.percent(value));
	const time = (value: number | null) => (value === null ? none : text.ms(value));
	const size = (value: VideoSize | null) => (value === null ? none : text.size(value.width, value.height, value.fps));
	const via = text.via[stats.via as keyof typeof text.via] ?? stats.via;
	const rows = [
		[text.state, text.states[stats.state] ?? stats.state],
		[text.way, stats.protocol ? `${via}, ${stats.protocol.toUpperCase()}` : via],
		[text.roundTrip, time(stats.roundTripMs)],
		[text.jitter, time(stats.jitterMs)],
		[
			text.loss,
			stats.lossIn === null && stats.lossOut === null ? none : text.both(share(stats.lossIn), share(stats.lossOut)),
		],
		[text.rate, text.both(text.kbps(stats.kbpsIn), text.kbps(stats.kbpsOut))],
		[text.received, size(stats.video)],
		[text.sent, size(stats.sent)],
	] as const;
	return (
		<section className="stats-peer">
			<h3>
				{person && <Portrait look={person.look} size={28} />}
				{person?.name ?? none}
			</h3>
			<dl>
				{rows.map(([what, value]) => (
					<div key={what}>
						<dt>{what}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}
