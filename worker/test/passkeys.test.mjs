// Passkeys: made, used, and refused.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Authenticator, LOGIN, login, REGISTER, register } from './authenticator.mjs';
import { refused, start } from './harness.mjs';

let server;
let edge;
before(async () => {
  server = await start();
  // Passkeys belong to host names; an address in numbers has none.
  edge = server.at('localhost');
});
after(() => server.close());

describe('a passkey', () => {
  test('makes an account with nothing but a name, and signs in to it without one', async () => {
    const phone = new Authenticator(edge.origin);
    const made = await register(edge.browser(), phone, { name: 'Ada' });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.user.name, 'Ada');
    assert.equal(made.body.user.guest, false);
    const browser = edge.browser();
    const signed = await login(browser, phone);
    assert.equal(signed.status, 200, signed.text);
    assert.equal(signed.body.user.id, made.body.user.id);
    const me = await browser.get('/api/auth/me');
    assert.deepEqual([me.body.passkeys, me.body.email], [1, null]);
    assert.equal((await login(edge.browser(), phone)).status, 200, 'and again');
  });

  test('is asked of the authenticator so that it can be found without a name', async () => {
    const { body } = await edge.browser().post(`${REGISTER}/start`, { name: 'Ada' });
    const { publicKey } = body.options;
    assert.equal(publicKey.authenticatorSelection.residentKey, 'required');
    assert.equal(publicKey.authenticatorSelection.userVerification, 'required');
    assert.equal(publicKey.rp.id, edge.url.hostname);
    const started = await edge.browser().post(`${LOGIN}/start`, {});
    assert.deepEqual(started.body.options.publicKey.allowCredentials, []);
    assert.equal(started.body.options.publicKey.mediation, undefined);
  });

  test('makes an account of a guest, who stays who they are', async () => {
    const ada = await edge.guest('Ada');
    const phone = new Authenticator(edge.origin);
    const made = await register(ada, phone);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(made.body.user, { ...ada.user, guest: false });
    assert.equal((await login(edge.browser(), phone)).body.user.id, ada.user.id);
  });

  test('may have a key of any kind that was asked for', async () => {
    for (const kind of ['ec', 'ed25519', 'rsa']) {
      const device = new Authenticator(edge.origin, kind);
      const made = await register(edge.browser(), device, { name: kind });
      assert.equal(made.status, 201, made.text);
      assert.equal((await login(edge.browser(), device)).body.user.name, kind);
      const other = new Authenticator(edge.origin, kind);
      await register(edge.browser(), other, { name: 'Mallory' });
      const { privateKey } = other.passkeys[0];
      const passkey = { ...device.passkeys[0], privateKey };
      refused(await login(edge.browser(), device, { passkey }), 401, 'passkey_refused');
    }
  });

  test('can be one of several', async () => {
    const grace = await edge.member();
    const [phone, laptop] = [new Authenticator(edge.origin), new Authenticator(edge.origin)];
    await register(grace, phone);
    const begun = await grace.post(`${REGISTER}/start`, {});
    assert.equal(begun.body.options.publicKey.excludeCredentials.length, 1, 'the phone is not asked twice');
    await register(grace, laptop);
    assert.equal((await grace.get('/api/auth/me')).body.passkeys, 2);
    assert.equal(phone.passkeys[0].handle, laptop.passkeys[0].handle);
  });
});

test('an address in numbers is told to use something else', async () => {
  refused(await server.at('127.0.0.1').browser().post(`${LOGIN}/start`, {}), 422, 'passkeys_unavailable');
});

describe('a ceremony', () => {
  test('is finished once', async () => {
    const phone = new Authenticator(edge.origin);
    const browser = edge.browser();
    const { body } = await browser.post(`${REGISTER}/start`, { name: 'Ada' });
    const finish = { challenge_id: body.challenge_id, credential: phone.create(body.options) };
    assert.equal((await browser.post(`${REGISTER}/finish`, finish)).status, 201);
    refused(await edge.browser().post(`${REGISTER}/finish`, finish), 410, 'challenge_over');

    const begun = await browser.post(`${LOGIN}/start`, {});
    const signed = { challenge_id: begun.body.challenge_id, credential: phone.get(begun.body.options) };
    assert.equal((await browser.post(`${LOGIN}/finish`, signed)).status, 200);
    refused(await browser.post(`${LOGIN}/finish`, signed), 410, 'challenge_over');
  });

  test('is over after its time, and is no ceremony of another kind', async () => {
    const phone = new Authenticator(edge.origin);
    await register(edge.browser(), phone, { name: 'Ada' });
    const late = await edge.browser().post(`${LOGIN}/start`, {});
    await edge.db.prepare('UPDATE challenges SET expires_at = 1 WHERE id = ?').bind(late.body.challenge_id).run();
    const answer = { challenge_id: late.body.challenge_id, credential: phone.get(late.body.options) };
    refused(await edge.browser().post(`${LOGIN}/finish`, answer), 410, 'challenge_over');

    const other = await edge.browser().post(`${REGISTER}/start`, { name: 'Ada' });
    const mixed = { challenge_id: other.body.challenge_id, credential: phone.get(late.body.options) };
    refused(await edge.browser().post(`${LOGIN}/finish`, mixed), 410, 'challenge_over');
  });
});

describe('a forger', () => {
  let phone;
  before(async () => {
    phone = new Authenticator(edge.origin);
    await register(edge.browser(), phone, { name: 'Ada' });
  });

  test('with another key is refused', async () => {
    const forged = new Authenticator(edge.origin);
    await register(edge.browser(), forged, { name: 'Mallory' });
    const passkey = { ...forged.passkeys[0], id: phone.passkeys[0].id, handle: phone.passkeys[0].handle };
    refused(await login(edge.browser(), forged, { passkey }), 401, 'passkey_refused');
  });

  test('with a passkey that nobody has, or under another name, is refused', async () => {
    const passkey = { ...phone.passkeys[0], id: Buffer.alloc(32, 7) };
    refused(await login(edge.browser(), phone, { passkey }), 401, 'passkey_refused');
    refused(await login(edge.browser(), phone, { handle: 'AAAAAAAAAAAAAAAAAAAAAA' }), 401, 'passkey_refused');
    refused(await login(edge.browser(), phone, { handle: null }), 401, 'passkey_refused');
  });

  test('who did not have the finger on it is refused', async () => {
    refused(await login(edge.browser(), phone, { flags: 1 }), 401, 'passkey_refused');
  });

  test('who caught it on another site is refused', async () => {
    const fished = new Authenticator('https://evil.example');
    fished.passkeys = phone.passkeys;
    refused(await login(edge.browser(), fished), 401, 'passkey_refused');
    const made = await register(edge.browser(), new Authenticator('https://evil.example'), { name: 'Ada' });
    refused(made, 401, 'passkey_refused');
  });

  test('who answers another challenge is refused', async () => {
    const [mine, other] = [await edge.browser().post(`${LOGIN}/start`, {}), await edge.browser().post(`${LOGIN}/start`, {})];
    const credential = phone.get(other.body.options);
    refused(await edge.browser().post(`${LOGIN}/finish`, { challenge_id: mine.body.challenge_id, credential }), 401, 'passkey_refused');
  });

  test('who claims a passkey that has an owner is refused', async () => {
    const browser = edge.browser();
    const { body } = await browser.post(`${REGISTER}/start`, { name: 'Eve' });
    const credential = new Authenticator(edge.origin).create(body.options, { id: phone.passkeys[0].id });
    refused(await browser.post(`${REGISTER}/finish`, { challenge_id: body.challenge_id, credential }), 409, 'passkey_taken');
    const { n } = await edge.db.prepare("SELECT count(*) AS n FROM users WHERE name = 'Eve'").first();
    assert.equal(n, 0, 'nobody was made for it');
  });

  test('who sends nonsense is told that it is', async () => {
    for (const credential of [{}, null, 7, [], { id: 'x' }, { id: '!', response: {} }]) {
      const { body } = await edge.browser().post(`${LOGIN}/start`, {});
      refused(await edge.browser().post(`${LOGIN}/finish`, { challenge_id: body.challenge_id, credential }), 422, 'invalid_body');
    }
    const started = await edge.browser().post(`${REGISTER}/start`, { name: 'Ada' });
    const credential = phone.create(started.body.options);
    credential.response.attestationObject = Buffer.from('a1ffffffffff', 'hex').toString('base64url');
    const finish = { challenge_id: started.body.challenge_id, credential };
    refused(await edge.browser().post(`${REGISTER}/finish`, finish), 401, 'passkey_refused');
    refused(await edge.browser().post(`${REGISTER}/start`, {}), 422, 'invalid_name');
  });

  test('left the owner undisturbed', async () => {
    assert.equal((await login(edge.browser(), phone, { passkey: phone.passkeys[0] })).status, 200);
  });
});
