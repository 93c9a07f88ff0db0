// A space with people in it, and what tests of several files ask of its record.
import assert from 'node:assert/strict';
import { Program } from './program.mjs';

const RECORDED_MS_MAX = 10_000;

/** A place with an owner who is elsewhere, and guests who are in it. */
export async function place(edge, ...names) {
  const owner = await edge.member('Owner');
  const { id: space } = await owner.space();
  const people = [];
  for (const name of names) people.push(await arrives(edge, space, name));
  return { owner, space, people, path: `/api/spaces/${space}` };
}

/** Somebody new comes in. */
export async function arrives(edge, space, name) {
  const browser = await edge.guest(name);
  return Object.assign(await Program.enter(browser, space), { browser, user: browser.user.id });
}

/** Waits until something is so, and gives it. */
export async function until(ask, what, ms_max = RECORDED_MS_MAX) {
  for (const end = Date.now() + ms_max; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const answer = await ask();
    if (answer) return answer;
    assert.ok(Date.now() < end, what);
  }
}

/** Waits until the newest messages of a channel satisfy. */
export const recorded = (browser, path, fits, query = '') =>
  until(async () => {
    const { status, body } = await browser.get(`${path}/messages?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return fits(body.messages) && body.messages;
  }, 'the record never had it');

/** Says something, and gives it as it was acknowledged and recorded. */
export async function said(person, path, text, channel = 'everyone') {
  person.says(text, { channel });
  const message = await person.reads(text);
  await recorded(person.browser, path, (messages) => messages.some(({ id }) => id === message.id), `channel=${encodeURIComponent(channel)}`);
  return message;
}

export const leave = (...people) => people.forEach(({ socket }) => socket.terminate());

export const THUMB = encodeURIComponent('👍');
/** The private room of the office, and a spot in it. */
export const ROOM = { number: 512, channel: 'area/512', spot: { x: 1232, y: 900 } };

/** Walks into the private room. */
export async function goes_inside(person) {
  person.walks(ROOM.spot);
  await until(() => person.heard.some(({ kind, area }) => kind === 'hearing' && area === ROOM.number), 'the room is not reached');
}
