// Spaces: who finds them, who enters, who may change them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refused, start } from './harness.mjs';
import { arrives, leave, place, until } from './place.mjs';

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

const ids = (answer) => answer.body.spaces.map((space) => space.id);

describe('the commons', () => {
  test('is there from the start, for everyone to see', async () => {
    const { body } = await edge.browser().get('/api/spaces');
    assert.deepEqual(body.spaces, [
      {
        id: 'commons', name: 'The Commons', description: 'Open to everyone. Come in and look around.', template: 'office',
        access: 'link', listed: true, role: null, may: [], online: 0, created_at: 0,
        relay_only: false, slow_mode_s: 0, retention_days: 0,
      },
    ]);
  });

  test('takes guests as guests and accounts as members', async () => {
    const ada = await edge.guest();
    const joined = await ada.post('/api/spaces/commons/join');
    assert.equal(joined.status, 200);
    assert.equal(joined.body.role, 'guest');
    assert.equal(joined.body.ws, '/ws/commons');
    assert.deepEqual(joined.body.space.may, ['enter', 'list_members', 'share']);
    assert.equal((await (await edge.member()).post('/api/spaces/commons/join')).body.role, 'member');
  });

  test('belongs to nobody, so nobody changes or deletes it', async () => {
    const grace = await edge.member();
    await grace.post('/api/spaces/commons/join');
    refused(await grace.patch('/api/spaces/commons', { name: 'Mine' }), 403, 'not_allowed');
    refused(await grace.delete('/api/spaces/commons'), 403, 'not_allowed');
  });
});

describe('a space', () => {
  test('is made from a template, by guests too, and owned', async () => {
    const ada = await edge.guest();
    const space = await ada.space('  Team   room ');
    assert.match(space.id, /^[a-z2-7]{16}$/);
    assert.equal(space.name, 'Team room');
    assert.equal(space.role, 'owner');
    assert.equal(space.access, 'link');
    assert.equal(space.listed, false);
    assert.deepEqual(space.may, ['enter', 'list_members', 'share', 'edit_space', 'moderate', 'delete_space']);
    assert.deepEqual((await ada.get(`/api/spaces/${space.id}`)).body, space);
    assert.deepEqual(ids(await ada.get('/api/spaces')), ['commons', space.id]);
    assert.deepEqual(ids(await edge.browser().get('/api/spaces')), ['commons']);
  });

  test('needs a template that exists, a name, and somebody who is signed in', async () => {
    const ada = await edge.guest();
    refused(await ada.post('/api/spaces', { name: 'X', template: '../../etc/passwd' }), 422, 'invalid_template');
    refused(await ada.post('/api/spaces', { name: ' ', template: 'office' }), 422, 'invalid_name');
    refused(await ada.post('/api/spaces', { name: 'X', template: 'office', access: 'everyone' }), 422, 'invalid_body');
    refused(await edge.browser().post('/api/spaces', { name: 'X', template: 'office' }), 401, 'not_signed_in');
  });

  test('has a map, fetched once', async () => {
    const ada = await edge.guest();
    const { id } = await ada.space();
    const map = await ada.get(`/api/spaces/${id}/map`);
    assert.equal(map.status, 200);
    assert.equal(map.headers.get('content-type'), 'application/json');
    const { templates } = (await ada.get('/api/templates')).body;
    const office = templates.find((template) => template.id === 'office');
    assert.deepEqual([map.body.type, map.body.width, map.body.height], ['map', office.width, office.height]);
    const etag = map.headers.get('etag');
    assert.equal((await ada.get(`/api/spaces/${id}/map`, { 'if-none-match': etag })).status, 304);
    assert.equal((await ada.get(`/api/spaces/${id}/map`, { 'if-none-match': '"other"' })).status, 200);
    refused(await edge.browser().get(`/api/spaces/${id}/map`), 401, 'not_signed_in');
  });

  test('can be found by its link, joined, and left', async () => {
    const [owner, friend] = [await edge.guest('Owner'), await edge.member('Friend')];
    const { id } = await owner.space();
    const found = await friend.get(`/api/spaces/${id}`);
    assert.equal(found.body.role, null);
    assert.deepEqual(found.body.may, []);
    refused(await friend.get(`/api/spaces/${id}/users`), 403, 'not_allowed');
    assert.equal((await friend.post(`/api/spaces/${id}/join`)).body.role, 'member');
    assert.equal((await friend.post(`/api/spaces/${id}/join`)).body.role, 'member');
    const users = await friend.get(`/api/spaces/${id}/users`);
    assert.deepEqual(users.body.members.map(({ user, role }) => [user.name, role]), [['Owner', 'owner'], ['Friend', 'member']]);
    assert.deepEqual(users.body.online, []);
    assert.equal((await friend.post(`/api/spaces/${id}/leave`)).status, 204);
    refused(await friend.get(`/api/spaces/${id}/users`), 403, 'not_allowed');
    refused(await owner.post(`/api/spaces/${id}/leave`), 409, 'owner_cannot_leave');
  });

  test('is on the list with how many are in it, some seconds late at the most', async () => {
    const { owner, space, people } = await place(edge, 'Ada');
    const listed = async () => (await owner.get('/api/spaces')).body.spaces.find(({ id }) => id === space).online;
    assert.equal(await listed(), 1);
    people.push(await arrives(edge, space, 'Bob'));
    assert.equal((await owner.get(`/api/spaces/${space}`)).body.online, 2, 'by itself it is asked each time');
    await until(async () => (await listed()) === 2, 'the list never says two');
    leave(...people);
  });

  test('is changed by its owner and by nobody else', async () => {
    const [owner, friend] = [await edge.guest(), await edge.member()];
    const { id } = await owner.space();
    await friend.post(`/api/spaces/${id}/join`);
    refused(await friend.patch(`/api/spaces/${id}`, { name: 'Mine' }), 403, 'not_allowed');
    refused(await edge.browser().patch(`/api/spaces/${id}`, { name: 'Mine' }), 401, 'not_signed_in');
    const changed = await owner.patch(`/api/spaces/${id}`, { name: 'Other', description: 'What it is for.' });
    assert.equal(changed.status, 200);
    assert.deepEqual([changed.body.name, changed.body.description, changed.body.access], ['Other', 'What it is for.', 'link']);
    refused(await owner.patch(`/api/spaces/${id}`, { description: 'x'.repeat(281) }), 422, 'invalid_description');
    refused(await owner.patch(`/api/spaces/${id}`, { listed: true }), 422, 'invalid_body');
  });

  test('is deleted by its owner, and is then unknown to all', async () => {
    const [owner, friend] = [await edge.guest(), await edge.member()];
    const { id } = await owner.space();
    await friend.post(`/api/spaces/${id}/join`);
    refused(await friend.delete(`/api/spaces/${id}`), 403, 'not_allowed');
    assert.equal((await owner.delete(`/api/spaces/${id}`)).status, 204);
    refused(await owner.get(`/api/spaces/${id}`), 404, 'no_such_space');
    refused(await friend.post(`/api/spaces/${id}/join`), 404, 'no_such_space');
    refused(await friend.knock(id), 404, 'no_such_space');
    const rows = await edge.db.prepare('SELECT count(*) AS n FROM members WHERE space_id = ?').bind(id).first();
    assert.equal(rows.n, 0);
    const audit = await edge.db.prepare('SELECT action FROM audit WHERE space_id = ? ORDER BY id').bind(id).all();
    assert.deepEqual(audit.results.map((row) => row.action), ['create_space', 'delete_space']);
  });

  test('is one of a bounded number', async () => {
    const ada = await edge.guest();
    const insert = edge.db.prepare("INSERT INTO spaces (id, name, template, access, created_at) VALUES (?1, 'x', 'office', 'link', 0)");
    const own = edge.db.prepare("INSERT INTO members (space_id, user_id, role, joined_at) VALUES (?1, ?2, 'owner', 0)");
    const made = Array.from({ length: 50 }, (_, i) => `many${'a'.repeat(10)}${i}`);
    await edge.db.batch(made.flatMap((id) => [insert.bind(id), own.bind(id, ada.user.id)]));
    refused(await ada.post('/api/spaces', { name: 'X', template: 'office' }), 409, 'too_many_spaces');
  });
});

describe('a members-only space', () => {
  test('does not exist for a stranger, whatever they ask', async () => {
    const [owner, stranger] = [await edge.guest(), await edge.member()];
    const { id } = await owner.space('Secret', { access: 'members' });
    for (const who of [stranger, edge.browser()]) {
      refused(await who.get(`/api/spaces/${id}`), 404, 'no_such_space');
      assert.ok(!ids(await who.get('/api/spaces')).includes(id));
    }
    refused(await stranger.get(`/api/spaces/${id}/map`), 404, 'no_such_space');
    refused(await stranger.get(`/api/spaces/${id}/users`), 404, 'no_such_space');
    refused(await stranger.patch(`/api/spaces/${id}`, { name: 'Mine' }), 404, 'no_such_space');
    refused(await stranger.delete(`/api/spaces/${id}`), 404, 'no_such_space');
    refused(await stranger.post(`/api/spaces/${id}/leave`), 404, 'no_such_space');
    refused(await stranger.knock(id), 404, 'no_such_space');
    refused(await stranger.post(`/api/spaces/${id}/join`), 403, 'members_only');
  });

  test('keeps its members and sends its guests out when it closes', async () => {
    const [owner, friend, guest] = [await edge.guest(), await edge.member(), await edge.guest()];
    const { id } = await owner.space();
    await friend.post(`/api/spaces/${id}/join`);
    await guest.post(`/api/spaces/${id}/join`);
    assert.equal((await owner.patch(`/api/spaces/${id}`, { access: 'members' })).body.access, 'members');
    refused(await guest.get(`/api/spaces/${id}`), 404, 'no_such_space');
    refused(await guest.post(`/api/spaces/${id}/join`), 403, 'members_only');
    refused(await guest.knock(id), 404, 'no_such_space');
    assert.equal((await friend.get(`/api/spaces/${id}`)).body.role, 'member');
    assert.equal((await friend.post(`/api/spaces/${id}/join`)).status, 200);
    await owner.patch(`/api/spaces/${id}`, { access: 'link' });
    assert.equal((await guest.post(`/api/spaces/${id}/join`)).body.role, 'guest');
  });
});

describe('whoever is inside', () => {
  /** Resolves with the first thing a socket is told. */
  const told = (socket) => new Promise((resolve) => socket.once('message', (frame) => resolve(frame.toString())));

  test('is sent out when the space is deleted', async () => {
    const owner = await edge.guest();
    const { id } = await owner.space();
    const { socket } = await owner.knock(id);
    const word = told(socket);
    assert.equal((await owner.delete(`/api/spaces/${id}`)).status, 204);
    assert.match(await word, /This space was deleted\./);
    socket.terminate();
  });

  test('is sent out when they leave the space for good', async () => {
    const [owner, friend] = [await edge.guest(), await edge.member()];
    const { id } = await owner.space();
    await friend.post(`/api/spaces/${id}/join`);
    const [one, other] = [await owner.knock(id), await friend.knock(id)];
    const word = told(other.socket);
    await friend.post(`/api/spaces/${id}/leave`);
    assert.match(await word, /You were taken out of this space\./);
    other.socket.terminate();
    assert.equal(one.socket.readyState, one.socket.OPEN);
    one.socket.terminate();
  });
});

describe('guessing', () => {
  test('ids of spaces and users finds nothing', async () => {
    const ada = await edge.guest();
    for (const id of ['aaaaaaaaaaaaaaaa', 'COMMONS', 'x', "'%20OR%201=1--", '%00', '..%2f..', '%ff%fe', 'a'.repeat(3000)]) {
      refused(await ada.get(`/api/spaces/${id}`), 404, 'no_such_space');
      refused(await ada.get(`/api/users/${id}`), 404, 'no_such_user');
      refused(await ada.post(`/api/spaces/${id}/join`), 404, 'no_such_space');
    }
    refused(await ada.get('/api/users/u_aaaaaaaaaaaaaaaa'), 404, 'no_such_user');
  });
});

describe('a profile', () => {
  test('is public, but not the address behind it', async () => {
    const grace = await edge.member('Grace');
    const seen = await edge.browser().get(`/api/users/${grace.user.id}`);
    assert.deepEqual(seen.body, grace.user);
    assert.ok(!seen.text.includes(grace.email));
  });

  test('is changed by oneself only, in the parts that are given', async () => {
    const [ada, mallory] = [await edge.guest('Ada'), await edge.guest('Mallory')];
    await ada.post('/api/spaces/commons/join');
    const path = `/api/users/${ada.user.id}`;
    refused(await mallory.patch(path, { name: 'Fool' }), 403, 'not_yourself');
    refused(await edge.browser().patch(path, { name: 'Fool' }), 401, 'not_signed_in');
    assert.equal((await ada.patch(path, { name: 'Ada Lovelace' })).body.name, 'Ada Lovelace');
    assert.equal((await ada.patch(path, {})).body.name, 'Ada Lovelace');
    refused(await ada.patch(path, { name: '\u202e' }), 422, 'invalid_name');
    refused(await ada.patch(path, { guest: false }), 422, 'invalid_body');
  });
});

test('templates are listed with their size', async () => {
  const { body } = await edge.browser().get('/api/templates');
  assert.deepEqual(body.templates.map((template) => template.id), ['club-room', 'meeting-rooms', 'office', 'social-space']);
  for (const { name, description, width, height } of body.templates) {
    assert.ok(name && description && width > 0 && height > 0);
  }
});
