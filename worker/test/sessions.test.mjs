// How sessions begin, last and end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refused, start } from './harness.mjs';

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

const LOOK = {
  skin: 1, hair: 3, hair_color: '#5b3a26', eyes_color: '#3b2a22', top: 2, top_color: '#c8553d', bottom: 1,
  bottom_color: '#3f5f8a', shoes_color: '#4a3528', accessory: 0, accessory_color: '#f2b950',
};

describe('a guest', () => {
  test('comes in with a name, and is known by it', async () => {
    const ada = await edge.guest('  Ada   Lovelace ', LOOK);
    assert.match(ada.user.id, /^u_[a-z2-7]{16}$/);
    assert.equal(ada.user.name, 'Ada Lovelace');
    const me = await ada.get('/api/auth/me');
    assert.equal(me.status, 200);
    assert.deepEqual(me.body, { user: ada.user, email: null, passkeys: 0 });
    assert.deepEqual(me.body.user.look, LOOK);
    assert.equal(me.body.user.guest, true);
  });

  test('keeps tokens where scripts cannot read them', async () => {
    const answer = await edge.browser().post('/api/auth/guest', { name: 'Ada' });
    const [access, refresh] = answer.headers.getSetCookie();
    assert.match(access, /^earshot_access=[^;]+; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax$/);
    assert.match(refresh, /^earshot_refresh=[^;]+; Path=\/api\/auth; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
    assert.equal(answer.body.expires_in, 900);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });

  test('may be a program that sends the token itself, without cookies or Origin', async () => {
    const body = JSON.stringify({ name: 'Bot' });
    const headers = { 'content-type': 'application/json' };
    const { body: signed } = await edge.raw('/api/auth/guest', { method: 'POST', headers, body });
    const authorization = `Bearer ${signed.access_token}`;
    assert.equal((await edge.raw('/api/auth/me', { headers: { authorization } })).body.user.name, 'Bot');
    const join = await edge.raw('/api/spaces/commons/join', { method: 'POST', headers: { authorization } });
    assert.equal(join.status, 200);
  });

  test('needs a name that can be shown, and a look that exists', async () => {
    for (const name of ['', '   ', 'x'.repeat(33), 'a\u202eb', '\u0000']) {
      refused(await edge.browser().post('/api/auth/guest', { name }), 422, 'invalid_name');
    }
    const look = { ...LOOK, hair: 200 };
    refused(await edge.browser().post('/api/auth/guest', { name: 'Ada', look }), 422, 'invalid_look');
    refused(await edge.browser().post('/api/auth/guest', { name: 'Ada', look: { ...LOOK, skin: 'x' } }), 422, 'invalid_body');
  });

  test('who is nobody is told to sign in', async () => {
    refused(await edge.browser().get('/api/auth/me'), 401, 'not_signed_in');
  });
});

describe('an account', () => {
  test('is made with e-mail and password, and signed in to from elsewhere', async () => {
    const grace = await edge.member('Grace', 'Grace@Example.org');
    assert.equal(grace.user.guest, false);
    const elsewhere = edge.browser();
    const login = await elsewhere.post('/api/auth/login', { email: ' grace@example.ORG', password: grace.password });
    assert.equal(login.status, 200);
    assert.equal(login.body.user.id, grace.user.id);
    assert.equal((await elsewhere.get('/api/auth/me')).body.email, 'grace@example.org');
  });

  test('is one per e-mail address', async () => {
    const { email } = await edge.member();
    const again = { email: email.toUpperCase(), password: 'another password', name: 'Mallory' };
    refused(await edge.browser().post('/api/auth/register', again), 409, 'email_taken');
  });

  test('says the same to a wrong password as to an unknown address', async () => {
    const { email } = await edge.member();
    const wrong = await edge.browser().post('/api/auth/login', { email, password: 'not the password' });
    const unknown = await edge.browser().post('/api/auth/login', { email: 'nobody@example.org', password: 'whatever it is' });
    refused(wrong, 401, 'wrong_credentials');
    assert.equal(unknown.text, wrong.text);
    refused(await edge.browser().post('/api/auth/login', { email, password: 'x'.repeat(5000) }), 401, 'wrong_credentials');
  });

  test('is refused a bad address or a weak password', async () => {
    const good = { email: 'x@example.org', password: 'long enough to pass', name: 'X' };
    for (const email of ['', 'x', 'x@', '@example.org', `${'x'.repeat(250)}@example.org`]) {
      refused(await edge.browser().post('/api/auth/register', { ...good, email }), 422, 'invalid_email');
    }
    for (const password of ['', 'short', 'password123', 'x'.repeat(129)]) {
      refused(await edge.browser().post('/api/auth/register', { ...good, password }), 422, 'weak_password');
    }
  });

  test('may grow out of a guest, who keeps their id and their spaces', async () => {
    const ada = await edge.guest('Ada');
    const space = await ada.space();
    const answer = await ada.post('/api/auth/register', { email: 'ada@example.org', password: 'correct horse', name: 'Ada L' });
    assert.equal(answer.status, 201);
    assert.equal(answer.body.user.id, ada.user.id);
    assert.equal(answer.body.user.guest, false);
    assert.equal(answer.body.user.name, 'Ada L');
    assert.equal((await ada.get(`/api/spaces/${space.id}`)).body.role, 'owner');
  });

  test('keeps its password as an argon2id hash and its tokens as hashes', async () => {
    const grace = await edge.member();
    const { hash } = await edge.db.prepare('SELECT hash FROM passwords WHERE email = ?').bind(grace.email).first();
    assert.match(hash, /^argon2id\$19456\$2\$1\$/);
    const rows = await edge.db.prepare('SELECT * FROM refresh_tokens').all();
    assert.ok(!JSON.stringify(rows).includes(grace.cookies.get('earshot_refresh')));
  });
});

describe('a refresh token', () => {
  const family = (user) =>
    edge.db.prepare('SELECT * FROM refresh_tokens WHERE user_id = ? ORDER BY created_at').bind(user.id).all();
  /** As if the last rotation had been longer ago than the grace. */
  const later = (user) =>
    edge.db.prepare('UPDATE refresh_tokens SET rotated_at = rotated_at - 11000 WHERE user_id = ?').bind(user.id).run();

  test('brings new tokens, and itself is over', async () => {
    const ada = await edge.guest();
    const first = ada.cookies.get('earshot_refresh');
    const answer = await ada.post('/api/auth/refresh');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body.user, ada.user);
    assert.notEqual(ada.cookies.get('earshot_refresh'), first);
    assert.equal((await ada.get('/api/auth/me')).status, 200);
    assert.equal((await ada.post('/api/auth/refresh')).status, 200);
  });

  test('that comes back ends the session of thief and owner alike', async () => {
    const ada = await edge.guest();
    const thief = edge.browser();
    thief.cookies = new Map(ada.cookies);
    assert.equal((await ada.post('/api/auth/refresh')).status, 200);
    assert.equal((await ada.post('/api/auth/refresh')).status, 200);
    await later(ada.user);
    refused(await thief.post('/api/auth/refresh'), 401, 'refresh_reused');
    assert.equal(thief.cookies.size, 0);
    refused(await ada.post('/api/auth/refresh'), 401, 'not_signed_in');
    const { results } = await family(ada.user);
    assert.ok(results.every((row) => row.revoked_at !== null));
  });

  test('whose answer was lost is answered again, however often', async () => {
    const ada = await edge.guest();
    const kept = new Map(ada.cookies);
    for (let times = 0; times < 3; times++) {
      ada.cookies = new Map(kept);
      assert.equal((await ada.post('/api/auth/refresh')).status, 200);
      // It never arrived.
      ada.cookies = new Map(kept);
      refused(await ada.post('/api/auth/refresh'), 409, 'refresh_raced');
      await later(ada.user);
    }
    assert.equal((await ada.post('/api/auth/refresh')).status, 200);
    assert.equal((await ada.post('/api/auth/refresh')).status, 200);
    assert.equal((await ada.get('/api/auth/me')).body.user.id, ada.user.id);
  });

  test('that was copied, and brought the thief another, ends both sessions when its owner comes back', async () => {
    const ada = await edge.guest();
    const thief = edge.browser();
    thief.cookies = new Map(ada.cookies);
    assert.equal((await ada.post('/api/auth/refresh')).status, 200);
    await later(ada.user);
    assert.equal((await thief.post('/api/auth/refresh')).status, 200, 'nobody can tell it from an answer that was lost');
    await later(ada.user);
    refused(await ada.post('/api/auth/refresh'), 401, 'refresh_reused');
    refused(await thief.post('/api/auth/refresh'), 401, 'not_signed_in');
  });

  test('presented by two tabs at once serves one, and does not punish the other', async () => {
    const ada = await edge.guest();
    const tab = edge.browser();
    tab.cookies = new Map(ada.cookies);
    const answers = await Promise.all([ada.post('/api/auth/refresh'), tab.post('/api/auth/refresh')]);
    const [one, other] = answers.sort((a, b) => a.status - b.status);
    assert.equal(one.status, 200);
    refused(other, 409, 'refresh_raced');
    assert.deepEqual(other.headers.getSetCookie(), []);
    const winner = ada.cookies.get('earshot_refresh') === tab.cookies.get('earshot_refresh') ? null : [ada, tab];
    assert.ok(winner, 'exactly one tab has the new cookie');
    const { results } = await family(ada.user);
    assert.equal(results.length, 2);
    assert.ok(results.every((row) => row.revoked_at === null));
  });

  test('expires', async () => {
    const ada = await edge.guest();
    await edge.db.prepare('UPDATE refresh_tokens SET expires_at = 1 WHERE user_id = ?').bind(ada.user.id).run();
    refused(await ada.post('/api/auth/refresh'), 401, 'not_signed_in');
  });

  test('made up is nothing', async () => {
    const nobody = edge.browser();
    refused(await nobody.post('/api/auth/refresh'), 401, 'not_signed_in');
    nobody.cookies.set('earshot_refresh', "' OR 1=1 --");
    refused(await nobody.post('/api/auth/refresh'), 401, 'not_signed_in');
  });

  test('ends with logout, twice if one likes', async () => {
    const ada = await edge.guest();
    const kept = new Map(ada.cookies);
    assert.equal((await ada.post('/api/auth/logout')).status, 204);
    assert.equal(ada.cookies.size, 0);
    refused(await ada.get('/api/auth/me'), 401, 'not_signed_in');
    ada.cookies = kept;
    refused(await ada.post('/api/auth/refresh'), 401, 'not_signed_in');
    assert.equal((await edge.browser().post('/api/auth/logout')).status, 204);
  });
});

describe('the daily clean-up', () => {
  test('forgets guests who are gone, but no owner and no account', async () => {
    const [gone, owner, here] = [await edge.guest(), await edge.guest(), await edge.guest()];
    const account = await edge.member();
    await owner.space();
    const old = 'UPDATE users SET seen_at = 1 WHERE id IN (?, ?, ?)';
    await edge.db.prepare(old).bind(gone.user.id, owner.user.id, account.user.id).run();
    await edge.db.prepare("INSERT INTO challenges VALUES ('old', 'login', '{}', 0, 1)").run();
    await edge.worker.scheduled({ cron: '17 3 * * *' });
    const { results } = await edge.db.prepare('SELECT id FROM users').all();
    const kept = new Set(results.map((row) => row.id));
    assert.ok(!kept.has(gone.user.id));
    for (const who of [owner, here, account]) assert.ok(kept.has(who.user.id));
    assert.equal((await edge.db.prepare('SELECT count(*) AS n FROM challenges').first()).n, 0);
    refused(await gone.get('/api/auth/me'), 401, 'not_signed_in');
  });
});
