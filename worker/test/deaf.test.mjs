// Objects that do not answer: whoever asked asks again, gives up in time, and says so.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Talker } from './crowd.mjs';
import { refused, start } from './harness.mjs';
import { PretendNode } from './node.mjs';
import { leave, place, until } from './place.mjs';

const TOKEN = 'what the nodes and we know, thirty-two bytes of it';
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
/** A question that hangs is given up after 5 s, and asked again 2 s later. */
const PLACED_MS_MAX = 15_000;

let edge;
before(async () => {
  edge = await start({
    main: 'worker/test/deaf.mjs',
    secrets: { FLEET_TOKEN: TOKEN, FLEET_PRIVATE_KEY: JSON.stringify(KEY) },
  });
});
after(() => edge.close());

/** What becomes of the next questions at this path. */
async function deaf(path, how) {
  assert.equal((await edge.raw('/api/deaf', { method: 'POST', body: JSON.stringify({ path, how }) })).status, 204);
}

describe('who is banned from a space that', () => {
  for (const how of [['fails', 'fails'], ['hangs']]) {
    test(`${how.join(' and ')} at first is sent out all the same`, async () => {
      const { owner, path, people: [eve] } = await place(edge, 'Eve');
      await deaf('/remove', [...how]);
      assert.equal((await owner.put(`${path}/bans/${eve.user}`)).status, 204);
      await eve.hears('refused');
      leave(eve);
    });
  }

  test('does not hear it stays shut out, and the moderator is told that they are still inside', async () => {
    const { owner, space, path, people: [eve] } = await place(edge, 'Eve');
    await deaf('/remove', Array(100).fill('fails'));
    refused(await owner.put(`${path}/bans/${eve.user}`), 503, 'not_sent_out');
    assert.deepEqual((await owner.get(`${path}/bans`)).body.bans.map(({ user_id }) => user_id), [eve.user]);
    refused(await eve.browser.knock(space), 403, 'banned');
    assert.equal(eve.socket.readyState, eve.socket.OPEN);
    // Once it hears again, the same request sends them out.
    await deaf('/remove', []);
    assert.equal((await owner.put(`${path}/bans/${eve.user}`)).status, 204);
    await eve.hears('refused');
    leave(eve);
  });
});

test('whoever blocks somebody is told where that does not hold yet, and tries once more', async () => {
  const { people: [ada, bob] } = await place(edge, 'Ada', 'Bob');
  await ada.peering(bob);
  await deaf('/blocks', Array(100).fill('fails'));
  refused(await ada.browser.put(`/api/blocks/${bob.user}`), 503, 'not_told');
  await deaf('/blocks', ['hangs']);
  assert.equal((await ada.browser.put(`/api/blocks/${bob.user}`)).status, 204);
  await ada.alone();
  leave(ada, bob);
});

test('a space that is not told of its end finds it when something is said', async () => {
  const { owner, path, people: [ada] } = await place(edge, 'Ada');
  await deaf('/close', Array(100).fill('fails'));
  assert.equal((await owner.delete(path)).status, 204);
  assert.equal(ada.socket.readyState, ada.socket.OPEN);
  ada.says('is anybody here?');
  await ada.hears('refused');
  await deaf('/close', []);
  leave(ada);
});

test('when a link is closed guests are sent out, or its owner is told that they are still inside', async () => {
  const { owner, path, people: [eve] } = await place(edge, 'Eve');
  await deaf('/remove-guests', Array(100).fill('fails'));
  refused(await owner.patch(path, { access: 'members' }), 503, 'not_sent_out');
  assert.equal((await owner.get(path)).body.access, 'members', 'nobody comes in by it any more');
  assert.equal(eve.socket.readyState, eve.socket.OPEN);
  await deaf('/remove-guests', []);
  assert.equal((await owner.patch(path, { access: 'members' })).status, 200);
  await eve.hears('refused');
  leave(eve);
});

describe('a crowd', () => {
  test('gets its room though the first question for a place hangs', async (t) => {
    const one = await PretendNode.start(edge, 'eu-1', { token: TOKEN });
    t.after(() => one.die());
    const nodes = async () => (await edge.raw('/api/fleet', { headers: { authorization: `Bearer ${TOKEN}` } })).body.nodes;
    await until(async () => (await nodes())[0]?.reached, 'the node is not reached');
    await deaf('/place', ['hangs']);
    const { space } = await place(edge);
    const talkers = [];
    while (talkers.length < 10) talkers.push(await Talker.arrive(edge, space, `Talker ${talkers.length + 1}`));
    await until(() => talkers.every(({ joined }) => joined.size > 0), 'nobody is led to a node', PLACED_MS_MAX);
    leave(...talkers);
    assert.deepEqual(one.faults, []);
  });
});
