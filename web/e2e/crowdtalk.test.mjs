// Eight people in one conversation, and two more.

import assert from "node:assert/strict";
import { CHECKED, meadow, stories, TILE, until } from "./harness.mjs";

const EIGHT = ["Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana"];
const MORE = ["Ivo", "Judy"];
/** How many one browser is connected to at the most. */
const PEERS_MAX = 8;
/**
 * As people do, they do not all talk at once: of 72 voices in ten pages each costs some 4 % of a core, made and heard, and no page
 * of those that meet here has a machine of its own.
 */
const AT_ONCE = 2;
/** Without a graphics card every pixel is the processor's. */
const SMALL = { viewport: { width: 480, height: 360 }, reducedMotion: "reduce", preferences: CHECKED };

stories(
	"a crowd",
	(story) => {
		story("of eight hears itself, all of all; who comes then hears the nearest", async (world, test) => {
			await world.newPlace("social-space");
			// One after another, so that a small machine does one thing at a time; nobody talks before all sit.
			const everybody = [];
			for (const name of [...EIGHT, ...MORE]) everybody.push(await inTheBackground(world, name));
			const spot = await meadow(everybody[0], 4 * TILE);
			for (const [n, person] of everybody.entries()) await person.goes(seat(spot, n));
			const people = everybody.slice(0, EIGHT.length);
			for (const person of people) await person.client((c) => c.setStatus("available"));
			const heardFirst = await talkInTurns(people, (one) => others(people, one));
			test.diagnostic(`the first voices are heard within ${heardFirst} ms, and all 56 in their turns`);
			for (const one of people) assert.equal((await one.peers()).size, EIGHT.length - 1);

			for (const newcomer of everybody.slice(EIGHT.length)) {
				people.push(newcomer);
				await newcomer.client((c) => c.setStatus("available"));
			}
			const all = people.length;
			let known = [];
			await until(
				"everybody is connected to as many as can be, and told of the others",
				async () => {
					known = await Promise.all(people.map((one) => one.company()));
					const settled = known.every(
						({ peers, beyond }) => peers.length <= PEERS_MAX && peers.length + beyond === all - 1,
					);
					const both = known.every(({ peers }, i) =>
						peers.every((id) => known.find((other) => other.self === id)?.peers.includes(known[i].self)),
					);
					// Nobody is left over: two who are not connected are not both with room for another.
					const roomy = known.filter(({ peers }) => peers.length < PEERS_MAX);
					const pairs = roomy.flatMap((one) =>
						roomy.filter((other) => other !== one && !one.peers.includes(other.self)),
					);
					return settled && both && pairs.length === 0;
				},
				{ ms: 20_000, why: () => JSON.stringify(known) },
			);
			const connected = (one) => {
				const { peers } = known[people.indexOf(one)];
				return people.filter((_, j) => peers.includes(known[j].self));
			};
			await talkInTurns(people, connected);
			for (const [i, one] of people.entries()) {
				for (const other of others(people, one).filter((each) => !connected(one).includes(each)))
					assert.equal(await one.traffic(other), null, `${one.name} and ${other.name} are not connected`);
				if (known[i].beyond > 0) await one.reads("you hear the nearest");
			}
			test.diagnostic(`connected to, of ${all}: ${known.map(({ peers }) => peers.length)}`);
			await nearestFirst(people, known);
		});
	},
	{ timeout: 240_000 },
);

/** Everybody says something, and is heard by those they are connected to; answers how long the first of them took. */
async function talkInTurns(people, connected) {
	let first = null;
	for (let n = 0; n < people.length; n += AT_ONCE) {
		const talking = people.slice(n, n + AT_ONCE);
		const started = performance.now();
		for (const one of talking) await one.press("v");
		await Promise.all(people.map((one) => one.hearsAll(connected(one).filter((other) => talking.includes(other)))));
		first ??= Math.round(performance.now() - started);
		for (const one of talking) await one.press("v");
	}
	return first;
}

/** Nobody looks at all of these pages: as with tabs behind others, nothing is drawn, and voices go on. */
async function inTheBackground(world, name) {
	const person = await world.guest(name, SMALL);
	await person.client((c) => c.setStatus("dnd"));
	await person.hides();
	return person;
}

/** Five by two, a tile apart. */
const seat = (spot, n) => ({ x: spot.x + (n % 5) * TILE, y: spot.y + Math.floor(n / 5) * TILE });
const others = (people, one) => people.filter((other) => other !== one);

/** Whom somebody is not connected to is about as far as whom they are: a tile or two decide nothing. */
async function nearestFirst(people, known) {
	const places = await Promise.all(people.map((one) => one.position()));
	for (const [i, { peers }] of known.entries()) {
		const apart = (j) => Math.hypot(places[i].x - places[j].x, places[i].y - places[j].y);
		const rest = people.map((_, j) => j).filter((j) => j !== i && !peers.includes(known[j].self));
		const connected = people.map((_, j) => j).filter((j) => peers.includes(known[j].self));
		for (const left of rest)
			assert.ok(apart(left) >= Math.min(...connected.map(apart)), "the very nearest is never left out");
	}
}
