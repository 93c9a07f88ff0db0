// The servers by which browsers find a way to each other: who is told of them, and what the credentials are worth.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { refused, SECRET, start } from './harness.mjs';

const TURN_SECRET = 'what the relay and we know, thirty-two bytes of it';
const STUN = 'stun:stun.example:3478';
const TURN = ['turn:turn.example:3478?transport=udp', 'turn:turn.example:3478?transport=tcp', 'turns:turn.example:443?transport=tcp'];
const HOUR_S = 3600;

let edge;
before(async () => {
  edge = await start({ vars: { STUN_URLS: STUN, TURN_URLS: TURN.join(', ') }, secrets: { TURN_SECRET } });
});
after(() => edge.close());

/** Somebody who has made a space, and what it is told. */
async function owner(more = {}) {
  const ada = await edge.member('Ada');
  const { id } = await ada.space('Ours', more);
  return { ada, id, ice: (who = ada) => who.post(`/api/spaces/${id}/ice`) };
}

describe('who has joined', () => {
  test('gets STUN, and a credential that the relay will honour for an hour', async () => {
    const { ice } = await owner();
    const asked = Math.floor(Date.now() / 1000);
    const { status, body, headers } = await ice();
    const answered = Math.ceil(Date.now() / 1000);
    assert.equal(status, 200);
    assert.equal(headers.get('cache-control'), 'no-store');
    const [stun, turn] = body.ice_servers;
    assert.deepEqual(stun, { urls: [STUN] });
    assert.deepEqual(turn.urls, TURN);
    const [expiry, name] = turn.username.split(':');
    assert.ok(Number(expiry) >= asked + HOUR_S && Number(expiry) <= answered + HOUR_S, 'an hour, neither more nor less');
    assert.equal(body.expires_at, Number(expiry) * 1000, 'the client is told the same as the relay');
    assert.match(name, /^[a-z2-7]{16}$/);
    assert.equal(turn.credential, createHmac('sha1', TURN_SECRET).update(turn.username).digest('base64'));
    assert.equal(body.relay_only, false);
  });

  test('is nobody the relay could know, and the same one for its quota', async () => {
    const { ada, id, ice } = await owner();
    const grace = await edge.guest('Grace');
    await grace.post(`/api/spaces/${id}/join`);
    const [hers, again, other] = [await ice(), await ice(), await ice(grace)];
    const name = (answer) => answer.body.ice_servers[1].username.split(':')[1];
    // The hour may end between two requests; then the name changes once.
    if (Math.floor(hers.body.expires_at / 3_600_000) === Math.floor(again.body.expires_at / 3_600_000)) {
      assert.equal(name(hers), name(again));
    }
    assert.notEqual(name(hers), name(other));
    for (const secret of [ada.user.id, ada.user.id.slice(2), ada.user.name, ada.email, id, TURN_SECRET, SECRET]) {
      assert.ok(!hers.text.includes(secret), 'nothing of hers is in it');
    }
  });

  test('by a link is let in too, as they are into the space', async () => {
    const guest = await edge.guest();
    await guest.post('/api/spaces/commons/join');
    assert.equal((await guest.post('/api/spaces/commons/ice')).status, 200);
  });
});

describe('whoever may not enter', () => {
  test('gets no credential: signed out, not joined, or of another site', async () => {
    const { id, ada, ice } = await owner();
    refused(await ice(edge.browser()), 401, 'not_signed_in');
    refused(await ice(await edge.member()), 403, 'not_a_member');
    refused(await ada.post(`/api/spaces/${id}/ice`, undefined, { origin: 'https://evil.example' }), 403, 'wrong_origin');
    refused(await ada.get(`/api/spaces/${id}/ice`), 405, 'method_not_allowed');
    refused(await ada.post('/api/spaces/aaaaaaaaaaaaaaaa/ice'), 404, 'no_such_space');
  });

  test('does not learn of a members-only space by asking', async () => {
    const { ice } = await owner({ access: 'members' });
    for (const stranger of [await edge.member(), await edge.guest()]) refused(await ice(stranger), 404, 'no_such_space');
  });

  test('gets none any more after leaving, being sent out, or the end of the space', async () => {
    const { ada, id, ice } = await owner();
    const [friend, guest] = [await edge.member('Friend'), await edge.guest('Guest')];
    for (const who of [friend, guest]) {
      await who.post(`/api/spaces/${id}/join`);
      assert.equal((await ice(who)).status, 200);
    }
    await friend.post(`/api/spaces/${id}/leave`);
    refused(await ice(friend), 403, 'not_a_member');
    await ada.patch(`/api/spaces/${id}`, { access: 'members' });
    refused(await ice(guest), 404, 'no_such_space');
    refused(await ice(friend), 404, 'no_such_space');
    await ada.delete(`/api/spaces/${id}`);
    refused(await ice(), 404, 'no_such_space');
  });

  test('gets none once their account is gone, although their token still lives', async () => {
    const guest = await edge.guest();
    await guest.post('/api/spaces/commons/join');
    await edge.db.prepare('DELETE FROM users WHERE id = ?').bind(guest.user.id).run();
    const answer = await guest.post('/api/spaces/commons/ice');
    assert.ok([401, 403].includes(answer.status), answer.text);
    assert.ok(!answer.text.includes('credential'));
  });
});

describe('a space that wants relays only', () => {
  test('says so wherever it is described, and names no STUN server', async () => {
    const { ada, id, ice } = await owner();
    assert.equal((await ada.get(`/api/spaces/${id}`)).body.relay_only, false);
    const changed = await ada.patch(`/api/spaces/${id}`, { relay_only: true });
    assert.deepEqual([changed.status, changed.body.relay_only, changed.body.name], [200, true, 'Ours']);
    assert.equal((await ada.post(`/api/spaces/${id}/join`)).body.space.relay_only, true);
    const { body } = await ice();
    assert.equal(body.relay_only, true);
    assert.deepEqual(body.ice_servers.map((server) => server.urls), [TURN]);
    await ada.patch(`/api/spaces/${id}`, { description: 'Other words.' });
    assert.equal((await ice()).body.relay_only, true, 'another change leaves it');
    await ada.patch(`/api/spaces/${id}`, { relay_only: false });
    assert.equal((await ice()).body.ice_servers.length, 2);
  });

  test('is made so by those who may change it only, and by nothing but yes or no', async () => {
    const { ada, id } = await owner();
    const friend = await edge.member();
    await friend.post(`/api/spaces/${id}/join`);
    refused(await friend.patch(`/api/spaces/${id}`, { relay_only: true }), 403, 'not_allowed');
    for (const odd of [1, 'true', {}, []]) refused(await ada.patch(`/api/spaces/${id}`, { relay_only: odd }), 422, 'invalid_body');
    assert.equal((await ada.get(`/api/spaces/${id}`)).body.relay_only, false);
  });
});

describe('an installation', () => {
  test('without a relay says so by naming none', async (t) => {
    for (const [vars, secrets] of [
      [{ STUN_URLS: '', TURN_URLS: '' }, {}],
      [{ STUN_URLS: '', TURN_URLS: TURN[0] }, { TURN_SECRET: '' }],
      [{ STUN_URLS: '', TURN_URLS: '' }, { TURN_SECRET }],
    ]) {
      const bare = await start({ vars, secrets });
      t.after(() => bare.close());
      const ada = await bare.guest();
      await ada.post('/api/spaces/commons/join');
      const { status, body } = await ada.post('/api/spaces/commons/ice');
      assert.equal(status, 200);
      assert.deepEqual(body.ice_servers, []);
    }
  });

  test('that is set up wrongly tells its admin which part, and nobody a secret', async (t) => {
    for (const [vars, secrets, part] of [
      [{ STUN_URLS: 'stun.example' }, {}, 'STUN_URLS'],
      [{ STUN_URLS: '', TURN_URLS: 'https://turn.example' }, { TURN_SECRET }, 'TURN_URLS'],
      [{ STUN_URLS: '', TURN_URLS: TURN[0] }, { TURN_SECRET: 'too short to keep' }, 'TURN_SECRET'],
    ]) {
      const wrong = await start({ vars, secrets });
      t.after(() => wrong.close());
      const ada = await wrong.guest();
      await ada.post('/api/spaces/commons/join');
      const answer = await ada.post('/api/spaces/commons/ice');
      refused(answer, 500, 'not_configured');
      assert.ok(answer.text.includes(part), answer.text);
      assert.ok(!answer.text.includes('too short') && !answer.text.includes(TURN_SECRET));
    }
  });

  test('does not make credentials without end for one user', async (t) => {
    const edge = await start({ vars: { RATE_LIMITS: 'on', STUN_URLS: STUN } });
    t.after(() => edge.close());
    const [ada, bob] = [await edge.guest('Ada'), await edge.guest('Bob')];
    for (const who of [ada, bob]) await who.post('/api/spaces/commons/join');
    const answers = [];
    // Twice the limit and more: the platform counts by the minute, and a minute may end meanwhile.
    while (answers.length < 70 && answers.at(-1)?.status !== 429) answers.push(await ada.post('/api/spaces/commons/ice'));
    refused(answers.at(-1), 429, 'too_many_requests');
    assert.equal(answers[0].status, 200);
    assert.equal((await bob.post('/api/spaces/commons/ice')).status, 200, 'one user is no other');
  });
});

describe('the counters of a space', () => {
  test('are for those who run it', async () => {
    const { ada, id } = await owner();
    const friend = await edge.member();
    await friend.post(`/api/spaces/${id}/join`);
    const path = `/api/spaces/${id}/counters`;
    refused(await edge.browser().get(path), 401, 'not_signed_in');
    refused(await friend.get(path), 403, 'not_allowed');
    refused(await (await edge.member()).get('/api/spaces/commons/counters'), 403, 'not_allowed');
    const { socket } = await ada.knock(id);
    const { status, body } = await ada.get(path);
    socket.terminate();
    assert.equal(status, 200);
    assert.ok(Object.keys(body).length > 0);
    const numbers = (value) => (typeof value === 'object' && value !== null ? Object.values(value).every(numbers) : typeof value === 'number');
    assert.ok(numbers(body), `nothing but numbers: ${JSON.stringify(body)}`);
  });

  test('of a members-only space are unknown to strangers', async () => {
    const { id } = await owner({ access: 'members' });
    refused(await (await edge.member()).get(`/api/spaces/${id}/counters`), 404, 'no_such_space');
  });
});
