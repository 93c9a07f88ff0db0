// What was acknowledged is there: exactly once, in order, however often the runtime dies and however long the database refuses.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Runtime } from './runtime.mjs';
import { Speaker } from './speaker.mjs';

/** One seed is one run, as far as the machine lets it be; another finds other moments. */
const SEED = Number(process.env.EARSHOT_SEED ?? 2026);
const KILLS = Number(process.env.EARSHOT_KILLS ?? 100);
/** Lives in which the database refuses, and that long where nobody dies. */
const REFUSED_LIVES = [40, 55];
const OUTAGE_MS = Number(process.env.EARSHOT_OUTAGE_MS ?? 60_000);
/** After an outage the space tries again within a minute. */
const RECORDED_MS_MAX = 75_000;
/** Messages that one may say at once; of more the space asks to wait. */
const AT_ONCE = 8;

let dying;
let refusing;
let sleeping;
let forgetting;
before(async () => {
  dying = await Runtime.start();
  refusing = await Runtime.start();
  sleeping = await Runtime.start();
  forgetting = await Runtime.start();
});
after(() => Promise.all([dying, refusing, sleeping, forgetting].map((runtime) => runtime.close())));

/** Numbers from 0 to below 1, the same for the same seed. */
function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function gathering(runtime, names) {
  const owner = await runtime.fetch('/api/auth/guest', { method: 'POST', body: { name: 'Owner' } });
  const made = await runtime.fetch('/api/spaces', { method: 'POST', token: owner.body.access_token, body: { name: 'X', template: 'office' } });
  assert.equal(made.status, 201);
  const speakers = [];
  for (const [n, name] of names.entries()) speakers.push(await Speaker.arrive(runtime, name, made.body.id, n + 1));
  return speakers;
}

/** The database refuses whatever is said or changed, or takes it again. */
const refuse = async (runtime) => {
  await runtime.sql("CREATE TRIGGER outage BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'refused'); END");
  await runtime.sql("CREATE TRIGGER outage_too BEFORE UPDATE ON messages BEGIN SELECT RAISE(ABORT, 'refused'); END");
};
const relent = async (runtime) => {
  await runtime.sql('DROP TRIGGER outage');
  await runtime.sql('DROP TRIGGER outage_too');
};

/** Waits until the record has as many messages, and nothing happens any more. */
async function recorded(runtime, count, ms_max = RECORDED_MS_MAX) {
  for (const end = Date.now() + ms_max; ; await sleep(250)) {
    const [{ n }] = await runtime.sql('SELECT count(*) AS n FROM messages');
    if (n >= count) break;
    assert.ok(Date.now() < end, `${n} of ${count} messages were recorded`);
  }
}

/** Waits until all that somebody said is acknowledged. */
async function acknowledged(...speakers) {
  for (const end = Date.now() + 5_000; speakers.some((speaker) => speaker.unacknowledged().length > 0); await sleep(20)) {
    assert.ok(Date.now() < end, 'what was said is acknowledged');
  }
}

/** Compares the record with what the speakers were told. */
async function settle(runtime, speakers) {
  const rows = await runtime.sql('SELECT id, author_id, text, reference, said_at FROM messages ORDER BY id');
  const traces = await runtime.sql('SELECT message_id, text_before FROM traces ORDER BY message_id, change_id');
  assert.equal(new Set(rows.map(({ reference }) => reference)).size, rows.length, 'each once');
  for (const speaker of speakers) {
    const mine = rows.filter(({ author_id }) => author_id === speaker.user);
    assert.deepEqual(mine.map(({ reference }) => reference), speaker.said.map(({ hex }) => hex), 'all of them, in the order in which they were said');
    assert.deepEqual(mine.map(({ id }) => id), speaker.said.map(({ id }) => id), 'under the ids that were acknowledged');
    for (const [n, row] of mine.entries()) {
      const possible = speaker.possible(speaker.said[n]);
      assert.ok(possible.includes(row.text), `${row.text} is none of ${possible}`);
      const asked = speaker.edits.filter(({ id }) => id === row.id);
      const kept = traces.filter(({ message_id }) => message_id === row.id);
      const [least, most] = [asked.filter(({ isAcknowledged }) => isAcknowledged).length, asked.length];
      assert.ok(kept.length >= least && kept.length <= most, `${kept.length} traces of ${least} to ${most} edits`);
      if (kept.length > 0) assert.equal(kept[0].text_before, speaker.said[n].text, 'the trace is of what was said');
    }
    for (const [id, { hex }] of speaker.heard) assert.equal(rows.find((row) => row.id === id)?.reference, hex, `what was told is kept: ${id}`);
  }
  const times = rows.map(({ said_at }) => said_at);
  assert.deepEqual(times, times.toSorted((a, b) => a - b), 'ids rise with time');
  return rows.length;
}

/** The same, once the last edits are there too: where nobody comes again after the last death, they wait for the alarm. */
async function settled(runtime, speakers) {
  for (const end = Date.now() + RECORDED_MS_MAX; ; await sleep(500)) {
    try {
      return await settle(runtime, speakers);
    } catch (difference) {
      if (Date.now() > end) throw difference;
    }
  }
}

describe('a space', { concurrency: true }, () => {
  test(`dies ${KILLS} times, and what it had acknowledged is there`, async () => {
    const random = dice(SEED);
    const speakers = await gathering(dying, ['Ada', 'Bob', 'Cleo', 'Dan']);
    const begun = Date.now();
    for (let life = 0; life < KILLS; life += 1) {
      if (life === REFUSED_LIVES[0]) await refuse(dying);
      if (life === REFUSED_LIVES[1]) await relent(dying);
      await Promise.all(speakers.map((speaker) => speaker.connect()));
      // Mostly while things are said and told; now and then while they are being recorded.
      const dies_at = Date.now() + 10 + random() * (life % 5 === 4 ? 900 : 150);
      const left = speakers.map((speaker) => AT_ONCE - speaker.unacknowledged().length);
      while (Date.now() < dies_at) {
        const who = Math.floor(random() * speakers.length);
        if (left[who] > 0) speakers[who].says(`${speakers[who].name} ${life} ${(left[who] -= 1)}`);
        if (random() < 0.15) void speakers[who].edits_one(Math.floor(random() * 1_000), `${speakers[who].name} edits in ${life}: ${random()}`);
        await sleep(Math.min(random() * 25, Math.max(0, dies_at - Date.now())));
      }
      await dying.kill();
      speakers.forEach((speaker) => speaker.leave());
      await dying.again();
    }
    const took_s = (Date.now() - begun) / 1_000;
    // Whatever is left is said now, as often as the space asks to wait.
    for (const end = Date.now() + 60_000; speakers.some((speaker) => speaker.unacknowledged().length > 0); await sleep(500)) {
      assert.ok(Date.now() < end, 'all is acknowledged at last');
      speakers.forEach((speaker) => speaker.socket.terminate());
      await Promise.all(speakers.map((speaker) => speaker.connect()));
      await sleep(500);
    }
    await recorded(dying, speakers.reduce((sum, { said }) => sum + said.length, 0));
    const count = await settled(dying, speakers);
    const edits = speakers.flatMap(({ edits }) => edits);
    console.log(`# ${KILLS} lives in ${took_s.toFixed(0)} s: ${count} messages, ${edits.length} edits, of which ${edits.filter(({ isAcknowledged }) => isAcknowledged).length} were acknowledged`);
    assert.ok(count >= KILLS, 'there was something to lose');
    speakers.forEach((speaker) => speaker.leave());
  });

  test(`goes on talking while the database refuses for ${OUTAGE_MS / 1_000} s`, async () => {
    const speakers = await gathering(refusing, ['Eve', 'Fay', 'Gil']);
    await Promise.all(speakers.map((speaker) => speaker.connect()));
    await refuse(refusing);
    for (const end = Date.now() + OUTAGE_MS; Date.now() < end; ) {
      for (const speaker of speakers) speaker.says(`${speaker.name} at ${Date.now()}`);
      await sleep(1_100);
      for (const speaker of speakers) assert.ok(speaker.unacknowledged().length === 0, `${speaker.name}: said and acknowledged`);
    }
    const count = speakers.reduce((sum, { said }) => sum + said.length, 0);
    assert.equal((await refusing.sql('SELECT count(*) AS n FROM messages'))[0].n, 0, 'nothing of it is in the record');
    await relent(refusing);
    const begun = Date.now();
    await recorded(refusing, count);
    const waited = speakers.flatMap(({ said }) => said.map(({ waited_ms }) => waited_ms)).sort((a, b) => a - b);
    console.log(`# ${count} messages said in ${OUTAGE_MS / 1_000} s of refusals, acknowledged within ${waited.at(-1)} ms at most, recorded ${((Date.now() - begun) / 1_000).toFixed(0)} s after`);
    assert.equal(await settle(refusing, speakers), count);
    speakers.forEach((speaker) => speaker.leave());
  });

  test('delivers what is left by itself, where it died in an outage and nobody ever comes again', async () => {
    const [hal] = await gathering(sleeping, ['Hal']);
    await refuse(sleeping);
    await hal.connect();
    hal.says('my last words');
    await acknowledged(hal);
    await sleeping.kill();
    hal.leave();
    await sleeping.again();
    await relent(sleeping);
    await recorded(sleeping, 1);
    assert.equal(await settle(sleeping, [hal]), 1);
  });

  test('records what it acknowledged anew under a reference that it had forgotten, and that once, though it dies', async () => {
    const [ivy] = await gathering(forgetting, ['Ivy']);
    await ivy.connect();
    ivy.says('again and again');
    await acknowledged(ivy);
    await recorded(forgetting, 1);
    // A quarter of an hour passes, or thousands of messages: the record has one under a reference that the object does not know.
    const first = ivy.said[0].id;
    const next = (ivy.next + 1n).toString(16).padStart(16, '0');
    await forgetting.sql(`UPDATE messages SET reference = '${next}' WHERE id = ${first}`);
    ivy.says('again and again');
    await acknowledged(ivy);
    const mine = ivy.said[1];
    const second = mine.id;
    assert.deepEqual([mine.hex, second > first], [next, true]);
    // Whoever does not know that it was acknowledged says it once more, to an object that has died meanwhile.
    await forgetting.kill();
    ivy.leave();
    await forgetting.again();
    mine.id = undefined;
    await ivy.connect();
    await acknowledged(ivy);
    assert.equal(mine.id, second, 'said again it is the same message');
    await recorded(forgetting, 2);
    const rows = await forgetting.sql(`SELECT id FROM messages WHERE reference = '${mine.hex}' ORDER BY id`);
    assert.deepEqual(rows.map(({ id }) => id), [first, second]);
    for (const id of [first, second]) assert.equal((await ivy.asks('GET', `messages/${id}`)).status, 200, `history has ${id}`);
    assert.equal((await forgetting.sql('SELECT count(*) AS n FROM messages'))[0].n, 2, 'and nothing twice');
    ivy.leave();
  });
});
