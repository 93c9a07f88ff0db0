// Browsers among so many native people that they are a crowd, and what they see of each other's cameras through a media room.

import { startCast } from "./cast.mjs";
import { meadow, TILE, until } from "./harness.mjs";

/** With them, two are more than a mesh takes. */
const NATIVES = 10;

/** Two side by side in the open, where a crowd comes; both are in its room then. */
export async function meetInACrowd(world, test, [one, other]) {
	const spot = await meadow(one, 5 * TILE);
	await one.goes(spot);
	await other.goes({ x: spot.x + TILE, y: spot.y });
	const at = { x: Math.floor(spot.x / TILE) + 1, y: Math.floor(spot.y / TILE) + 1 };
	const cast = await startCast(world.runtime, { space: world.space, count: NATIVES, at, speakers: 1 });
	test.after(() => cast.stop());
	for (const person of [one, other]) {
		let ways = null;
		const isInRoom = async () => {
			ways = await waysOf(person);
			const { direct, rooms } = ways;
			return direct.length === 0 && rooms.length > 0 && rooms.every(({ joined, leaving }) => joined && !leaving);
		};
		await until(`${person.name} is in a room`, isInRoom, { ms: 60_000, why: () => JSON.stringify(ways) });
	}
}

/** How somebody is connected: to whom directly, and to which rooms. */
const waysOf = ({ page }) =>
	page.evaluate(() => {
		const { media } = window.earshot;
		const direct = [...media.connections()].map(([id, pc]) => [id, pc?.connectionState]);
		return { direct, rooms: media.rooms() };
	});

/** Frames that came through a room so far; 0 while the tile shows none of it. Firefox does not count those drawn. */
export const framesThroughRoom = async (person, other) =>
	person.page.evaluate(
		async (id) => {
			const video = document.querySelector(`.tile[data-peer="${id}"] video`);
			if (!(video?.videoWidth > 0) || video.paused) return 0;
			const receivers = window.earshot.media.roomReceivers(id, "camera");
			const stats = await Promise.all(receivers.map((receiver) => receiver.getStats()));
			const all = stats.flatMap((each) => [...each.values()]).filter(({ type }) => type === "inbound-rtp");
			return all.reduce((n, { framesDecoded = 0 }) => n + framesDecoded, 0);
		},
		await other.id(),
	);

/** Waits until some of it have come one after another. */
export async function seesThroughRoom(person, other) {
	let first = 0;
	await until(`${person.name} sees ${other.name}`, async () => {
		const frames = await framesThroughRoom(person, other);
		first ||= frames;
		return first > 0 && frames >= first + 5;
	});
}
