// Direct messages, blocks and rings: between two people, wherever they are, and nobody else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refused, start } from './harness.mjs';
import { THUMB, leave, place } from './place.mjs';
import { Program } from './program.mjs';

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

let references = 0;
const reference = () => (references += 1).toString(16).padStart(16, '0');
const write = (from, to, text, more = {}) => from.post(`/api/directs/${to.user.id}`, { reference: reference(), text, ...more });

/** Two who were in the same place, and are in two spaces now. */
async function apart() {
  const { space, people } = await place(edge, 'Ada', 'Bob');
  const [ada, bob] = people;
  leave(bob);
  const { id: elsewhere } = await bob.browser.space('Elsewhere');
  return { space, elsewhere, ada, bob: Object.assign(await Program.enter(bob.browser, elsewhere), { browser: bob.browser, user: bob.user }) };
}

describe('a direct message', () => {
  test('reaches the other wherever they are, and the author again, once for each reference', async () => {
    const { ada, bob } = await apart();
    const intent = { reference: reference(), text: 'psst 🦊' };
    const first = await ada.browser.post(`/api/directs/${bob.user}`, intent);
    assert.equal(first.status, 201, JSON.stringify(first.body));
    const letter = await bob.gets('direct');
    assert.deepEqual([letter.peer_id, letter.peer_name, letter.message], [ada.user, 'Ada', first.body]);
    assert.deepEqual([(await ada.gets('direct')).peer_id], [bob.user]);
    const again = await ada.browser.post(`/api/directs/${bob.user}`, { ...intent, text: 'something else' });
    assert.deepEqual([again.status, again.body], [200, first.body]);
    const both = await Promise.all(Array.from({ length: 5 }, () => ada.browser.post(`/api/directs/${bob.user}`, { reference: 'feedfeedfeedfeed', text: 'at once' })));
    assert.equal(new Set(both.map(({ body }) => body.id)).size, 1);
    refused(await ada.browser.post(`/api/directs/${(await edge.guest()).user.id}`, intent), 409, 'reference_taken');
    const { messages, peer, more } = (await bob.browser.get(`/api/directs/${ada.user}`)).body;
    assert.deepEqual([messages.map(({ text }) => text), peer.name, more], [['at once', 'psst 🦊'], 'Ada', false]);
    leave(ada, bob);
  });

  test('is between the two: nobody else reads, changes or finds it', async () => {
    const { ada, bob } = await apart();
    const eve = await edge.guest('Eve');
    await eve.post('/api/spaces/commons/join');
    const { id } = (await write(ada.browser, bob.browser, 'a secret')).body;
    for (const peer of [ada.user, bob.user]) {
      const { messages } = (await eve.get(`/api/directs/${peer}`)).body;
      assert.deepEqual(messages, []);
      for (const [method, where, body] of [
        ['patch', `messages/${id}`, { text: 'x' }], ['delete', `messages/${id}`], ['put', `messages/${id}/reactions/${THUMB}`], ['delete', `messages/${id}/reactions/${THUMB}`],
      ]) {
        refused(await eve[method](`/api/directs/${peer}/${where}`, body), 404, 'no_such_message');
        refused(await edge.browser()[method](`/api/directs/${peer}/${where}`, body), 401, 'not_signed_in');
      }
      assert.equal((await eve.put(`/api/directs/${peer}/read`, { up_to: id })).status, 204);
    }
    refused(await write(eve, ada.browser, 'me too', { reply_to: id }), 403, 'no_common_space');
    assert.deepEqual((await eve.get('/api/directs')).body.directs, []);
    refused(await bob.browser.patch(`/api/directs/${ada.user}/messages/${id}`, { text: 'x' }), 403, 'not_allowed');
    refused(await edge.browser().get('/api/directs'), 401, 'not_signed_in');
    refused(await ada.browser.get('/api/directs/u_aaaaaaaaaaaaaaaa'), 404, 'no_such_user');
    leave(ada, bob);
  });

  test('is edited, deleted and reacted to; both see it at once', async () => {
    const { ada, bob } = await apart();
    const { id } = (await write(ada.browser, bob.browser, 'helo')).body;
    const path = `/api/directs/${bob.user}/messages/${id}`;
    const edited = await ada.browser.patch(path, { text: 'hello' });
    assert.deepEqual([edited.body.text, edited.body.edited_at > 0], ['hello', true]);
    assert.deepEqual((await bob.gets('direct_changed')).message, edited.body);
    const reacted = await bob.browser.put(`/api/directs/${ada.user}/messages/${id}/reactions/${THUMB}`);
    assert.deepEqual(reacted.body.reactions, [{ emoji: '👍', user_ids: [bob.user], count: 1 }]);
    await ada.gets('direct_changed', ({ message }) => message.reactions.length === 1);
    assert.deepEqual((await bob.browser.delete(`/api/directs/${ada.user}/messages/${id}/reactions/${THUMB}`)).body.reactions, []);
    const deleted = await ada.browser.delete(path);
    assert.deepEqual([deleted.body.text, deleted.body.deleted], ['', true]);
    await bob.gets('direct_changed', ({ message }) => message.deleted);
    refused(await ada.browser.patch(path, { text: 'x' }), 409, 'deleted');
    refused(await bob.browser.put(`/api/directs/${ada.user}/messages/${id}/reactions/${THUMB}`), 409, 'deleted');
    leave(ada, bob);
  });

  test('is unread until it is read, on all pages of the reader', async () => {
    const { ada, bob } = await apart();
    const ids = [];
    for (const text of ['one', 'two', 'three']) ids.push((await write(ada.browser, bob.browser, text)).body.id);
    const mine = async () => (await bob.browser.get('/api/directs')).body.directs;
    const [side] = await mine();
    assert.deepEqual([side.peer_name, side.last.text, side.unread, side.read_to], ['Ada', 'three', 3, 0]);
    assert.equal((await bob.browser.put(`/api/directs/${ada.user}/read`, { up_to: ids[1] })).status, 204);
    assert.equal((await bob.gets('direct_read')).up_to, ids[1]);
    assert.equal((await mine())[0].unread, 1);
    await bob.browser.put(`/api/directs/${ada.user}/read`, { up_to: ids[0] });
    await bob.browser.put(`/api/directs/${ada.user}/read`, { up_to: 9_000_000 });
    const [read] = await mine();
    assert.deepEqual([read.unread, read.read_to], [0, ids[2]]);
    assert.equal((await ada.browser.get('/api/directs')).body.directs[0].unread, 0);
    const page = async (query) => (await bob.browser.get(`/api/directs/${ada.user}?${query}`)).body;
    assert.deepEqual((await page('limit=2')).messages.map(({ text }) => text), ['three', 'two']);
    assert.deepEqual((await page(`limit=2&before=${ids[1]}`)).messages.map(({ text }) => text), ['one']);
    assert.deepEqual((await page(`after=${ids[0]}`)).messages.map(({ text }) => text), ['two', 'three']);
    leave(ada, bob);
  });

  test('needs a common space, a text, a reference, and moderation', async () => {
    const { ada, bob } = await apart();
    const stranger = await edge.guest('Stranger');
    refused(await write(stranger, ada.browser, 'hi'), 403, 'no_common_space');
    refused(await write(ada.browser, ada.browser, 'me'), 404, 'no_such_user');
    refused(await write(ada.browser, bob.browser, ' '), 422, 'invalid_text');
    refused(await write(ada.browser, bob.browser, 'x', { reference: 'zz' }), 422, 'invalid_reference');
    refused(await write(ada.browser, bob.browser, 'x', { reply_to: 9_999_999 }), 422, 'invalid_reply');
    const { id } = (await write(ada.browser, bob.browser, 'first')).body;
    // Who has been written to may answer, whatever became of the space.
    await ada.browser.post(`/api/spaces/${(await apart()).space}/join`);
    assert.equal((await write(bob.browser, ada.browser, 'answer', { reply_to: id })).body.reply_to, id);
    const answers = [];
    for (let n = 0; n < 35 && answers.at(-1)?.status !== 429; n += 1) answers.push(await write(ada.browser, bob.browser, `more ${n}`));
    const last = answers.at(-1);
    refused(last, 429, 'too_fast');
    assert.equal(answers.length, 30, 'thirty in a minute, the first one included');
    assert.ok(last.body.error.retry_in_ms <= 60_000);
    assert.equal(last.headers.get('retry-after'), `${Math.ceil(last.body.error.retry_in_ms / 1_000)}`);
    leave(ada, bob);
  });
});

test('of many direct messages at once no more are taken than one after another', async () => {
  const { ada, bob } = await apart();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => write(ada.browser, bob.browser, `at once ${n}`)));
  const taken = answers.filter(({ status }) => status === 201).length;
  assert.equal(taken, 30);
  for (const answer of answers.filter(({ status }) => status !== 201)) refused(answer, 429, 'too_fast');
  const { n } = await edge.db.prepare('SELECT count(*) AS n FROM directs WHERE author_id = ?1').bind(ada.user).first();
  assert.equal(n, taken);
  leave(ada, bob);
});

describe('a block', () => {
  test('keeps two apart everywhere, from the moment it is made', async () => {
    const { space, people } = await place(edge, 'Ada', 'Eve');
    const [ada, eve] = people;
    const { id } = (await write(eve.browser, ada.browser, 'hello')).body;
    assert.equal((await ada.browser.put(`/api/blocks/${eve.user}`)).status, 204);
    assert.deepEqual((await ada.gets('blocks')).blocked, [eve.user]);
    assert.deepEqual((await ada.browser.get('/api/blocks')).body.blocked.map(({ user_id, name }) => [user_id, name]), [[eve.user, 'Eve']]);
    refused(await write(eve.browser, ada.browser, 'please'), 403, 'blocked');
    refused(await write(ada.browser, eve.browser, 'no'), 403, 'blocked');
    refused(await eve.browser.patch(`/api/directs/${ada.user}/messages/${id}`, { text: 'still here' }), 403, 'blocked');
    refused(await eve.browser.put(`/api/directs/${ada.user}/messages/${id}/reactions/${THUMB}`), 403, 'blocked');
    refused(await eve.browser.post(`/api/spaces/${space}/rings/${ada.user}`), 403, 'blocked');
    assert.deepEqual((await eve.browser.get('/api/blocks')).body.blocked, [], 'is nobody else’s to know');
    // It holds in the next space, from the admission on.
    leave(ada);
    const again = await Program.enter(ada.browser, space);
    eve.says('anybody?');
    await eve.reads('anybody?');
    again.says('later');
    await again.reads('later');
    assert.ok(!again.heard.some((message) => JSON.stringify(message).includes('anybody?')));
    assert.equal((await ada.browser.delete(`/api/blocks/${eve.user}`)).status, 204);
    assert.equal((await write(eve.browser, ada.browser, 'thanks')).status, 201);
    leave(again, eve);
  });

  test('is of somebody else who is there, and one of a hundred', async () => {
    const ada = await edge.guest();
    refused(await ada.put(`/api/blocks/${ada.user.id}`), 404, 'no_such_user');
    refused(await ada.put('/api/blocks/u_aaaaaaaaaaaaaaaa'), 404, 'no_such_user');
    refused(await edge.browser().put(`/api/blocks/${ada.user.id}`), 401, 'not_signed_in');
    const ids = Array.from({ length: 100 }, (_, n) => `u_${'b'.repeat(13)}${String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26))}b`.slice(0, 18));
    await edge.db.batch(ids.flatMap((id) => [
      edge.db.prepare("INSERT INTO users (id, name, guest, created_at, seen_at) VALUES (?1, 'B', 1, 0, 9e15)").bind(id),
      edge.db.prepare('INSERT INTO blocks VALUES (?1, ?2, 0)').bind(ada.user.id, id),
    ]));
    refused(await ada.put(`/api/blocks/${(await edge.guest()).user.id}`), 409, 'too_many_blocks');
    assert.equal((await ada.put(`/api/blocks/${ids[0]}`)).status, 204, 'again is as good');
  });
});

describe('a ring', () => {
  test('reaches a member in another space, and nobody who is none', async () => {
    const { space, ada, bob } = await apart();
    assert.equal((await ada.browser.post(`/api/spaces/${space}/rings/${bob.user}`)).status, 204);
    const { from_id, from_name, space_id, space_name } = await bob.gets('ring');
    assert.deepEqual([from_id, from_name, space_id, space_name], [ada.user, 'Ada', space, 'Our place']);
    const stranger = await edge.guest();
    refused(await ada.browser.post(`/api/spaces/${space}/rings/${stranger.user.id}`), 404, 'no_such_user');
    refused(await ada.browser.post(`/api/spaces/${space}/rings/${ada.user}`), 404, 'no_such_user');
    refused(await stranger.post(`/api/spaces/${space}/rings/${ada.user}`), 403, 'not_a_member');
    leave(ada, bob);
  });
});
