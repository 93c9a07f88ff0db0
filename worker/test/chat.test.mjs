// Chat through the real object and the real database: what was acknowledged is there, once, in order, and for nobody else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refused, start } from './harness.mjs';
import { Program } from './program.mjs';
import { SAY_REFUSAL } from './wire.mjs';

const RECORDED_MS_MAX = 10_000;

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

async function place(...names) {
  const owner = await edge.member('Owner');
  const { id: space } = await owner.space();
  const people = [];
  for (const name of names) {
    const browser = await edge.guest(name);
    people.push(Object.assign(await Program.enter(browser, space), { browser }));
  }
  return { owner, space, people };
}

/** Reads all there is, page by page. */
async function history(browser, space, limit = 100) {
  const all = [];
  for (let before = ''; ; before = `&before=${all.at(-1).id}`) {
    const { status, body } = await browser.get(`/api/spaces/${space}/messages?limit=${limit}${before}`);
    assert.equal(status, 200, JSON.stringify(body));
    all.push(...body.messages);
    if (!body.more) return all;
  }
}

async function recorded(browser, space, count) {
  for (const end = Date.now() + RECORDED_MS_MAX; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const messages = await history(browser, space);
    if (messages.length >= count) return messages;
    assert.ok(Date.now() < end, `${messages.length} of ${count} messages were recorded`);
  }
}

const leave = (...programs) => programs.forEach(({ socket }) => socket.terminate());

describe('chat', () => {
  test('reaches everyone, is recorded, and is there for who comes later', async () => {
    const { space, people } = await place('Ada', 'Bob');
    const [ada, bob] = people;
    const reference = ada.says('Grüße 🦊');
    const [mine, his] = [await ada.reads('Grüße 🦊'), await bob.reads('Grüße 🦊')];
    assert.deepEqual(mine, his);
    assert.deepEqual([mine.id, mine.reference, mine.author], [1, reference, ada.browser.user.id]);
    const [message] = await recorded(bob.browser, space, 1);
    assert.equal(message.text, 'Grüße 🦊');
    assert.equal(message.author_name, 'Ada');
    const late = await Program.enter(await edge.guest('Late'), space);
    assert.equal((await late.reads('Grüße 🦊')).id, 1);
    leave(ada, bob, late);
  });

  test('survives a database that refuses, a connection that is lost, and what is said twice', async () => {
    const { space, people } = await place('Ada');
    const [ada] = people;
    await edge.db.prepare('ALTER TABLE messages RENAME TO messages_away').run();
    const said = [];
    for (let n = 1; n <= 5; n += 1) {
      ada.says(`number ${n}`);
      said.push((await ada.reads(`number ${n}`)).text);
    }
    leave(ada);
    const again = await Program.enter(ada.browser, space);
    await again.reads('number 5');
    again.says('number 5', { reference: 5 });
    await again.reads('number 5');
    again.says('number 6', { reference: 6 });
    said.push((await again.reads('number 6')).text);
    await edge.db.prepare('ALTER TABLE messages_away RENAME TO messages').run();
    const messages = await recorded(ada.browser, space, 6);
    assert.deepEqual(messages.map(({ text }) => text).reverse(), said);
    assert.deepEqual(messages.map(({ id }) => id), [6, 5, 4, 3, 2, 1]);
    leave(again);
  });

  test('pages back through ten thousand messages without a gap or a double', async () => {
    const { space, people } = await place('Ada');
    const [ada] = people;
    const insert = edge.db.prepare(
      `WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 10000)
       INSERT INTO messages (space_id, id, channel, author_id, author_name, text, reply_to, reference, said_at) SELECT ?1, id, 'everyone', 'u_old', 'Old', 'message ' || id, NULL, printf('%016x', id), id FROM n`,
    );
    await insert.bind(space).run();
    const all = await history(ada.browser, space);
    assert.deepEqual(all.map(({ id }) => id), Array.from({ length: 10_000 }, (_, n) => 10_000 - n));
    leave(ada);
  });

  test('says what is wrong with a message', async () => {
    const { people } = await place('Ada');
    const [ada] = people;
    for (const [text, channel, reason] of [
      ['\u202e\u200b', 'everyone', SAY_REFUSAL.text],
      ['x'.repeat(2_001), 'everyone', SAY_REFUSAL.text],
      ['\u0301'.repeat(10_000), 'everyone', SAY_REFUSAL.text],
      ['hello', 'the moon', SAY_REFUSAL.channel],
    ]) {
      ada.says(text, { channel });
      assert.equal((await ada.hears('sayRefused')).reason, reason);
    }
    for (let n = 0; n < 9; n += 1) ada.says(`la ${n}`);
    const late = await ada.hears('sayRefused');
    assert.equal(late.reason, SAY_REFUSAL.tooFast);
    assert.ok(late.retry_ms > 0 && late.retry_ms <= 5_000, `${late.retry_ms}`);
    leave(ada);
  });

  test('answers what was said, and by no other number makes what was said unreadable', async () => {
    const { space, people } = await place('Ada');
    const [ada] = people;
    const numbers = [0n, 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n];
    for (const [n, replyTo] of numbers.entries()) ada.says(`number ${n}`, { replyTo });
    const messages = await recorded(ada.browser, space, numbers.length);
    assert.deepEqual(messages.map(({ reply_to }) => reply_to ?? null).reverse(), [null, 1, null, null, null]);
    assert.equal((await ada.browser.delete(`/api/spaces/${space}/messages/${messages[0].id}`)).status, 200);
    leave(ada);
  });

  test('is read by nobody whom it is not for', async () => {
    const { owner, space, people } = await place('Ada');
    const [ada] = people;
    ada.says('a secret');
    await recorded(ada.browser, space, 1);
    const path = `/api/spaces/${space}/messages`;
    refused(await edge.browser().get(path), 401, 'not_signed_in');
    const stranger = await edge.guest('Stranger');
    refused(await stranger.get(path), 403, 'not_a_member');
    assert.equal((await owner.patch(`/api/spaces/${space}`, { access: 'members' })).status, 200);
    refused(await stranger.get(path), 404, 'no_such_space');
    refused(await ada.browser.get(path), 404, 'no_such_space');
    refused(await owner.get(`${path}?channel=nearby`), 422, 'invalid_query');
    refused(await owner.get(`${path}?limit=1000000`), 422, 'invalid_query');
    assert.equal((await owner.get(path)).status, 200);
    leave(ada);
  });

  test('nearby is heard by who is near, and recorded nowhere', async () => {
    const { space, people } = await place('Ada', 'Bob');
    const [ada, bob] = people;
    await ada.peering(bob);
    ada.says('psst', { channel: 'nearby' });
    assert.equal((await bob.reads('psst')).id, 0);
    await ada.reads('psst');
    ada.says('all');
    const messages = await recorded(ada.browser, space, 1);
    assert.deepEqual(messages.map(({ text }) => text), ['all']);
    leave(ada, bob);
  });
});
