// The Worker's half of the media fleet, with nodes that pretend: who registers, where rooms go, what nodes are told, and
// who is led to them.
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { Talker } from './crowd.mjs';
import { refused, start } from './harness.mjs';
import { PretendNode } from './node.mjs';
import { leave, until } from './place.mjs';

const TOKEN = 'what the nodes and we know, thirty-two bytes of it';
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const KEY = newKey();
/** Nodes are lost after three and a half of these. */
const BEAT_MS = 400;

let edge;
let fleet;
before(async () => {
  edge = await start({ vars: { FLEET_BEAT_MS: `${BEAT_MS}` }, secrets: { FLEET_TOKEN: TOKEN, FLEET_PRIVATE_KEY: JSON.stringify(KEY) } });
  const { FLEET } = await edge.worker.getEnv();
  fleet = FLEET.get(FLEET.idFromName('fleet'));
});
after(() => edge.close());

const running = [];
const everybody = [];
/** Some that stand together in a new space until the test is over. */
async function crowd(count, at = edge) {
  const owner = await at.member('Owner');
  const { id: space } = await owner.space();
  const talkers = [];
  while (talkers.length < count) {
    talkers.push(await Talker.arrive(at, space, `Talker ${talkers.length + 1}`));
    everybody.push(talkers.at(-1));
  }
  return { owner, space, talkers };
}

/** A node that runs until the test is over. */
async function node(id, more = {}) {
  const one = await PretendNode.start(edge, id, { token: TOKEN, ...more });
  running.push(one);
  await until(async () => (await nodes()).find((known) => known.id === id)?.reached, `${id} is not reached`);
  return one;
}
/** A node that has not said a word yet. */
async function unregistered() {
  const one = new PretendNode(edge, 'eu-1', { token: TOKEN });
  running.push(one);
  await one.listen();
  return one;
}
afterEach(async () => {
  const faults = running.flatMap((one) => one.faults);
  for (const one of running.splice(0)) one.die();
  leave(...everybody.splice(0));
  // The next test has the fleet to itself.
  await until(async () => (await nodes()).length === 0, 'the nodes are not forgotten');
  assert.deepEqual(faults, []);
});

const nodes = async () => (await edge.raw('/api/fleet', { headers: { authorization: `Bearer ${TOKEN}` } })).body.nodes;

/** Asks the fleet's object itself. */
async function ask(path, body) {
  const answer = await fleet.fetch(`https://fleet/${path}`, { method: 'POST', body: JSON.stringify(body) });
  return answer.status === 204 ? null : answer.json();
}
const place = async (room, more = {}) => (await ask('place', { space: 'aaaaaaaaaaaaaaaa', room, participants: 10, region: '', ...more })).placement;

/** A token as the Worker makes them, by whatever key. */
function forge(claims, key = KEY, head = { typ: 'JWT', alg: 'ES256', kid: undefined }) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(head)}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: createPrivateKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

describe('a node', () => {
  test('registers with the token of the fleet, and is told when to beat again', async () => {
    const one = await node('eu-1', { region: 'EU-North', capacity: 50, participants: 3, load: 0.25 });
    const { body } = await one.beat();
    assert.deepEqual(body, { beat_ms: BEAT_MS });
    const [known, ...others] = await nodes();
    assert.deepEqual(others, []);
    const { seen_at, ...rest } = known;
    assert.ok(Math.abs(seen_at - Date.now()) < 5_000);
    assert.deepEqual(rest, { id: 'eu-1', url: one.url, region: 'eu-north', capacity: 50, participants: 3, load: 0.25, draining: false, reached: true, rooms: 0, version: '0.0.0' });
  });

  test('with another token, or none, is nobody; and so is who asks for the list', async () => {
    const one = await unregistered();
    const ada = await edge.guest();
    for (const token of [TOKEN.slice(1), `${TOKEN}x`, '', 'x', ada.token]) {
      refused(await Object.assign(one, { token }).beat(), 401, 'wrong_fleet_token');
      refused(await edge.raw('/api/fleet', { headers: { authorization: `Bearer ${token}` } }), 401, 'wrong_fleet_token');
    }
    refused(await edge.raw('/api/fleet'), 401, 'wrong_fleet_token');
    refused(await ada.get('/api/fleet'), 401, 'wrong_fleet_token');
  });

  test('that says nonsense of itself is told what', async () => {
    const one = await unregistered();
    for (const [more, code] of [
      [{ url: 'ftp://192.0.2.1' }, 'invalid_beat'],
      [{ url: 'http://user:word@192.0.2.1' }, 'invalid_beat'],
      [{ region: 'with space' }, 'invalid_beat'],
      [{ run: '' }, 'invalid_beat'],
      [{ load: -1 }, 'invalid_beat'],
      [{ capacity: 4_000_000 }, 'invalid_beat'],
      [{ capacity: -1 }, 'invalid_body'],
      [{ load: 'much' }, 'invalid_body'],
      [{ more: 1 }, 'invalid_body'],
    ]) {
      refused(await one.beat(more), 422, code);
    }
    for (const id of ['EU', 'a_b', 'a'.repeat(41)]) refused(await Object.assign(one, { id }).beat(), 404, 'no_such_node');
    assert.deepEqual(await nodes(), []);
  });

  test('learns the public key, and nothing private, from an address that may be cached', async () => {
    const { body, headers } = await edge.raw('/api/fleet/keys');
    assert.match(headers.get('cache-control'), /^public, max-age=\d+$/);
    const [{ kid, ...key }, ...others] = body.keys;
    assert.deepEqual([key, others], [{ kty: 'EC', crv: 'P-256', x: KEY.x, y: KEY.y }, []]);
    assert.match(kid, /^[\w-]{43}$/);
  });

  test('that cannot be reached where it says that it is gets no room until it can', async () => {
    const one = await unregistered();
    one.instead.live = [500, {}];
    await one.beat();
    one.beating = setInterval(() => one.beat(), BEAT_MS / 2);
    assert.equal(await place(1), null);
    assert.equal((await nodes())[0].reached, false);
    one.instead.live = [200, { run: 'of another' }];
    await one.beat();
    assert.equal(await place(1), null);
    one.instead = {};
    await until(async () => (await place(1))?.node === 'eu-1', 'it is never taken');
  });
});

describe('a room', () => {
  test('goes to the least loaded node of its region, and stays there', async () => {
    await node('eu-1', { region: 'eu', participants: 40 });
    await node('eu-2', { region: 'eu', participants: 20 });
    await node('na-1', { region: 'na' });
    assert.equal((await place(1, { region: 'eu' })).node, 'eu-2');
    assert.equal((await place(2, { region: 'sa' })).node, 'na-1');
    // Who was placed counts before the node knows of it.
    assert.equal((await place(3, { region: 'eu', participants: 25 })).node, 'eu-2');
    assert.equal((await place(4, { region: 'eu' })).node, 'eu-1');
    assert.equal((await place(1, { region: 'na' })).node, 'eu-2', 'asked again, it is where it was');
    assert.deepEqual((await nodes()).map(({ id, rooms }) => [id, rooms]), [['eu-1', 1], ['eu-2', 2], ['na-1', 1]]);
    await ask('gone', { space: 'aaaaaaaaaaaaaaaa', rooms: [1, 2, 3, 4] });
    assert.deepEqual((await nodes()).map(({ rooms }) => rooms), [0, 0, 0]);
  });

  test('has no place where all are full, draining or dead', async () => {
    const one = await node('eu-1', { capacity: 9 });
    assert.equal(await place(1), null);
    one.more = { capacity: 100 };
    await one.beat();
    assert.equal((await place(1)).node, 'eu-1');
    one.draining = true;
    await one.beat();
    assert.equal(await place(2), null);
    one.draining = false;
    await one.beat();
    assert.equal((await place(2)).node, 'eu-1');
    one.die();
    await until(async () => (await place(3)) === null, 'a dead node gets rooms');
  });

  test('of a dead node is found out at once by whoever asks', async () => {
    const [one] = [await node('eu-1'), await node('eu-2', { participants: 50 })];
    for (const room of [1, 2, 3]) await place(room, { participants: 0 });
    const probe = async (...rooms) => (await ask('probe', { space: 'aaaaaaaaaaaaaaaa', rooms })).gone;
    assert.deepEqual(await probe(1, 2, 9), [9]);
    await one.beat();
    one.die();
    // An answer counts for a moment.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = Date.now();
    assert.deepEqual(await probe(1), [1]);
    assert.ok(Date.now() - began < 500, `${Date.now() - began} ms`);
    assert.ok(!(await nodes()).some(({ id }) => id === 'eu-1'));
    assert.deepEqual(await probe(2, 3), [2, 3]);
    assert.equal((await place(4)).node, 'eu-2');
    await ask('gone', { space: 'aaaaaaaaaaaaaaaa', rooms: [4] });
  });

  test('of a node that answers wrongly once stays; of one that does so twice it goes', async () => {
    const [one] = [await node('eu-1'), await node('eu-2', { participants: 50 })];
    assert.equal((await place(1)).node, 'eu-1');
    const probe = async () => (await ask('probe', { space: 'aaaaaaaaaaaaaaaa', rooms: [1] })).gone;
    for (const wrong of ['reset', [502, {}], [200, {}], [200, 'no JSON'], 'silence']) {
      // An answer counts for a moment.
      await new Promise((resolve) => setTimeout(resolve, 300));
      // A beat that was missed would be a second sign.
      await one.beat();
      one.once.live = wrong;
      assert.deepEqual(await probe(), [], `${wrong}`);
      assert.equal(one.once.live, undefined, 'it was asked');
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    one.instead.live = [502, {}];
    const began = Date.now();
    await one.beat();
    assert.deepEqual(await probe(), [1]);
    assert.ok(Date.now() - began < 1_200, 'long before it has missed its beats');
  });

  test('has places for those who listen, where anybody has', async () => {
    await node('eu-1', { region: 'eu', capacity: 20 });
    await node('na-1', { region: 'na', capacity: 400 });
    const hall = { participants: 1, listeners: 150, region: 'eu' };
    assert.equal((await place(1, hall)).node, 'na-1');
    // Those are on their way, and so are these.
    assert.equal((await place(2, hall)).node, 'na-1');
    assert.equal((await place(3, { ...hall, listeners: 10 })).node, 'eu-1');
    // Nobody has places for so many: better some of them than nobody.
    assert.equal((await place(4, { ...hall, listeners: 500 })).node, 'na-1');
    await ask('gone', { space: 'aaaaaaaaaaaaaaaa', rooms: [1, 2, 3, 4] });
  });

  test('of a node that is out of breath stays; what was moved stays where it is now', async () => {
    const [one, two] = [await node('eu-1'), await node('eu-2', { participants: 50 })];
    assert.equal((await place(1)).node, 'eu-1');
    const probe = async (room) => (await ask('probe', { space: 'aaaaaaaaaaaaaaaa', rooms: [room] })).gone;
    // It does not come round to answering, but it beats.
    one.instead.live = 'silence';
    one.server.closeAllConnections();
    assert.deepEqual(await probe(1), []);
    assert.equal((await place(1)).node, 'eu-1');
    // It says nothing at all for a while: it is lost, and comes back as the same run.
    clearInterval(one.beating);
    assert.deepEqual(await probe(1), [1]);
    assert.equal((await place(2)).node, 'eu-2');
    one.instead = {};
    await one.beat();
    one.beating = setInterval(() => one.beat(), BEAT_MS / 2);
    await until(async () => (await nodes()).find(({ id }) => id === 'eu-1')?.reached, 'it is not taken back');
    assert.equal((await place(2)).node, 'eu-2');
    assert.deepEqual(await probe(1), [1], 'it has forgotten its room, as far as the fleet is concerned');
    assert.equal((await place(3)).node, 'eu-1');
    assert.deepEqual(two.faults, []);
    await ask('gone', { space: 'aaaaaaaaaaaaaaaa', rooms: [2, 3] });
  });
});

describe('a crowd', () => {
  test('gets a room, a node that knows who hears whom, and grants that let in', async () => {
    const one = await node('eu-1');
    const { owner, space, talkers } = await crowd(12);
    await until(() => talkers.every(({ joined }) => joined.size > 0), 'nobody is led to a node');
    const home = talkers[0].home;
    assert.ok(talkers.every((talker) => talker.home === home), 'one room for all of them');
    const told = await until(() => {
      const room = one.rooms.get(`${space}/${home}`);
      return room?.participants.length === 12 && room.participants.every(({ hears }) => hears.length === 11) && room;
    }, 'the node never knows them all');
    const ids = talkers.map(({ id }) => id).sort((a, b) => a - b);
    assert.deepEqual(told.participants.map(({ session }) => session), ids);
    for (const { session, publish, hears } of told.participants) {
      assert.ok(publish);
      assert.deepEqual(hears.map(([id]) => id), ids.filter((id) => id !== session));
      assert.ok(hears.every(([, weight, pinned]) => weight >= 1 && weight <= 100 && pinned === 0));
    }
    assert.equal(one.joins.length, 12);
    for (const { grant, offer } of one.joins) {
      assert.deepEqual({ ...grant, jti: '', iat: 0, exp: 0 }, { iss: 'earshot', aud: 'eu-1', sub: grant.sub, space, room: home, at: one.url, publish: true, jti: '', iat: 0, exp: 0 });
      assert.equal(grant.exp - grant.iat, 300);
      assert.equal(offer, `v=0\r\ns=offer of ${grant.sub}\r\n`);
    }
    assert.deepEqual(one.joins.map(({ grant }) => Number(grant.sub)).sort((a, b) => a - b), ids);
    assert.ok(talkers.every(({ refusals }) => refusals.length === 0), 'nobody came before the node knew of them');
    // Once all flows through the room, nobody needs another way.
    await until(() => talkers.every(({ peers }) => peers.length === 0), 'the mesh does not end');
    // One leaves: the node hears of it.
    talkers[11].socket.send(Buffer.from([0x32, 0]));
    await until(() => one.rooms.get(`${space}/${home}`).participants.length === 11, 'who left is still listed');
    const gaps = one.posts.slice(1).map((at, n) => at - one.posts[n]);
    assert.ok(gaps.every((gap) => gap >= 180), `five posts a second: ${gaps}`);
    // The crowd ends: so does its room, at the node and at the fleet.
    leave(...talkers);
    await owner.delete(`/api/spaces/${space}`);
    await until(() => one.closed.has(`${space}/${home}`), 'the node is not told that the room is no more');
    await until(async () => (await nodes())[0].rooms === 0, 'the fleet still has the room');
  });

  test('is moved where its node drains, restarts, or is silent', async () => {
    const nodes = { 'eu-1': await node('eu-1'), 'eu-2': await node('eu-2') };
    const { space, talkers } = await crowd(10);
    const settled = async (before) => {
      await until(() => talkers.every(({ home, joined }) => home && home !== before && joined.has(home)), 'nobody is led elsewhere');
      const home = talkers[0].home;
      const at = Object.keys(nodes).find((id) => nodes[id].joins.some(({ grant }) => grant.room === home));
      return { home, at, other: at === 'eu-1' ? 'eu-2' : 'eu-1' };
    };
    // Draining: the old room goes on until all are in the new one.
    const first = await settled();
    nodes[first.at].draining = true;
    await nodes[first.at].beat();
    const second = await settled(first.home);
    assert.equal(second.at, first.other);
    await until(() => nodes[first.at].closed.has(`${space}/${first.home}`), 'the old room does not end');
    await until(() => talkers.every(({ told }) => told.length === 1), 'nobody stays in the old room');
    // Restarted under its name.
    nodes[first.at].draining = false;
    await nodes[first.at].beat();
    nodes[second.at].run = 'another';
    nodes[second.at].rooms.clear();
    await nodes[second.at].beat();
    const third = await settled(second.home);
    // Silent: no beat, and whoever asks gets no answer. Nobody says a word.
    nodes[third.at].die();
    const fourth = await settled(third.home);
    assert.equal(fourth.at, third.other);
  });

  test('leaves a node that drains in its turn, unless somebody comes in, misses it, or the node dies', async () => {
    const one = await node('eu-1');
    const isIn = ({ talkers }) => talkers.every(({ home, joined }) => joined.has(home));
    const settled = async () => {
      const all = await crowd(10);
      await until(() => isIn(all), 'nobody is led to a node');
      return { ...all, first: all.talkers[0].home };
    };
    const hasMoved = (all) => isIn(all) && all.talkers.every(({ home }) => home !== all.first);
    const probe = async (room) => (await ask('probe', { space: 'aaaaaaaaaaaaaaaa', rooms: [room] })).gone;
    // Rooms that nobody is in: one before the first crowd, and so many before the others that those have to wait for long.
    const others = [1, 2, 3, 4, 5, 6];
    await place(1, { participants: 0 });
    const second = await settled();
    for (const room of others.slice(1)) await place(room, { participants: 0 });
    const [entered, last] = [await settled(), await settled()];
    await node('eu-2');
    assert.deepEqual(await probe(5), []);
    one.draining = true;
    one.instead.join = [503, { error: 'draining', message: '' }];
    await one.beat();
    assert.ok(![second, entered, last].some(hasMoved), 'they wait');
    // What was decided is kept.
    await edge.worker.evictDurableObject('FleetObject', { name: 'fleet' });
    await until(() => hasMoved(second), 'the second has no turn');
    assert.ok(![entered, last].some(hasMoved), 'the others wait');
    // Of which somebody hears nothing, or whose place is asked for anew.
    assert.deepEqual(await probe(5), [5]);
    assert.equal((await place(6, { participants: 0 })).node, 'eu-2');
    assert.deepEqual(await probe(6), []);
    // Who comes in is turned away, and nobody waits any longer.
    const newcomer = await Talker.arrive(edge, entered.space, 'Newcomer');
    everybody.push(newcomer);
    await until(() => hasMoved(entered) && newcomer.joined.has(entered.talkers[0].home), 'who comes in has to wait');
    assert.ok(newcomer.refusals.every((code) => code === 'node_draining'), `${newcomer.refusals}`);
    assert.ok(!hasMoved(last), 'the last still waits');
    // It ends before their turn: that is another's death.
    one.die();
    await until(() => hasMoved(last), 'the last does not move');
    await ask('gone', { space: 'aaaaaaaaaaaaaaaa', rooms: others });
  });

  test('is elsewhere a moment after somebody says that its node is dead', async () => {
    const nodes = { 'eu-1': await node('eu-1'), 'eu-2': await node('eu-2') };
    const { talkers } = await crowd(10);
    await until(() => talkers.every(({ home, joined }) => joined.has(home)), 'nobody is led to a node');
    const { home } = talkers[0];
    const at = Object.keys(nodes).find((id) => nodes[id].joins.some(({ grant }) => grant.room === home));
    // Somebody is wrong, or has bad will: nothing happens.
    talkers[0].misses(home);
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.ok(talkers.every((talker) => talker.home === home));
    // The TCP port is dead with all the rest, but the fleet has heard the last beat just now.
    await nodes[at].beat();
    nodes[at].die();
    const died = Date.now();
    for (const talker of talkers) talker.misses(home);
    await until(() => talkers.every((talker) => talker.home !== home && talker.joined.has(talker.home)), 'nobody is led elsewhere');
    assert.ok(Date.now() - died < 1_500, `${Date.now() - died} ms`);
  });

  test('whose node does not take hearing sets has them told again, the newest only', async () => {
    const one = await node('eu-1');
    one.instead.hearing = [500, {}];
    const { space, talkers } = await crowd(10);
    await until(async () => (await nodes())[0].rooms === 1, 'the room is not placed');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    one.instead = {};
    await until(() => [...one.rooms.keys()].some((key) => key.startsWith(space)), 'the node is never told');
    await until(() => talkers.every(({ home, joined }) => joined.has(home)), 'nobody is led to the node');
  });

  test('stays where it is though its node refuses what it is told of it', async () => {
    const one = await node('eu-1');
    const { space, talkers } = await crowd(10);
    await until(() => talkers.every(({ home, joined }) => joined.has(home)), 'nobody is led to a node');
    const { home } = talkers[0];
    one.instead.hearing = [413, { error: 'too_large', message: '' }];
    const newcomer = await Talker.arrive(edge, space, 'Newcomer');
    everybody.push(newcomer);
    // Longer than a node that does not listen is waited for.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    assert.ok(talkers.every((talker) => talker.home === home && talker.joined.has(home)), 'nobody moved');
    assert.ok((await nodes()).some(({ id }) => id === 'eu-1'));
    // What is news after that is taken, and whoever came meanwhile is among it.
    one.instead = {};
    talkers[9].socket.send(Buffer.from([0x32, 0]));
    const ids = [...talkers.slice(0, 9), newcomer].map(({ id }) => id).sort((a, b) => a - b);
    const told = () => one.rooms.get(`${space}/${home}`).participants.map(({ session }) => session);
    await until(() => JSON.stringify(told()) === JSON.stringify(ids), 'the node is not told any more');
  });

  test('goes on where both objects lose their memory', async () => {
    const nodes = { 'eu-1': await node('eu-1'), 'eu-2': await node('eu-2') };
    const { space, talkers } = await crowd(10);
    await until(() => talkers.every(({ home, joined }) => joined.has(home)), 'nobody is led to a node');
    const [ada] = talkers;
    const { home } = ada;
    const at = Object.keys(nodes).find((id) => nodes[id].joins.some(({ grant }) => grant.room === home));
    await edge.worker.evictDurableObject('SpaceObject', { name: space, webSockets: 'hibernate' });
    await edge.worker.evictDurableObject('FleetObject', { name: 'fleet' });
    // Where the room is was kept, and so was which rooms the node has.
    const before = ada.grants.length;
    ada.wants(home);
    await until(() => ada.grants.length > before, 'no grant comes');
    assert.ok(talkers.every((talker) => talker.home === home), 'nobody moved');
    nodes[at].draining = true;
    await nodes[at].beat();
    await until(() => talkers.every((talker) => talker.home !== home && talker.joined.has(talker.home)), 'nobody is led elsewhere');
  });

  test('without a node is connected as before', async () => {
    const { talkers } = await crowd(10);
    await until(() => talkers.every(({ peers }) => peers?.length > 0), 'nobody is connected');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.ok(talkers.every(({ told, grants }) => told.length === 0 && grants.length === 0));
  });
});

describe('the way to a node', () => {
  /** Somebody with a grant that was not used. */
  async function granted() {
    const one = await node('eu-1');
    const { space, talkers } = await crowd(10);
    const [ada] = talkers;
    ada.joins = async () => {};
    ada.grants.length = 0;
    await until(() => ada.grants.length > 0, 'no grant comes');
    await until(() => talkers.slice(1).every(({ joined }) => joined.size === 1), 'the others are not there');
    const join = (grant, { offer = 'v=0\r\n', who = ada.browser, at = space } = {}) => who.post(`/api/spaces/${at}/media/join`, { grant, offer });
    return { one, space, talkers, ada, join, grant: ada.grants[0].grant };
  }

  test('is for who is signed in and has a grant of this space that is whole and in time', async () => {
    const { one, space, talkers, ada, join, grant } = await granted();
    const [head, claims, signature] = grant.split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url'));
    const said = JSON.parse(Buffer.from(claims, 'base64url'));
    const now = Math.floor(Date.now() / 1_000);
    const made = (more, key, more_head) => forge({ ...said, ...more }, key, { typ: 'JWT', alg: 'ES256', kid, ...more_head });
    const before = one.joins.length;
    refused(await join(grant, { who: edge.browser() }), 401, 'not_signed_in');
    const { id: elsewhere } = await ada.browser.space('Elsewhere');
    for (const [wrong, at] of [
      ['', space],
      ['x.y.z', space],
      [grant, elsewhere],
      [made({}, newKey()), space],
      [made({ space: elsewhere }, newKey()), elsewhere],
      [made({}, KEY, { alg: 'none' }), space],
      [made({}, KEY, { kid: 'another' }), space],
      [`${head}.${Buffer.from(JSON.stringify({ ...said, room: 99 })).toString('base64url')}.${signature}`, space],
      [`${head}.${claims}.`, space],
      [made({ iat: now - 301, exp: now - 1 }), space],
      [made({ exp: now + 10_000 }), space],
      [made({ iss: 'another' }), space],
      // A word is no grant, although its signature is good.
      [forge({ iss: 'earshot', aud: 'eu-1', digest: 'x', iat: now, exp: now + 30 }, KEY, { typ: 'JWT', alg: 'ES256', kid }), space],
      ['x'.repeat(2_001), space],
    ]) {
      refused(await join(wrong, { at }), 403, 'bad_grant');
    }
    assert.equal(one.joins.length, before, 'the node saw none of it');
    // The very same, whole: once.
    assert.equal((await join(grant)).status, 200);
    refused(await join(grant), 409, 'used_grant');
  });

  test('has an end: offers that are too long, nodes that are full, slow, wrong or dead', async () => {
    const { one, talkers, join, grant } = await granted();
    refused(await join(grant, { offer: 'x'.repeat(200_001) }), 413, 'offer_too_large');
    refused(await join(grant, { offer: 'x'.repeat(260_000) }), 413, 'too_large');
    for (const [instead, status, code] of [
      [[400, { error: 'bad_offer', message: '' }], 422, 'bad_offer'],
      [[401, { error: 'bad_grant', message: '' }], 403, 'bad_grant'],
      [[403, { error: 'not_in_room', message: '' }], 403, 'not_in_room'],
      [[413, { error: 'too_large', message: '' }], 413, 'offer_too_large'],
      [[503, { error: 'full', message: '' }], 503, 'node_full'],
      [[503, { error: 'draining', message: '' }], 503, 'node_draining'],
      [[503, { error: 'no_keys', message: '' }], 503, 'node_not_ready'],
      [[500, {}], 502, 'node_unreachable'],
      [[302, {}], 502, 'node_unreachable'],
      [[201, 'no SDP'], 502, 'node_unreachable'],
      [[201, `v=0${'x'.repeat(200_000)}`], 502, 'node_unreachable'],
      ['silence', 502, 'node_unreachable'],
    ]) {
      one.instead.join = instead;
      refused(await join(grant), status, code);
    }
    one.instead = {};
    const offer = `v=0\r\n${`a=${'x'.repeat(36)}\r\n`.repeat(4_900)}`;
    assert.ok(offer.length > 190_000);
    assert.equal((await join(grant, { offer })).status, 200);
    one.die();
    refused(await join(grant), 502, 'node_unreachable');
  });
});

describe('an installation', () => {
  test('does not lead one user to nodes without end', async (t) => {
    const edge = await start({ vars: { RATE_LIMITS: 'on' }, secrets: { FLEET_TOKEN: TOKEN, FLEET_PRIVATE_KEY: JSON.stringify(KEY) } });
    t.after(() => edge.close());
    const [ada, bob] = [await edge.guest('Ada'), await edge.guest('Bob')];
    const join = (who) => who.post('/api/spaces/commons/media/join', { grant: 'x', offer: 'v=0' });
    const answers = [];
    // Twice the limit and more: the platform counts by the minute, and a minute may end meanwhile.
    while (answers.length < 250 && answers.at(-1)?.status !== 429) answers.push(await join(ada));
    refused(answers.at(-1), 429, 'too_many_requests');
    refused(answers[0], 403, 'bad_grant');
    refused(await join(bob), 403, 'bad_grant');
  });

  test('without key or token has no fleet, and works', async (t) => {
    for (const secrets of [
      { FLEET_TOKEN: '', FLEET_PRIVATE_KEY: '' },
      { FLEET_TOKEN: TOKEN, FLEET_PRIVATE_KEY: '{}' },
      { FLEET_TOKEN: 'too short', FLEET_PRIVATE_KEY: JSON.stringify(KEY) },
    ]) {
      const plain = await start({ secrets });
      t.after(() => plain.close());
      assert.deepEqual((await plain.raw('/api/fleet/keys')).body, { keys: [] });
      const one = new PretendNode(plain, 'eu-1', { token: secrets.FLEET_TOKEN, url: 'http://127.0.0.1:9' });
      refused(await one.beat(), 404, 'no_fleet');
      const { space, talkers } = await crowd(2, plain);
      refused(await talkers[0].browser.post(`/api/spaces/${space}/media/join`, { grant: '', offer: '' }), 404, 'no_fleet');
      await until(() => talkers.every(({ peers }) => peers?.length === 1), 'nobody is connected');
    }
  });
});
