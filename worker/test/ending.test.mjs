// The end of an account: nothing of the person is left, in the database or in the spaces they were in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { refused, start } from './harness.mjs';
import { THUMB, arrives, leave, place, said } from './place.mjs';
import { Program } from './program.mjs';

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

/** Every value in the database. */
async function everything() {
  const { results: tables } = await edge.db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name NOT LIKE 'd1_%'").all();
  const found = [];
  for (const { name } of tables) {
    const { results } = await edge.db.prepare(`SELECT * FROM ${name}`).all();
    found.push(...results.map((row) => [name, row]));
  }
  return found;
}

test('takes all words along, and the spaces one owned', async () => {
  const { owner, space, path, people } = await place(edge, 'Bob');
  const [bob] = people;
  const xenia = await edge.member('Xenia Unmistakable', 'unmistakable@example.org');
  const own = await xenia.space('Unmistakable place');
  const x = Object.assign(await Program.enter(xenia, space), { browser: xenia, user: xenia.user.id });
  const first = await said(x, path, 'unmistakable first');
  await xenia.patch(`${path}/messages/${first.id}`, { text: 'unmistakable second' });
  const his = await said(bob, path, 'Bob stays');
  await xenia.put(`${path}/messages/${his.id}/reactions/${THUMB}`);
  await xenia.post(`/api/directs/${bob.user}`, { reference: '00000000000000aa', text: 'unmistakable and direct' });
  const { id: answer } = (await bob.browser.post(`/api/directs/${xenia.user.id}`, { reference: '00000000000000ab', text: 'Bob answers' })).body;
  await xenia.put(`/api/directs/${bob.user}/messages/${answer}/reactions/${THUMB}`);
  await xenia.put(`/api/blocks/${owner.user.id}`);
  await xenia.put('/api/notices', { mentions: true, directs: true, knocks: true, nudges: true, quiet: null, utc_offset_min: 60 });
  await xenia.post(`${path}/reports`, { user_id: bob.user, reason: 'other', text: 'unmistakable report' });
  // Not in the record yet when the account ends; and some more, long in the record and elsewhere.
  await edge.db.prepare(
    `WITH RECURSIVE n(id) AS (SELECT 1000 UNION ALL SELECT id + 1 FROM n WHERE id < 7999)
     INSERT INTO messages (space_id, id, channel, author_id, author_name, text, reference, said_at)
     SELECT 'commons', id, 'everyone', ?1, 'Xenia Unmistakable', 'unmistakable ' || id, printf('%016x', id), id FROM n`,
  ).bind(xenia.user.id).run();
  x.says('unmistakable last');
  await bob.reads('unmistakable last');

  refused(await xenia.delete('/api/account', { confirm: 'yes' }), 422, 'not_confirmed');
  refused(await edge.browser().delete('/api/account', { confirm: 'delete' }), 401, 'not_signed_in');
  const { cookie } = xenia;
  const ended = await xenia.delete('/api/account', { confirm: 'delete' });
  assert.equal(ended.status, 204, ended.text);
  assert.equal(xenia.cookies.size, 0);
  await x.hears('refused');
  await bob.sees(({ message, deleted }) => message === first.id && deleted);
  // The token is good for some minutes yet, and opens nothing.
  for (const path of ['/api/auth/me', '/api/directs', `/api/directs/${bob.user}`]) {
    refused(await edge.raw(path, { headers: { cookie } }), 401, 'not_signed_in');
  }
  refused(await bob.browser.get(`/api/spaces/${own.id}`), 404, 'no_such_space');
  refused(await edge.browser().post('/api/auth/login', { email: 'unmistakable@example.org', password: xenia.password }), 401, 'wrong_credentials');

  // What was on its way has arrived, and has no words.
  const last = await said(bob, path, 'afterwards');
  assert.ok(last.id > his.id);
  for (const [table, row] of await everything()) {
    const text = JSON.stringify(row);
    assert.ok(!/unmistakable/i.test(text), `${table}: ${text}`);
    // The audit says that somebody ended an account; of messages the record keeps that there was one, and of whom.
    if (!['audit', 'messages', 'directs', 'direct_reads', 'traces'].includes(table)) assert.ok(!text.includes(xenia.user.id), `${table}: ${text}`);
  }
  const { messages } = (await bob.browser.get(`${path}/messages`)).body;
  assert.deepEqual(messages.filter(({ author_id }) => author_id === xenia.user.id).map(({ author_name, text, deleted }) => [author_name, text, deleted]), [
    ['Deleted account', '', true], ['Deleted account', '', true],
  ]);
  assert.deepEqual(messages.find(({ text }) => text === 'Bob stays').reactions, []);
  const { directs } = (await bob.browser.get('/api/directs')).body;
  assert.deepEqual(directs.map(({ peer_name, last: { text } }) => [peer_name, text]), [['Deleted account', 'Bob answers']]);
  const late = await arrives(edge, space, 'Late');
  const { messages: told } = await late.hears('said');
  assert.ok(!JSON.stringify(told).includes('unmistakable'), 'nor does the space say them');
  leave(bob, late);
});

test('takes the words also of who was called as it calls those who are gone', async () => {
  const { path, people: [bob] } = await place(edge, 'Bob');
  const yuri = await arrives(edge, path.split('/').at(-1), 'Deleted account');
  await said(yuri, path, 'unforgettable');
  await yuri.browser.post(`/api/directs/${bob.user}`, { reference: '00000000000000ba', text: 'unforgettable and direct' });
  assert.equal((await yuri.browser.delete('/api/account', { confirm: 'delete' })).status, 204);
  assert.ok(!JSON.stringify(await everything()).includes('unforgettable'));
  leave(bob);
});

test('is gone on with by the daily clean-up, where it is much', async () => {
  const xenia = await edge.guest('Yves Unforgotten');
  await edge.db.prepare(
    `WITH RECURSIVE n(id) AS (SELECT 10000 UNION ALL SELECT id + 1 FROM n WHERE id < 34999)
     INSERT INTO messages (space_id, id, channel, author_id, author_name, text, reference, said_at)
     SELECT 'commons', id, 'everyone', ?1, 'Yves', 'unforgotten', printf('%016x', id), id FROM n`,
  ).bind(xenia.user.id).run();
  assert.equal((await xenia.delete('/api/account', { confirm: 'delete' })).status, 204);
  const left = async () => (await edge.db.prepare("SELECT count(*) AS n FROM messages WHERE text = 'unforgotten'").first()).n;
  assert.equal(await left(), 5_000);
  await edge.worker.scheduled({ cron: '17 3 * * *' });
  assert.equal(await left(), 0);
  assert.equal((await edge.db.prepare('SELECT count(*) AS n FROM erasures').first()).n, 0);
});
