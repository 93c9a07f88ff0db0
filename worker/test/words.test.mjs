// What becomes of messages: edited, deleted, reacted to, by whom one may; in channels of all kinds; found again, and kept.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refused, start } from './harness.mjs';
import { Program } from './program.mjs';
import { ROOM, THUMB, arrives, goes_inside, leave, place, recorded, said } from './place.mjs';
import { SAY_REFUSAL } from './wire.mjs';

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

const one = (messages, id) => messages.find((message) => message.id === id);

describe('a message', () => {
  test('is edited by its author and nobody else; all see it, and moderators see what it was', async () => {
    const { owner, path, people } = await place(edge, 'Ada', 'Bob');
    const [ada, bob] = people;
    const { id } = await said(ada, path, 'helo');
    refused(await bob.browser.patch(`${path}/messages/${id}`, { text: 'mine' }), 403, 'not_allowed');
    refused(await owner.patch(`${path}/messages/${id}`, { text: 'mine' }), 403, 'not_allowed');
    refused(await ada.browser.patch(`${path}/messages/${id}`, { text: ' \u202e ' }), 422, 'invalid_text');
    refused(await ada.browser.patch(`${path}/messages/99`, { text: 'x' }), 404, 'no_such_message');
    refused(await ada.browser.patch(`${path}/messages/0x1`, { text: 'x' }), 404, 'no_such_message');
    const answer = await ada.browser.patch(`${path}/messages/${id}`, { text: 'hello' });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const change = await bob.sees(({ message, edited }) => message === id && edited === 'hello');
    assert.equal(change.id, answer.body.id);
    const messages = await recorded(bob.browser, path, (all) => one(all, id).text === 'hello');
    assert.ok(one(messages, id).edited_at > 0);
    refused(await bob.browser.get(`${path}/messages/${id}/trace`), 403, 'not_allowed');
    const { entries } = (await owner.get(`${path}/messages/${id}/trace`)).body;
    assert.deepEqual(entries.map(({ actor_id, actor_name, action, text_before }) => [actor_id, actor_name, action, text_before]), [
      [ada.user, 'Ada', 'edited', 'helo'],
    ]);
    leave(ada, bob);
  });

  test('is edited before it is recorded, too', async () => {
    const { owner, path, people } = await place(edge, 'Ada');
    const [ada] = people;
    ada.says('quick');
    const { id } = await ada.reads('quick');
    assert.equal((await ada.browser.patch(`${path}/messages/${id}`, { text: 'quicker' })).status, 200);
    await recorded(ada.browser, path, (all) => one(all, id)?.text === 'quicker');
    const { entries } = (await owner.get(`${path}/messages/${id}/trace`)).body;
    assert.deepEqual(entries.map(({ text_before }) => text_before), ['quick']);
    leave(ada);
  });

  test('is deleted by its author or a moderator; its text is gone, and what was under it', async () => {
    const { owner, path, people } = await place(edge, 'Ada', 'Bob');
    const [ada, bob] = people;
    const first = await said(ada, path, 'first');
    const second = await said(ada, path, 'second');
    await bob.browser.put(`${path}/messages/${second.id}/reactions/${THUMB}`);
    refused(await bob.browser.delete(`${path}/messages/${first.id}`), 403, 'not_allowed');
    assert.equal((await ada.browser.delete(`${path}/messages/${first.id}`)).status, 200);
    assert.equal((await owner.delete(`${path}/messages/${second.id}`)).status, 200);
    await bob.sees(({ message, deleted }) => message === second.id && deleted);
    const messages = await recorded(bob.browser, path, (all) => all.every(({ deleted }) => deleted));
    assert.deepEqual(messages.map(({ text, reactions }) => [text, reactions]), [['', []], ['', []]]);
    refused(await ada.browser.patch(`${path}/messages/${first.id}`, { text: 'again' }), 409, 'deleted');
    refused(await bob.browser.put(`${path}/messages/${first.id}/reactions/${THUMB}`), 409, 'deleted');
    const { entries } = (await owner.get(`${path}/messages/${second.id}/trace`)).body;
    assert.deepEqual(entries.map(({ actor_id, action, text_before }) => [actor_id, action, text_before]), [[owner.user.id, 'deleted', 'second']]);
    const late = await arrives(edge, path.split('/').at(-1), 'Late');
    const { messages: told } = await late.hears('said');
    assert.ok(told.every(({ deleted, text }) => deleted && text === ''), JSON.stringify(told));
    leave(ada, bob, late);
  });

  test('is reacted to once by each, in order', async () => {
    const { path, people } = await place(edge, 'Ada', 'Bob');
    const [ada, bob] = people;
    const { id } = await said(ada, path, 'cake!');
    const spot = (emoji) => `${path}/messages/${id}/reactions/${encodeURIComponent(emoji)}`;
    for (const person of [bob, ada, bob]) assert.equal((await person.browser.put(spot('👍'))).status, 200);
    assert.equal((await ada.browser.put(spot('🎂'))).status, 200);
    await ada.sees(({ reacted, actor }) => reacted === '👍' && actor === bob.user);
    let [message] = await recorded(ada.browser, path, ([message]) => message.reactions.length === 2);
    assert.deepEqual(message.reactions, [
      { emoji: '👍', user_ids: [bob.user, ada.user], count: 2 },
      { emoji: '🎂', user_ids: [ada.user], count: 1 },
    ]);
    assert.equal((await bob.browser.delete(spot('👍'))).status, 200);
    assert.equal((await bob.browser.delete(spot('👍'))).status, 200, 'again is as good');
    [message] = await recorded(ada.browser, path, ([message]) => message.reactions[0].count === 1);
    assert.deepEqual((await ada.browser.get(`${path}/messages/${id}`)).body, message);
    for (const no of ['x', 'ab', '<b>', '👍'.repeat(13), '%00', 'a'.repeat(400)]) refused(await ada.browser.put(spot(no)), 422, 'invalid_emoji');
    leave(ada, bob);
  });

  test('takes twenty kinds of emoji, also where it is long in the record', async () => {
    const { space, path, people } = await place(edge, 'Ada');
    const [ada] = people;
    await edge.db.prepare("INSERT INTO messages (space_id, id, channel, author_id, author_name, text, reference, said_at) VALUES (?1, 1, 'everyone', 'u_old', 'Old', 'old', '01', 1)").bind(space).run();
    const kinds = Array.from({ length: 20 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    await edge.db.batch(kinds.map((emoji, n) => edge.db.prepare('INSERT INTO reactions VALUES (?1, 1, ?2, ?3, ?4)').bind(space, emoji, 'u_old', n)));
    const react = (emoji) => ada.browser.put(`${path}/messages/1/reactions/${encodeURIComponent(emoji)}`);
    refused(await react('🎂'), 409, 'too_many');
    assert.equal((await react(kinds[3])).status, 200);
    await recorded(ada.browser, path, ([message]) => message?.reactions.some(({ count }) => count === 2));
    leave(ada);
  });

  test('applied again changes nothing: the record is told everything at least once', async () => {
    const { space, path, people } = await place(edge, 'Ada');
    const [ada] = people;
    const { id } = await said(ada, path, 'one');
    await ada.browser.patch(`${path}/messages/${id}`, { text: 'two' });
    await ada.browser.put(`${path}/messages/${id}/reactions/${THUMB}`);
    await ada.browser.delete(`${path}/messages/${id}/reactions/${THUMB}`);
    await ada.browser.patch(`${path}/messages/${id}`, { text: 'three' });
    await recorded(ada.browser, path, (all) => one(all, id).text === 'three');
    const before = await edge.db.prepare('SELECT * FROM messages WHERE space_id = ?1').bind(space).all();
    // The space forgets how far the record is, and tells it all again.
    await edge.worker.evictDurableObject('SpaceObject', { name: space, webSockets: 'hibernate' });
    ada.says('after it forgot');
    await ada.reads('after it forgot');
    leave(ada);
    const again = await Program.enter(ada.browser, space);
    await recorded(ada.browser, path, (all) => all.length === 2);
    const rows = await edge.db.prepare('SELECT * FROM messages WHERE space_id = ?1 AND id = ?2').bind(space, id).all();
    assert.deepEqual(rows.results, before.results);
    const { results } = await edge.db.prepare('SELECT text_before FROM traces WHERE space_id = ?1 ORDER BY change_id').bind(space).all();
    assert.deepEqual(results.map(({ text_before }) => text_before), ['one', 'two']);
    leave(again);
  });
});

describe('a channel', () => {
  test('is made, renamed and deleted by admins; its messages go with it', async () => {
    const { owner, path, space, people } = await place(edge, 'Ada');
    const [ada] = people;
    refused(await ada.browser.post(`${path}/channels`, { name: 'mine' }), 403, 'not_allowed');
    const made = await owner.post(`${path}/channels`, { name: '  Music ', topic: 'What we hear' });
    assert.deepEqual([made.status, made.body], [201, { number: 1, name: 'Music', topic: 'What we hear', announcements: false }]);
    await ada.hears('rules', ({ channels }) => channels.some(({ name }) => name === 'Music'));
    refused(await owner.post(`${path}/channels`, { name: 'MUSIC' }), 409, 'name_taken');
    refused(await owner.post(`${path}/channels`, { name: 'x', topic: 'y'.repeat(121) }), 422, 'invalid_topic');
    refused(await owner.patch(`${path}/channels/7`, { topic: 'x' }), 404, 'no_such_number');
    const { id } = await said(ada, path, 'la la', 'c/1');
    await ada.browser.put(`${path}/messages/${id}/reactions/${THUMB}`);
    assert.equal((await owner.patch(`${path}/channels/1`, { name: 'Songs', announcements: true })).body.announcements, true);
    await ada.hears('rules', ({ channels }) => channels[0]?.announcements);
    ada.says('me too', { channel: 'c/1' });
    assert.equal((await ada.unsaid()).reason, SAY_REFUSAL.channel);
    ada.says('nowhere', { channel: 'c/2' });
    assert.equal((await ada.unsaid()).reason, SAY_REFUSAL.channel);
    assert.equal((await owner.delete(`${path}/channels/1`)).status, 204);
    await ada.hears('rules', ({ channels }) => channels.length === 0);
    assert.deepEqual((await ada.browser.get(`${path}/messages?channel=c/1`)).body.messages, []);
    for (const table of ['messages', 'reactions', 'traces', 'channels']) {
      const { n } = await edge.db.prepare(`SELECT count(*) AS n FROM ${table} WHERE space_id = ?1`).bind(space).first();
      assert.equal(n, 0, table);
    }
    assert.equal((await owner.post(`${path}/channels`, { name: 'Music' })).body.number, 2, 'a number is used once');
    leave(ada);
  });

  test('is one of fifty', async () => {
    const { owner, path, people } = await place(edge, 'Ada');
    for (let n = 0; n < 50; n += 1) assert.equal((await owner.post(`${path}/channels`, { name: `Channel ${n}` })).status, 201);
    refused(await owner.post(`${path}/channels`, { name: 'one more' }), 409, 'too_many_channels');
    assert.equal((await people[0].browser.get(`${path}/channels`)).body.channels.length, 50);
    leave(...people);
  });

  test('of a private area is read inside it and nowhere else', async () => {
    const { owner, path, people } = await place(edge, 'Ada', 'Eve');
    const [ada, eve] = people;
    await goes_inside(ada);
    const { id } = await said(ada, path, 'between us', ROOM.channel);
    const channel = encodeURIComponent(ROOM.channel);
    const attempts = [
      ['get', `${path}/messages?channel=${channel}`],
      ['get', `${path}/messages/${id}`],
      ['get', `${path}/search?q=between&channel=${channel}`],
      ['put', `${path}/messages/${id}/reactions/${THUMB}`],
      ['delete', `${path}/messages/${id}`],
      ['post', `${path}/reports`, { user_id: ada.user, message_id: id, reason: 'other' }],
    ];
    for (const [method, where, body] of attempts) refused(await eve.browser[method](where, body), 403, 'not_inside');
    refused(await owner.get(`${path}/messages?channel=${channel}`), 403, 'not_inside');
    eve.says('let me in', { channel: ROOM.channel });
    assert.equal((await eve.unsaid()).reason, SAY_REFUSAL.channel);
    assert.deepEqual((await eve.browser.get(`${path}/search?q=between`)).body.messages, []);
    assert.deepEqual((await eve.browser.get(`${path}/messages`)).body.messages, []);
    assert.ok(!eve.heard.some((message) => JSON.stringify(message).includes('between us')));
    await goes_inside(eve);
    assert.equal((await eve.browser.get(`${path}/messages/${id}`)).body.text, 'between us');
    assert.equal((await eve.browser.get(`${path}/search?q=between&channel=${channel}`)).body.messages.length, 1);
    // What is reported from inside can be dealt with from outside.
    assert.equal((await eve.browser.post(`${path}/reports`, { user_id: ada.user, message_id: id, reason: 'other' })).status, 204);
    assert.equal((await owner.get(`${path}/reports`)).body.reports[0].message.text, 'between us');
    assert.equal((await owner.delete(`${path}/messages/${id}`)).status, 200);
    await eve.sees(({ message, deleted }) => message === id && deleted);
    leave(ada, eve);
  });
});

describe('a history', () => {
  test('is read back through ten thousand messages while new ones are said, without a gap or a double', async () => {
    const { space, path, people } = await place(edge, 'Ada', 'Bob');
    const [ada, bob] = people;
    const other = "CASE id % 3 WHEN 0 THEN 'c/1' ELSE 'everyone' END";
    await edge.db.prepare(
      `WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 15000)
       INSERT INTO messages (space_id, id, channel, author_id, author_name, text, reference, said_at)
       SELECT ?1, id, ${other}, 'u_old', 'Old', 'message ' || id, printf('%016x', id), id FROM n`,
    ).bind(space).run();
    // What is said meanwhile has ids of its own, which the object counts from the first, so what was put in begins at 101.
    let isReading = true;
    const talk = (async () => {
      for (let n = 0; isReading; n += 1) {
        bob.says(`live ${n}`, { reference: 1_000 + n });
        await new Promise((resolve) => setTimeout(resolve, 1_050));
      }
    })();
    const read = async (first, step) => {
      const all = [];
      for (let query = first; ; ) {
        const { body } = await ada.browser.get(`${path}/messages?limit=100&${query}`);
        all.push(...body.messages.map(({ id }) => id));
        if (!body.more) return all;
        query = `${step}=${all.at(-1)}`;
      }
    };
    const old = (ids) => ids.filter((id) => id > 100);
    const expected = Array.from({ length: 15_000 }, (_, n) => 15_000 - n).filter((id) => id % 3 !== 0 && id > 100);
    assert.deepEqual(old(await read('', 'before')), expected);
    assert.deepEqual(old(await read('after=0', 'after')), expected.toReversed());
    isReading = false;
    await talk;
    leave(ada, bob);
  });

  test('leaves out whom its reader has blocked', async () => {
    const { path, people } = await place(edge, 'Ada', 'Eve', 'Bob');
    const [ada, eve, bob] = people;
    const hers = await said(eve, path, 'noise');
    const mine = await said(ada, path, 'music');
    await eve.browser.put(`${path}/messages/${mine.id}/reactions/${THUMB}`);
    await recorded(ada.browser, path, ([message]) => message.reactions.length === 1);
    assert.equal((await ada.browser.put(`/api/blocks/${eve.user}`)).status, 204);
    const { messages } = (await ada.browser.get(`${path}/messages`)).body;
    assert.deepEqual(messages.map(({ text, reactions }) => [text, reactions]), [['music', []]]);
    refused(await ada.browser.get(`${path}/messages/${hers.id}`), 404, 'no_such_message');
    assert.deepEqual((await ada.browser.get(`${path}/search?q=noise`)).body.messages, []);
    assert.equal((await bob.browser.get(`${path}/messages`)).body.messages.length, 2);
    refused(await eve.browser.put(`${path}/messages/${mine.id}/reactions/${encodeURIComponent('🎂')}`), 403, 'blocked');
    eve.says('more noise');
    await bob.reads('more noise');
    assert.ok(!ada.heard.some((message) => JSON.stringify(message).includes('more noise')), 'not live either');
    leave(ada, eve, bob);
  });

  test('is searched for words in any case, in what is open, page by page', async () => {
    const { owner, space, path, people } = await place(edge, 'Ada');
    const [ada] = people;
    await owner.post(`${path}/channels`, { name: 'Other' });
    await ada.hears('rules', ({ channels }) => channels.length === 1);
    await said(ada, path, 'Grüße an ALLE im Büro, Привет');
    await said(ada, path, '100% sicher', 'c/1');
    const find = async (query) => (await ada.browser.get(`${path}/search?${query}`)).body.messages?.map(({ text }) => text);
    assert.deepEqual(await find('q=alle%20b%C3%9Cro'), ['Grüße an ALLE im Büro, Привет']);
    for (const word of ['привет', 'ПРИВЕТ', 'ривет', 'GRÜSSE'.replace('SS', 'ß')]) {
      assert.deepEqual(await find(`q=${encodeURIComponent(word)}`), ['Grüße an ALLE im Büro, Привет'], word);
    }
    assert.deepEqual(await find('q=100%25'), ['100% sicher']);
    assert.deepEqual(await find('q=100%25&channel=everyone'), []);
    assert.deepEqual(await find('q=alle%20sicher'), []);
    assert.deepEqual(await find('q=%25'), ['100% sicher'], 'no wildcard');
    refused(await ada.browser.get(`${path}/search?q=`), 422, 'invalid_query');
    refused(await ada.browser.get(`${path}/search?q=${'x'.repeat(101)}`), 422, 'invalid_query');
    await edge.db.prepare(
      `WITH RECURSIVE n(id) AS (SELECT 1000 UNION ALL SELECT id + 1 FROM n WHERE id < 16999)
       INSERT INTO messages (space_id, id, channel, author_id, author_name, text, reference, said_at)
       SELECT ?1, id, 'everyone', 'u_old', 'Old', iif(id % 100 = 0, 'needle ' || id, 'hay'), printf('%016x', id), id FROM n`,
    ).bind(space).run();
    const found = [];
    let pages = 0;
    for (let before = ''; before !== null && pages < 20; pages += 1) {
      const { body } = await ada.browser.get(`${path}/search?q=NEEDLE${before}`);
      found.push(...body.messages.map(({ id }) => id));
      assert.equal(body.more, body.before !== null);
      before = body.more ? `&before=${body.before}` : null;
    }
    assert.deepEqual(found, Array.from({ length: 160 }, (_, n) => 16_900 - 100 * n));
    leave(ada);
  });

  test('is exported whole by moderators, area by area, and never with direct messages', async () => {
    const { owner, space, path, people } = await place(edge, 'Ada', 'Bob');
    const [ada, bob] = people;
    await edge.db.prepare(
      `WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 2500)
       INSERT INTO messages (space_id, id, channel, author_id, author_name, text, reference, said_at)
       SELECT ?1, id, iif(id % 2, 'everyone', 'area/512'), 'u_old', 'Old', 'message ' || id, printf('%016x', id), id FROM n`,
    ).bind(space).run();
    assert.equal((await ada.browser.post(`/api/directs/${bob.user}`, { reference: '00000000000000aa', text: 'secret' })).status, 201);
    refused(await ada.browser.get(`${path}/export`), 403, 'not_allowed');
    const ids = [];
    const sizes = [];
    for (let after = 0; after !== null; ) {
      const page = await owner.get(`${path}/export?after=${after}`);
      assert.equal(page.headers.get('content-type'), 'application/x-ndjson');
      const lines = page.text.trim().split('\n').map((line) => JSON.parse(line));
      ids.push(...lines.map(({ id }) => id));
      sizes.push(lines.length);
      after = page.headers.get('x-earshot-next');
      assert.ok(!page.text.includes('secret'));
    }
    assert.deepEqual(sizes, [1_000, 1_000, 500]);
    assert.deepEqual(ids, Array.from({ length: 2_500 }, (_, n) => n + 1));
    refused(await owner.get(`${path}/export?after=x`), 422, 'invalid_query');
    leave(ada, bob);
  });

  test('is forgotten after as many days as the space wants, in batches', async () => {
    const { owner, space, path, people } = await place(edge, 'Ada');
    refused(await owner.patch(path, { retention_days: 3_651 }), 422, 'invalid_rules');
    assert.equal((await owner.patch(path, { retention_days: 7 })).body.retention_days, 7);
    const day = 86_400_000;
    await edge.db.prepare(
      `WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 3000)
       INSERT INTO messages (space_id, id, channel, author_id, author_name, text, reference, said_at)
       SELECT ?1, id, 'everyone', 'u_old', 'Old', 'x', printf('%016x', id), iif(id <= 2700, ?2, ?3) FROM n`,
    ).bind(space, Date.now() - 8 * day, Date.now() - 6 * day).run();
    for (const id of [5, 2_900]) {
      await edge.db.prepare("INSERT INTO reactions VALUES (?1, ?2, '👍', 'u_old', 1)").bind(space, id).run();
      await edge.db.prepare("INSERT INTO traces VALUES (?1, ?2, 1, 1, 'u_old', 'u_old', 'edited', 'y')").bind(space, id).run();
    }
    await edge.worker.scheduled({ cron: '17 3 * * *' });
    const { n, first } = await edge.db.prepare('SELECT count(*) AS n, min(id) AS first FROM messages WHERE space_id = ?1').bind(space).first();
    assert.deepEqual([n, first], [300, 2_701]);
    for (const table of ['reactions', 'traces']) {
      const { results } = await edge.db.prepare(`SELECT message_id FROM ${table} WHERE space_id = ?1`).bind(space).all();
      assert.deepEqual(results, [{ message_id: 2_900 }], table);
    }
    leave(...people);
  });
});

describe('moderators', () => {
  test('slow a space down, and forbid words', async () => {
    const { owner, path, people } = await place(edge, 'Ada');
    const [ada] = people;
    refused(await owner.patch(path, { slow_mode_s: 3_601 }), 422, 'invalid_rules');
    refused(await owner.patch(path, { words: ['x'.repeat(41)] }), 422, 'invalid_rules');
    refused(await ada.browser.patch(path, { slow_mode_s: 1 }), 403, 'not_allowed');
    const changed = await owner.patch(path, { slow_mode_s: 3_600, words: [' Fnord ', 'fnord'] });
    assert.deepEqual([changed.body.slow_mode_s, changed.body.words], [3_600, ['fnord']]);
    assert.equal((await ada.browser.get(path)).body.words, undefined);
    await ada.hears('rules', ({ slow_mode_s }) => slow_mode_s === 3_600);
    ada.says('do you see the FNORD?');
    assert.equal((await ada.unsaid()).reason, SAY_REFUSAL.word);
    const { id } = await said(ada, path, 'once an hour');
    ada.says('too soon');
    const late = await ada.unsaid();
    assert.equal(late.reason, SAY_REFUSAL.slowMode);
    assert.ok(late.retry_ms > 3_500_000, `${late.retry_ms}`);
    refused(await ada.browser.patch(`${path}/messages/${id}`, { text: 'fnord' }), 422, 'unwanted_word');
    const boss = await Program.enter(owner, path.split('/').at(-1));
    for (const text of ['one', 'two']) {
      boss.says(text);
      await boss.reads(text);
    }
    // They hold for who comes later, whatever the object remembers.
    const bob = await arrives(edge, path.split('/').at(-1), 'Bob');
    assert.equal((await bob.hears('rules')).slow_mode_s, 3_600);
    leave(ada, bob, boss);
  });

  test('shut somebody out at once and everywhere, and let them in again', async () => {
    const { owner, space, path, people } = await place(edge, 'Ada', 'Eve');
    const [ada, eve] = people;
    const { id } = await said(ada, path, 'hello');
    refused(await ada.browser.put(`${path}/bans/${eve.user}`), 403, 'not_allowed');
    refused(await ada.browser.get(`${path}/bans`), 403, 'not_allowed');
    refused(await owner.put(`${path}/bans/${owner.user.id}`), 403, 'not_allowed');
    refused(await owner.put(`${path}/bans/u_aaaaaaaaaaaaaaaa`), 404, 'no_such_user');
    assert.equal((await owner.put(`${path}/bans/${eve.user}`)).status, 204);
    await eve.hears('refused');
    for (const [method, where, body] of [
      ['get', path], ['get', `${path}/map`], ['get', `${path}/users`], ['post', `${path}/join`], ['post', `${path}/ice`],
      ['get', `${path}/messages`], ['get', `${path}/messages/${id}`], ['get', `${path}/search?q=hello`], ['get', `${path}/export`],
      ['get', `${path}/channels`], ['patch', `${path}/messages/${id}`, { text: 'x' }], ['delete', `${path}/messages/${id}`],
      ['put', `${path}/messages/${id}/reactions/${THUMB}`], ['get', `${path}/messages/${id}/trace`],
      ['post', `${path}/reports`, { user_id: ada.user, reason: 'spam' }], ['post', `${path}/rings/${ada.user}`],
    ]) {
      refused(await eve.browser[method](where, body), 403, 'banned');
    }
    refused(await eve.browser.knock(space), 403, 'banned');
    const { bans } = (await owner.get(`${path}/bans`)).body;
    assert.deepEqual(bans.map(({ user_id, name, by_name }) => [user_id, name, by_name]), [[eve.user, 'Eve', 'Owner']]);
    assert.ok(!(await owner.get(`${path}/users`)).body.members.some(({ user }) => user.id === eve.user));
    assert.equal((await owner.delete(`${path}/bans/${eve.user}`)).status, 204);
    assert.equal((await eve.browser.post(`${path}/join`)).status, 200);
    leave(ada, eve);
  });

  test('do not shut each other out', async () => {
    const { owner, path, space, people } = await place(edge, 'Ada');
    const [ada] = people;
    await edge.db.prepare("UPDATE members SET role = 'admin' WHERE space_id = ?1 AND user_id = ?2").bind(space, ada.user).run();
    refused(await owner.put(`${path}/bans/${ada.user}`), 403, 'not_allowed');
    refused(await ada.browser.put(`${path}/bans/${owner.user.id}`), 403, 'not_allowed');
    leave(ada);
  });

  test('are told of reports, read them with the message, and close them', async () => {
    const { owner, space, path, people } = await place(edge, 'Ada', 'Eve');
    const [ada, eve] = people;
    const boss = await Program.enter(owner, space);
    const { id } = await said(eve, path, 'buy my things');
    const report = { user_id: eve.user, message_id: id, reason: 'spam', text: 'again!' };
    refused(await ada.browser.post(`${path}/reports`, { ...report, message_id: 99 }), 404, 'no_such_message');
    refused(await ada.browser.post(`${path}/reports`, { ...report, user_id: owner.user.id }), 404, 'no_such_message');
    refused(await ada.browser.post(`${path}/reports`, { ...report, user_id: 'u_aaaaaaaaaaaaaaaa' }), 404, 'no_such_user');
    refused(await ada.browser.post(`${path}/reports`, { ...report, text: 'x'.repeat(1_001) }), 422, 'invalid_text');
    refused(await ada.browser.post(`${path}/reports`, { ...report, reason: 'boring' }), 422, 'invalid_body');
    assert.equal((await ada.browser.post(`${path}/reports`, report)).status, 204);
    assert.equal((await boss.gets('report')).space_id, space);
    refused(await ada.browser.get(`${path}/reports`), 403, 'not_allowed');
    const [open] = (await owner.get(`${path}/reports`)).body.reports;
    assert.deepEqual([open.reporter_name, open.user_name, open.reason, open.text, open.message.text], ['Ada', 'Eve', 'spam', 'again!', 'buy my things']);
    refused(await ada.browser.delete(`${path}/reports/${open.id}`), 403, 'not_allowed');
    assert.equal((await owner.delete(`${path}/reports/${open.id}`)).status, 204);
    refused(await owner.delete(`${path}/reports/${open.id}`), 404, 'no_such_number');
    assert.deepEqual((await owner.get(`${path}/reports`)).body.reports, []);
    for (let n = 0; n < 20; n += 1) assert.equal((await ada.browser.post(`${path}/reports`, report)).status, 204);
    refused(await ada.browser.post(`${path}/reports`, report), 429, 'too_many_reports');
    leave(ada, eve, boss);
  });
});

describe('a stranger', () => {
  test('learns nothing, whatever they ask, and changes nothing', async () => {
    const { owner, path, people } = await place(edge, 'Ada');
    const [ada] = people;
    const { id } = await said(ada, path, 'a secret');
    const stranger = await edge.member('Stranger');
    const asked = [
      ['get', 'messages'], ['get', `messages/${id}`], ['get', `messages/${id}/trace`], ['get', 'search?q=secret'], ['get', 'export'],
      ['get', 'channels'], ['post', 'channels', { name: 'x' }], ['patch', 'channels/1', { name: 'x' }], ['delete', 'channels/1'],
      ['patch', `messages/${id}`, { text: 'x' }], ['delete', `messages/${id}`], ['put', `messages/${id}/reactions/${THUMB}`],
      ['delete', `messages/${id}/reactions/${THUMB}`], ['get', 'bans'], ['put', `bans/${ada.user}`], ['delete', `bans/${ada.user}`],
      ['get', 'reports'], ['post', 'reports', { user_id: ada.user, reason: 'spam' }], ['delete', 'reports/1'], ['post', `rings/${ada.user}`],
    ];
    for (const [method, where, body] of asked) {
      const nobody = await edge.browser()[method](`${path}/${where}`, body);
      refused(nobody, 401, 'not_signed_in');
      const answer = await stranger[method](`${path}/${where}`, body);
      assert.ok([401, 403].includes(answer.status), `${method} ${where}: ${answer.status}`);
      refused(answer, 403, answer.body.error.code);
      assert.ok(['not_a_member', 'not_allowed'].includes(answer.body.error.code), `${method} ${where}: ${answer.body.error.code}`);
    }
    await owner.patch(path, { access: 'members' });
    for (const [method, where, body] of asked) refused(await stranger[method](`${path}/${where}`, body), 404, 'no_such_space');
    assert.equal((await owner.get(`${path}/messages/${id}`)).body.text, 'a secret');
    leave(ada);
  });
});
