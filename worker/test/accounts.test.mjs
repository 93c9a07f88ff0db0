// By what one signs in, changed by oneself: passwords, passkeys, and sessions elsewhere.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Authenticator, login, REGISTER, register } from './authenticator.mjs';
import { refused, start } from './harness.mjs';

let server;
let edge;
before(async () => {
  server = await start();
  edge = server.at('localhost');
});
after(() => server.close());

const PASSWORD = '/api/auth/password';
const OTHERS = '/api/auth/logout/others';
const NEXT = 'a wholly different one';

const enter = async (email, password) => {
  const browser = edge.browser();
  const answer = await browser.post('/api/auth/login', { email, password });
  return { browser, answer };
};

/** One more browser of somebody's. */
async function another(who, password = who.password) {
  const { browser, answer } = await enter(who.email, password);
  assert.equal(answer.status, 200, answer.text);
  return browser;
}

const change = (browser, current, password = NEXT) => browser.put(PASSWORD, { current, password });

/** Can it still get new tokens? */
async function lives(browser) {
  const answer = await browser.post('/api/auth/refresh');
  if (answer.status !== 200) refused(answer, 401, 'not_signed_in');
  return answer.status === 200;
}

/** Somebody with passkeys and no password. */
async function keeper(name = 'Ada', passkeys = 1) {
  const browser = edge.browser();
  const devices = Array.from({ length: passkeys }, () => new Authenticator(edge.origin));
  for (const device of devices) {
    const made = await register(browser, device, { name });
    assert.equal(made.status, 201, made.text);
    browser.user = made.body.user;
  }
  return { browser, devices };
}

const idOf = (device) => device.passkeys[0].id.toString('base64url');
const remove = (browser, device) => browser.delete(`/api/auth/passkeys/${idOf(device)}`);
const listed = async (browser) => (await browser.get('/api/auth/passkeys')).body.passkeys;

const notes = async ({ id }, action) =>
  (await edge.db.prepare('SELECT count(*) AS n FROM audit WHERE actor_id = ? AND action = ?').bind(id, action).first()).n;

describe('a password', () => {
  test('is changed by who knows it: the old one is over, and so are all other sessions', async () => {
    const grace = await edge.member();
    const [phone, laptop] = [await another(grace), await another(grace)];
    const changed = await change(grace, grace.password);
    assert.equal(changed.status, 204, changed.text);
    assert.deepEqual(changed.headers.getSetCookie(), [], 'the own session goes on as it is');
    refused((await enter(grace.email, grace.password)).answer, 401, 'wrong_credentials');
    assert.equal((await enter(grace.email, NEXT)).answer.status, 200);
    assert.deepEqual([await lives(grace), await lives(phone), await lives(laptop)], [true, false, false]);
    assert.equal(await notes(grace.user, 'change_password'), 1);
    const { hash } = await edge.db.prepare('SELECT hash FROM passwords WHERE email = ?').bind(grace.email).first();
    assert.match(hash, /^argon2id\$19456\$2\$1\$/);
  });

  test('is not changed with a wrong one, and that ends nothing', async () => {
    const grace = await edge.member();
    const phone = await another(grace);
    for (const current of ['', 'not the password', grace.password.toUpperCase(), 'x'.repeat(5000)]) {
      refused(await change(grace, current), 403, 'wrong_password');
    }
    assert.ok(await lives(phone));
    assert.equal((await enter(grace.email, grace.password)).answer.status, 200);
    assert.equal(await notes(grace.user, 'change_password'), 0);
  });

  test('has to be as good as any', async () => {
    const grace = await edge.member();
    for (const password of ['', 'short', 'password123', grace.email, 'x'.repeat(129)]) {
      refused(await change(grace, grace.password, password), 422, 'weak_password');
    }
    for (const body of [{}, { password: NEXT }, { current: grace.password }, { current: 1, password: NEXT }, { current: grace.password, password: NEXT, email: 'x@example.org' }]) {
      refused(await grace.put(PASSWORD, body), 422, 'invalid_body');
    }
  });

  test('that somebody signs in with while it is changed begins nothing that lasts', async () => {
    const grace = await edge.member();
    const changing = change(grace, grace.password);
    const late = Array.from({ length: 6 }, () => enter(grace.email, grace.password));
    const changed = await changing;
    assert.equal(changed.status, 204, changed.text);
    for (const { browser, answer } of await Promise.all(late)) {
      if (answer.status === 200) assert.equal(await lives(browser), false);
      else refused(answer, 401, 'wrong_credentials');
    }
    assert.ok(await lives(grace));
  });

  test('changed on several devices at once is changed once, and one of them stays', async () => {
    const grace = await edge.member();
    const devices = [grace, ...(await Promise.all(Array.from({ length: 4 }, () => another(grace))))];
    const wish = (at) => `the one from device ${at}`;
    const answers = await Promise.all(devices.map((device, at) => change(device, grace.password, wish(at))));
    // The others' sessions are over; or the password that they knew is, if they came that much later.
    assert.deepEqual(answers.filter(({ status }) => ![401, 403].includes(status)).map(({ status }) => status), [204]);
    const winner = answers.findIndex(({ status }) => status === 204);
    assert.equal((await enter(grace.email, wish(winner))).answer.status, 200);
    const alive = [];
    for (const device of devices) if (await lives(device)) alive.push(devices.indexOf(device));
    assert.deepEqual(alive, [winner]);
  });

  test('cannot be changed by a session that is over, whatever its access token still opens', async () => {
    const grace = await edge.member();
    const thief = await another(grace);
    assert.equal((await change(grace, grace.password)).status, 204);
    assert.equal((await thief.get('/api/auth/me')).status, 200, 'good for fifteen minutes');
    refused(await change(thief, NEXT, 'what the thief likes'), 401, 'session_over');
    thief.cookies.delete('earshot_refresh');
    refused(await change(thief, NEXT, 'what the thief likes'), 401, 'session_over');
    // Another's session does not make it one's own.
    const mallory = await edge.member('Mallory');
    thief.cookies.set('earshot_refresh', mallory.cookies.get('earshot_refresh'));
    refused(await change(thief, NEXT, 'what the thief likes'), 401, 'session_over');
    refused(await change(edge.browser(), NEXT), 401, 'not_signed_in');
  });

  test('is nothing for guests, who have no account', async () => {
    const guest = await edge.guest();
    refused(await change(guest, ''), 409, 'no_password');
    refused(await guest.post(PASSWORD, { email: 'guest@example.org', password: NEXT }), 403, 'no_account');
  });
});

describe('a first password', () => {
  const first = (browser, email, password = NEXT) => browser.post(PASSWORD, { email, password });
  const address = () => `${crypto.randomUUID()}@example.org`;

  test('comes with an e-mail address, to an account that has passkeys only', async () => {
    const { browser, devices } = await keeper();
    refused(await change(browser, ''), 409, 'no_password');
    const email = address();
    assert.equal((await first(browser, ` ${email.toUpperCase()} `)).status, 204);
    assert.equal((await browser.get('/api/auth/me')).body.email, email);
    assert.equal((await enter(email, NEXT)).answer.body.user.id, browser.user.id);
    assert.equal((await login(edge.browser(), devices[0])).status, 200, 'and the passkey goes on');
    refused(await first(browser, address()), 409, 'has_password');
    assert.equal(await notes(browser.user, 'set_password'), 1);
  });

  test('has an address that is nobody else\'s, and is as good as any', async () => {
    const { browser } = await keeper();
    const grace = await edge.member();
    refused(await first(browser, grace.email.toUpperCase()), 409, 'email_taken');
    for (const email of ['', 'x', 'x@', `${'x'.repeat(250)}@example.org`]) refused(await first(browser, email), 422, 'invalid_email');
    refused(await first(browser, address(), 'short'), 422, 'weak_password');
    assert.equal((await browser.get('/api/auth/me')).body.email, null);
  });

  test('set twice at once is set once, and two people who want one address do not both get it', async () => {
    const [ada, bob] = [await keeper('Ada'), await keeper('Bob')];
    const twice = await Promise.all([first(ada.browser, address()), first(ada.browser, address())]);
    assert.deepEqual(twice.map(({ status }) => status).sort(), [204, 409]);
    refused(twice.find(({ status }) => status === 409), 409, 'has_password');
    const eve = await keeper('Eve');
    const email = address();
    const both = await Promise.all([first(bob.browser, email), first(eve.browser, email)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [204, 409]);
    refused(both.find(({ status }) => status === 409), 409, 'email_taken');
  });

  test('is not set by a session that is over', async () => {
    const { browser, devices } = await keeper();
    const thief = edge.browser();
    assert.equal((await login(thief, devices[0])).status, 200);
    assert.equal((await browser.post(OTHERS)).status, 204);
    refused(await first(thief, address()), 401, 'session_over');
  });
});

describe('all other sessions', () => {
  test('are ended at once, and the own one goes on', async () => {
    const grace = await edge.member();
    const [phone, laptop] = [await another(grace), await another(grace)];
    const stranger = await edge.member('Bob');
    assert.equal((await phone.post(OTHERS)).status, 204);
    assert.deepEqual([await lives(grace), await lives(phone), await lives(laptop)], [false, true, false]);
    assert.ok(await lives(stranger), 'and nobody else\'s');
    assert.equal((await phone.post(OTHERS)).status, 204, 'again, if one likes');
    assert.equal((await enter(grace.email, grace.password)).answer.status, 200, 'one may come back');
  });

  test('do not end the one that ended them', async () => {
    const grace = await edge.member();
    const phone = await another(grace);
    assert.equal((await grace.post(OTHERS)).status, 204);
    refused(await phone.post(OTHERS), 401, 'session_over');
    assert.ok(await lives(grace));
  });

  test('of devices that sign each other out at once leave one', async () => {
    const grace = await edge.member();
    const devices = [grace, ...(await Promise.all(Array.from({ length: 5 }, () => another(grace))))];
    const answers = await Promise.all(devices.map((device) => device.post(OTHERS)));
    const done = answers.map(({ status }) => status === 204);
    assert.equal(done.filter(Boolean).length, 1);
    for (const answer of answers) if (answer.status !== 204) refused(answer, 401, 'session_over');
    for (const [at, device] of devices.entries()) assert.equal(await lives(device), done[at]);
  });

  test('are no longer told what happens while one is away', async () => {
    const grace = await edge.member();
    const device = 'INSERT INTO push_subscriptions (endpoint, user_id, p256dh, auth, created_at) VALUES (?, ?, ?, ?, 1)';
    const subscribe = () => edge.db.prepare(device).bind(`https://push.example/${crypto.randomUUID()}`, grace.user.id, 'x', 'x').run();
    const count = async () =>
      (await edge.db.prepare('SELECT count(*) AS n FROM push_subscriptions WHERE user_id = ?').bind(grace.user.id).first()).n;
    await subscribe();
    refused(await change(grace, 'wrong'), 403, 'wrong_password');
    assert.equal(await count(), 1);
    await grace.post(OTHERS);
    assert.equal(await count(), 0);
    await subscribe();
    assert.equal((await change(grace, grace.password)).status, 204);
    assert.equal(await count(), 0);
  });

  test('are not ended by another site, or by who only has a token', async () => {
    const grace = await edge.member();
    refused(await grace.post(OTHERS, undefined, { origin: 'https://evil.example' }), 403, 'wrong_origin');
    refused(await edge.raw(OTHERS, { method: 'POST', headers: { authorization: `Bearer ${grace.token}` } }), 401, 'session_over');
    refused(await edge.browser().post(OTHERS), 401, 'not_signed_in');
  });
});

describe('the passkeys one has', () => {
  test('are listed with when they were added and last used, and nobody else\'s', async () => {
    const { browser, devices } = await keeper('Ada', 2);
    await keeper('Bob');
    const [first, second] = await listed(browser);
    assert.deepEqual([first.id, second.id].sort(), devices.map(idOf).sort());
    assert.ok(Math.abs(Date.now() - first.created_at) < 60_000 && first.created_at <= second.created_at);
    assert.deepEqual(Object.keys(first).sort(), ['created_at', 'id', 'used_at'], 'and not their keys');
    assert.equal(first.used_at, null);
    await login(edge.browser(), devices[0]);
    const used = (await listed(browser)).find(({ id }) => id === idOf(devices[0]));
    assert.ok(used.used_at >= used.created_at);
    assert.deepEqual(await listed(await edge.guest()), []);
    refused(await edge.browser().get('/api/auth/passkeys'), 401, 'not_signed_in');
  });

  test('are removed one by one, and no longer sign in', async () => {
    const { browser, devices } = await keeper('Ada', 2);
    const [lost, kept] = devices;
    assert.equal((await remove(browser, lost)).status, 204);
    refused(await login(edge.browser(), lost), 401, 'passkey_refused');
    assert.equal((await login(edge.browser(), kept)).status, 200);
    assert.deepEqual((await listed(browser)).map(({ id }) => id), [idOf(kept)]);
    refused(await remove(browser, lost), 404, 'no_such_passkey');
    assert.equal(await notes(browser.user, 'remove_passkey'), 1);
  });

  test('are kept where one is the last way to sign in', async () => {
    const { browser, devices } = await keeper();
    refused(await remove(browser, devices[0]), 409, 'last_way_in');
    assert.equal((await login(edge.browser(), devices[0])).status, 200);
    assert.equal(await notes(browser.user, 'remove_passkey'), 0);
    assert.equal((await browser.post(PASSWORD, { email: `${crypto.randomUUID()}@example.org`, password: NEXT })).status, 204);
    assert.equal((await remove(browser, devices[0])).status, 204, 'with a password it is not the last');
  });

  test('removed all at once leave one', async () => {
    for (let round = 0; round < 3; round++) {
      const { browser, devices } = await keeper('Ada', 3);
      const answers = await Promise.all(devices.map((device) => remove(browser, device)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 204, 409]);
      refused(answers.find(({ status }) => status === 409), 409, 'last_way_in');
      assert.equal((await listed(browser)).length, 1);
    }
  });

  test('are not removed by others', async () => {
    const { browser, devices } = await keeper('Ada', 2);
    const mallory = await edge.member('Mallory');
    await register(mallory, new Authenticator(edge.origin));
    for (const who of [mallory, await edge.guest('Eve')]) refused(await remove(who, devices[0]), 404, 'no_such_passkey');
    refused(await remove(edge.browser(), devices[0]), 401, 'not_signed_in');
    const thief = edge.browser();
    await login(thief, devices[0]);
    assert.equal((await browser.post(OTHERS)).status, 204);
    refused(await remove(thief, devices[1]), 401, 'session_over');
    assert.equal((await listed(browser)).length, 2);
    assert.equal(await notes(mallory.user, 'remove_passkey'), 0);
  });

  test('have ids, and what is none is nobody\'s', async () => {
    const { browser } = await keeper('Ada', 2);
    for (const id of ['x', '%27%20OR%201=1', '%00', '%ff', '.', 'a%2Fb', 'x'.repeat(1365), encodeURIComponent('ключ')]) {
      const answer = await browser.delete(`/api/auth/passkeys/${id}`);
      assert.equal(answer.status, 404, answer.text);
    }
    assert.equal((await listed(browser)).length, 2);
  });
});

test('a session that was ended adds no passkey to stay by, though it began to before', async () => {
  const grace = await edge.member();
  const thief = await another(grace);
  const device = new Authenticator(edge.origin);
  const { body } = await thief.post(`${REGISTER}/start`, {});
  assert.equal((await grace.post(OTHERS)).status, 204);
  const finish = { challenge_id: body.challenge_id, credential: device.create(body.options) };
  refused(await thief.post(`${REGISTER}/finish`, finish), 401, 'session_over');
  refused(await thief.post(`${REGISTER}/start`, {}), 401, 'session_over');
  assert.deepEqual(await listed(grace), []);
});
