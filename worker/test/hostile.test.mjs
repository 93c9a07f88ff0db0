// What arrives when someone means harm, or a client is broken.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { refused, SECRET, start } from './harness.mjs';

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (path, body, headers = JSON_TYPE) => edge.raw(path, { method: 'POST', body, headers });
const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token as we would make it, unless told otherwise. */
function forge({ header = { alg: 'HS256', typ: 'JWT' }, claims, secret = SECRET, hash = 'sha256' }) {
  const iat = Math.floor(Date.now() / 1000);
  const text = `${b64(header)}.${b64({ guest: true, iat, exp: iat + 900, ...claims })}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
}
const me = (token) => edge.raw('/api/auth/me', { headers: { authorization: `Bearer ${token}` } });

describe('a body', () => {
  test('that is not JSON, or not the JSON asked for, is refused by name', async () => {
    refused(await post('/api/auth/guest', '{"name":'), 400, 'invalid_json');
    refused(await post('/api/auth/guest', ''), 400, 'invalid_json');
    refused(await post('/api/auth/guest', Buffer.from('7b226e616d65223a22ff22', 'hex')), 400, 'invalid_json');
    for (const wrong of ['null', '[]', '["A"]', ' ["A",null]', '7', '"x"', '{}', '{"name":7}', '{"name":"A","admin":true}', '{"name":null}']) {
      refused(await post('/api/auth/guest', wrong), 422, 'invalid_body');
    }
  });

  test('needs its content type', async () => {
    refused(await post('/api/auth/guest', '{"name":"A"}', {}), 415, 'not_json');
    refused(await post('/api/auth/guest', 'name=A', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'not_json');
  });

  test('has a limit, announced or not', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(16 * 1024) });
    refused(await post('/api/auth/guest', large), 413, 'too_large');
    const endless = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const answer = await edge.raw('/api/auth/guest', { method: 'POST', headers: JSON_TYPE, body: endless, duplex: 'half' });
    refused(answer, 413, 'too_large');
  });

  test('nested without end does not exhaust the stack', async () => {
    refused(await post('/api/auth/guest', '['.repeat(16_000)), 400, 'invalid_json');
    const deep = `{"challenge_id":"x","credential":{"unread":${'['.repeat(15_000)}`;
    refused(await post('/api/auth/passkey/login/finish', deep), 400, 'invalid_json');
    assert.equal((await edge.raw('/api/health')).status, 200);
  });

  test('of SQL is only text', async () => {
    const name = "'); DROP TABLE users;--";
    const bobby = await edge.guest(name);
    assert.equal((await bobby.get('/api/auth/me')).body.user.name, name);
    const login = { email: "' OR '1'='1'@x.org", password: "' OR '1'='1" };
    refused(await edge.browser().post('/api/auth/login', login), 401, 'wrong_credentials');
  });
});

describe('a route', () => {
  test('that does not exist says so in JSON, and so does a wrong method', async () => {
    refused(await edge.raw('/api/nothing'), 404, 'no_such_route');
    refused(await edge.raw('/api/'), 404, 'no_such_route');
    refused(await edge.raw('/ws/'), 404, 'no_such_route');
    refused(await edge.raw('/api/auth/guest'), 405, 'method_not_allowed');
    refused(await edge.raw('/api/health', { method: 'DELETE' }), 405, 'method_not_allowed');
    refused(await edge.raw('/api/auth/guest', { method: 'OPTIONS' }), 405, 'method_not_allowed');
  });

  test('is asked for its headers only, like any other', async () => {
    const head = await edge.raw('/api/health', { method: 'HEAD' });
    assert.deepEqual([head.status, head.text], [200, '']);
  });

  test('answers as data: never sniffed, framed, cached or referred to', async () => {
    for (const path of ['/api/spaces', '/api/nothing']) {
      const { headers } = await edge.raw(path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'");
      assert.equal(headers.get('cache-control'), 'no-store');
    }
  });
});

describe('another site', () => {
  test('cannot act through a visitor', async () => {
    const ada = await edge.guest();
    for (const origin of ['https://evil.example', 'null', `http://${edge.host}.evil.example`, `http://evil.example:${edge.url.port}`]) {
      refused(await ada.post('/api/spaces/commons/join', undefined, { origin }), 403, 'wrong_origin');
      refused(await ada.post('/api/auth/logout', undefined, { origin }), 403, 'wrong_origin');
      refused(await edge.browser().post('/api/auth/guest', { name: 'A' }, { origin }), 403, 'wrong_origin');
    }
    const { cookie } = ada;
    refused(await edge.raw('/api/auth/refresh', { method: 'POST', headers: { cookie } }), 403, 'wrong_origin');
    assert.equal((await ada.get('/api/auth/me')).status, 200);
  });
});

describe('an access token', () => {
  test('is ours, whole, in time, and of our one algorithm', async () => {
    const ada = await edge.guest();
    const claims = { sub: ada.user.id };
    assert.equal((await me(forge({ claims }))).status, 200, 'the forger forges well');
    const now = Math.floor(Date.now() / 1000);
    const [head, body] = ada.token.split('.');
    for (const [what, token] of Object.entries({
      'another secret': forge({ claims, secret: 'another secret of thirty-two bytes' }),
      'no algorithm': forge({ claims, header: { alg: 'none', typ: 'JWT' } }),
      'no algorithm, no signature': `${b64({ alg: 'none' })}.${body}.`,
      'a longer hash': forge({ claims, header: { alg: 'HS512' }, hash: 'sha512' }),
      'an asymmetric algorithm': forge({ claims, header: { alg: 'RS256' } }),
      'no signature': `${head}.${body}.`,
      expired: forge({ claims: { ...claims, iat: now - 901, exp: now - 1 } }),
      'made to last': forge({ claims: { ...claims, exp: now + 9_000_000 } }),
      'from the future': forge({ claims: { ...claims, iat: now + 9000, exp: now + 9900 } }),
      'more claims': forge({ claims: { ...claims, role: 'owner' } }),
      'huge numbers': forge({ claims: { ...claims, exp: Number.MAX_SAFE_INTEGER, iat: -Number.MAX_SAFE_INTEGER } }),
      'not a token': 'x',
      'dots': '..',
      'long': 'a'.repeat(8000),
    })) {
      const answer = await me(token);
      assert.equal(answer.body.error.code, 'invalid_token', what);
      refused(answer, 401, 'invalid_token');
    }
  });

  test('of somebody who is not there is nobody', async () => {
    refused(await me(forge({ claims: { sub: 'u_aaaaaaaaaaaaaaaa' } })), 401, 'not_signed_in');
    refused(await me(forge({ claims: { sub: "' OR 1=1 --" } })), 401, 'not_signed_in');
  });

  test('in a cookie that is over only means signed out', async () => {
    const browser = edge.browser();
    browser.cookies.set('earshot_access', 'nonsense');
    assert.equal((await browser.get('/api/spaces')).status, 200);
    refused(await browser.get('/api/auth/me'), 401, 'not_signed_in');
  });

  test('counts before the cookie', async () => {
    const ada = await edge.guest();
    refused(await ada.get('/api/auth/me', { authorization: 'Bearer x' }), 401, 'invalid_token');
  });
});

describe('a WebSocket', () => {
  const upgrade = (more = {}) => ({ origin: edge.origin, ...more });

  test('opens for who has joined, from our page or with a bearer token', async () => {
    const ada = await edge.guest();
    await ada.post('/api/spaces/commons/join');
    const page = await ada.knock('commons');
    assert.equal(page.status, 101);
    const program = await edge.knock('/ws/commons', { authorization: `Bearer ${ada.token}` });
    assert.equal(program.status, 101);
    page.socket.terminate();
    program.socket.terminate();
  });

  test('is closed to nobody, to other sites, and to who has not joined', async () => {
    const ada = await edge.guest();
    refused(await edge.knock('/ws/commons', upgrade()), 401, 'not_signed_in');
    refused(await edge.knock('/ws/commons', upgrade({ authorization: 'Bearer x' })), 401, 'invalid_token');
    refused(await edge.knock('/ws/commons', { origin: 'https://evil.example', cookie: ada.cookie }), 403, 'wrong_origin');
    refused(await edge.knock('/ws/commons', { cookie: ada.cookie }), 403, 'wrong_origin');
    refused(await ada.knock('commons'), 403, 'not_a_member');
    refused(await ada.knock('aaaaaaaaaaaaaaaa'), 404, 'no_such_space');
    refused(await ada.get('/ws/commons'), 426, 'upgrade_required');
  });

  test('admits as who one is, whatever one says in headers', async () => {
    const ada = await edge.guest('Ada');
    const admission = encodeURIComponent(JSON.stringify({ user_id: 'u_root', name: 'Root', guest: false, role: 'owner' }));
    refused(await edge.knock('/ws/commons', { ...upgrade({ cookie: ada.cookie }), 'x-earshot-admission': admission }), 403, 'not_a_member');
  });
});

test('text that headers cannot hold is refused, not fatal', async () => {
  const answer = await edge.raw('/api/health', { headers: { 'x-note': 'caf\u00e9' } });
  assert.ok([200, 400].includes(answer.status));
  assert.equal((await edge.raw('/api/health')).status, 200);
});

test('answers of the API reach no other site', async () => {
  const { headers } = await edge.raw('/api/spaces', { headers: { origin: 'https://evil.example' } });
  assert.equal(headers.get('access-control-allow-origin'), null);
  assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
});
