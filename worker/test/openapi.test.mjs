// The document describes the API that is there, whole.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Authenticator, register } from './authenticator.mjs';
import { refused, start } from './harness.mjs';
import { leave, place, recorded, said } from './place.mjs';

let edge;
let document;
before(async () => {
  edge = await start();
  ({ body: document } = await edge.raw('/api/openapi.json'));
});
after(() => edge.close());

/** Every operation of the document. */
const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** A path with something in its holes that could be there. */
const filled = (path, more = {}) => {
  const parts = { node: 'eu-1', id: 'aaaaaaaaaaaaaaaa', user: 'u_aaaaaaaaaaaaaaaa', mid: 1, number: 1, emoji: encodeURIComponent('👍'), passkey: 'AAAA', ...more };
  return path.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
};

/** Does a value fit a schema? As much of JSON Schema as the document uses. */
function fits(value, schema, at = '$') {
  if (schema.$ref) return fits(value, document.components.schemas[schema.$ref.split('/').at(-1)], at);
  const options = schema.oneOf ?? schema.anyOf;
  if (options) {
    const ok = options.some((option) => {
      try {
        fits(value, option, at);
        return true;
      } catch {
        return false;
      }
    });
    assert.ok(ok, `${at} fits none of its schemas: ${JSON.stringify(value)}`);
    return;
  }
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const types = [schema.type].flat().map((name) => (name === 'integer' ? 'number' : name));
  assert.ok(types.includes(type), `${at} is ${type}, documented as ${types}`);
  if (schema.enum) assert.ok(schema.enum.includes(value), `${at} is ${value}`);
  if (type === 'array') value.forEach((item, i) => fits(item, schema.items, `${at}[${i}]`));
  if (type === 'object' && schema.properties) {
    for (const name of schema.required ?? []) assert.ok(name in value, `${at}.${name} is missing`);
    for (const [name, item] of Object.entries(value)) {
      assert.ok(schema.properties[name], `${at}.${name} is not documented`);
      fits(item, schema.properties[name], `${at}.${name}`);
    }
  }
}

/** Checks an answer against what the document says of that operation. */
function documented(path, method, answer) {
  const response = document.paths[path][method.toLowerCase()].responses[answer.status];
  assert.ok(response, `${method} ${path} answered ${answer.status}, which is not documented`);
  const schema = response.content?.['application/json']?.schema;
  if (schema) fits(answer.body, schema);
  return answer;
}

describe('the document', () => {
  test('names every route of the contract', () => {
    const routes = operations().map(({ path, method }) => `${method} ${path}`).sort();
    assert.deepEqual(routes, [
      'DELETE /api/account',
      'DELETE /api/auth/passkeys/{passkey}',
      'DELETE /api/blocks/{user}',
      'DELETE /api/directs/{user}/messages/{mid}',
      'DELETE /api/directs/{user}/messages/{mid}/reactions/{emoji}',
      'DELETE /api/push',
      'DELETE /api/spaces/{id}',
      'DELETE /api/spaces/{id}/bans/{user}',
      'DELETE /api/spaces/{id}/channels/{number}',
      'DELETE /api/spaces/{id}/messages/{mid}',
      'DELETE /api/spaces/{id}/messages/{mid}/reactions/{emoji}',
      'DELETE /api/spaces/{id}/reports/{number}',
      'GET /api/auth/me',
      'GET /api/auth/passkeys',
      'GET /api/blocks',
      'GET /api/directs',
      'GET /api/directs/{user}',
      'GET /api/fleet',
      'GET /api/fleet/keys',
      'GET /api/health',
      'GET /api/notices',
      'GET /api/openapi.json',
      'GET /api/push/key',
      'GET /api/spaces',
      'GET /api/spaces/{id}',
      'GET /api/spaces/{id}/bans',
      'GET /api/spaces/{id}/channels',
      'GET /api/spaces/{id}/counters',
      'GET /api/spaces/{id}/export',
      'GET /api/spaces/{id}/map',
      'GET /api/spaces/{id}/messages',
      'GET /api/spaces/{id}/messages/{mid}',
      'GET /api/spaces/{id}/messages/{mid}/trace',
      'GET /api/spaces/{id}/reports',
      'GET /api/spaces/{id}/search',
      'GET /api/spaces/{id}/users',
      'GET /api/templates',
      'GET /api/users/{id}',
      'GET /ws/{id}',
      'PATCH /api/directs/{user}/messages/{mid}',
      'PATCH /api/spaces/{id}',
      'PATCH /api/spaces/{id}/channels/{number}',
      'PATCH /api/spaces/{id}/messages/{mid}',
      'PATCH /api/users/{id}',
      'POST /api/auth/guest',
      'POST /api/auth/login',
      'POST /api/auth/logout',
      'POST /api/auth/logout/others',
      'POST /api/auth/passkey/login/finish',
      'POST /api/auth/passkey/login/start',
      'POST /api/auth/passkey/register/finish',
      'POST /api/auth/passkey/register/start',
      'POST /api/auth/password',
      'POST /api/auth/refresh',
      'POST /api/auth/register',
      'POST /api/directs/{user}',
      'POST /api/fleet/nodes/{node}',
      'POST /api/spaces',
      'POST /api/spaces/{id}/channels',
      'POST /api/spaces/{id}/ice',
      'POST /api/spaces/{id}/join',
      'POST /api/spaces/{id}/leave',
      'POST /api/spaces/{id}/media/join',
      'POST /api/spaces/{id}/reports',
      'POST /api/spaces/{id}/rings/{user}',
      'PUT /api/auth/password',
      'PUT /api/blocks/{user}',
      'PUT /api/directs/{user}/messages/{mid}/reactions/{emoji}',
      'PUT /api/directs/{user}/read',
      'PUT /api/notices',
      'PUT /api/push',
      'PUT /api/spaces/{id}/bans/{user}',
      'PUT /api/spaces/{id}/messages/{mid}/reactions/{emoji}',
    ]);
  });

  test('names no route that is not there, and every refusal has the shape', async () => {
    for (const { path, method, operation } of operations()) {
      const init = { method };
      if (operation.requestBody) {
        init.headers = { 'content-type': 'application/json' };
        init.body = '{}';
      }
      const answer = documented(path, method, await edge.raw(filled(path), init));
      if (answer.status >= 400) {
        refused(answer, answer.status, answer.body.error.code);
        assert.ok(!['no_such_route', 'method_not_allowed', 'internal'].includes(answer.body.error.code), `${method} ${path}`);
        const { description } = operation.responses[answer.status];
        assert.ok(description.includes(answer.body.error.code), `${method} ${path}: ${answer.body.error.code} not in "${description}"`);
      }
    }
  });

  test('describes what a visit really gets', async () => {
    const ada = await edge.guest('Ada');
    const look = Object.fromEntries(
      Object.entries(document.components.schemas.Look.properties).map(([name, { type }]) => [name, type === 'string' ? '#102030' : 0]),
    );
    const visit = async (method, path, { id, body } = {}) =>
      documented(path, method, await ada.send(method, filled(path, id ? { id, user: id } : {}), body)).body;
    await visit('PATCH', '/api/users/{id}', { id: ada.user.id, body: { look } });
    await visit('GET', '/api/users/{id}', { id: ada.user.id });
    await visit('GET', '/api/auth/me');
    await visit('POST', '/api/auth/refresh');
    const { id } = await visit('POST', '/api/spaces', { body: { name: 'X', template: 'office', access: 'members' } });
    await visit('PATCH', '/api/spaces/{id}', { id, body: { description: 'Y' } });
    await visit('POST', '/api/spaces/{id}/join', { id });
    await visit('GET', '/api/spaces/{id}', { id });
    await visit('GET', '/api/spaces/{id}/users', { id });
    await visit('POST', '/api/spaces/{id}/ice', { id });
    await visit('GET', '/api/spaces/{id}/counters', { id });
    await visit('GET', '/api/spaces/{id}/map', { id });
    await visit('GET', '/api/spaces');
    await visit('GET', '/api/templates');
    await visit('GET', '/api/health');
    await visit('GET', '/api/fleet/keys');
    await visit('POST', '/api/auth/passkey/register/start', { body: {} });
    await visit('POST', '/api/auth/passkey/login/start', { body: {} });
    await visit('DELETE', '/api/spaces/{id}', { id });
    await visit('POST', '/api/auth/logout');
  });

  test('describes how one signs in, and what may be refused of it', async () => {
    const home = edge.at('localhost');
    const [grace, guest] = [await home.member(), await home.guest()];
    const phone = new Authenticator(home.origin);
    await register(grace, phone);
    const call = async (who, method, path, status, code, body) => {
      const answer = documented(path, method, await who.send(method, filled(path, { passkey: phone.passkeys[0].id.toString('base64url') }), body));
      assert.equal(answer.status, status, answer.text);
      if (code) refused(answer, status, code);
      return answer.body;
    };
    assert.equal((await call(grace, 'GET', '/api/auth/passkeys', 200)).passkeys.length, 1);
    const password = 'another long password';
    await call(grace, 'PUT', '/api/auth/password', 403, 'wrong_password', { current: 'x', password });
    await call(grace, 'PUT', '/api/auth/password', 422, 'weak_password', { current: grace.password, password: 'x' });
    await call(grace, 'PUT', '/api/auth/password', 204, null, { current: grace.password, password });
    await call(grace, 'POST', '/api/auth/password', 409, 'has_password', { email: 'x@example.org', password });
    await call(guest, 'PUT', '/api/auth/password', 409, 'no_password', { current: 'x', password });
    await call(guest, 'POST', '/api/auth/password', 403, 'no_account', { email: 'x@example.org', password });
    await call(grace, 'POST', '/api/auth/logout/others', 204);
    await call(guest, 'DELETE', '/api/auth/passkeys/{passkey}', 404, 'no_such_passkey');
    await call(grace, 'DELETE', '/api/auth/passkeys/{passkey}', 204);
    grace.cookies.delete('earshot_refresh');
    for (const [method, path, body] of [
      ['PUT', '/api/auth/password', { current: password, password }],
      ['POST', '/api/auth/password', { email: 'x@example.org', password }],
      ['POST', '/api/auth/logout/others'],
      ['DELETE', '/api/auth/passkeys/{passkey}'],
      ['POST', '/api/auth/passkey/register/start', {}],
    ]) {
      await call(grace, method, path, 401, 'session_over', body);
    }
  });

  test('describes what is written and what becomes of it', async () => {
    const { owner, space, people } = await place(edge, 'Ada', 'Bob');
    const [ada, bob] = people;
    await owner.post(`/api/spaces/${space}/join`);
    const call = async (who, method, path, parts = {}, body, query = '') => {
      const answer = documented(path, method, await who.send(method, filled(path, { id: space, ...parts }) + query, body));
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
      return answer.body;
    };
    const { id: mid } = await said(ada, `/api/spaces/${space}`, 'hello');
    await call(bob.browser, 'PUT', '/api/spaces/{id}/messages/{mid}/reactions/{emoji}', { mid });
    await call(ada.browser, 'PATCH', '/api/spaces/{id}/messages/{mid}', { mid }, { text: 'hello!' });
    await recorded(ada.browser, `/api/spaces/${space}`, ([message]) => message.text === 'hello!' && message.reactions.length === 1);
    await call(ada.browser, 'GET', '/api/spaces/{id}/messages');
    await call(ada.browser, 'GET', '/api/spaces/{id}/messages/{mid}', { mid });
    await call(owner, 'GET', '/api/spaces/{id}/messages/{mid}/trace', { mid });
    await call(ada.browser, 'GET', '/api/spaces/{id}/search', {}, undefined, '?q=hello');
    await call(bob.browser, 'DELETE', '/api/spaces/{id}/messages/{mid}/reactions/{emoji}', { mid });
    await call(bob.browser, 'POST', '/api/spaces/{id}/reports', {}, { user_id: ada.user, message_id: mid, reason: 'other' });
    const { reports } = await call(owner, 'GET', '/api/spaces/{id}/reports');
    await call(owner, 'DELETE', '/api/spaces/{id}/reports/{number}', { number: reports[0].id });
    const { number } = await call(owner, 'POST', '/api/spaces/{id}/channels', {}, { name: 'Music' });
    await call(owner, 'PATCH', '/api/spaces/{id}/channels/{number}', { number }, { topic: 'x' });
    await call(ada.browser, 'GET', '/api/spaces/{id}/channels');
    await call(owner, 'DELETE', '/api/spaces/{id}/channels/{number}', { number });
    await call(owner, 'PATCH', '/api/spaces/{id}', {}, { slow_mode_s: 1, retention_days: 1, words: ['x'] });
    const { id: direct } = await call(ada.browser, 'POST', '/api/directs/{user}', { user: bob.user }, { reference: '00000000000000aa', text: 'psst' });
    await call(ada.browser, 'PATCH', '/api/directs/{user}/messages/{mid}', { user: bob.user, mid: direct }, { text: 'pssst' });
    await call(bob.browser, 'PUT', '/api/directs/{user}/messages/{mid}/reactions/{emoji}', { user: ada.user, mid: direct });
    await call(bob.browser, 'GET', '/api/directs');
    await call(bob.browser, 'GET', '/api/directs/{user}', { user: ada.user });
    await call(bob.browser, 'PUT', '/api/directs/{user}/read', { user: ada.user }, { up_to: direct });
    await call(bob.browser, 'DELETE', '/api/directs/{user}/messages/{mid}/reactions/{emoji}', { user: ada.user, mid: direct });
    await call(ada.browser, 'DELETE', '/api/directs/{user}/messages/{mid}', { user: bob.user, mid: direct });
    await call(ada.browser, 'POST', '/api/spaces/{id}/rings/{user}', { user: bob.user });
    await call(ada.browser, 'PUT', '/api/blocks/{user}', { user: bob.user });
    await call(ada.browser, 'GET', '/api/blocks');
    await call(ada.browser, 'DELETE', '/api/blocks/{user}', { user: bob.user });
    const notices = await call(ada.browser, 'GET', '/api/notices');
    await call(ada.browser, 'PUT', '/api/notices', {}, { ...notices, quiet: { from_min: 0, to_min: 60 } });
    await call(ada.browser, 'GET', '/api/push/key');
    await call(ada.browser, 'DELETE', '/api/push', {}, { endpoint: 'https://fcm.googleapis.com/x' });
    await call(owner, 'PUT', '/api/spaces/{id}/bans/{user}', { user: bob.user });
    await call(owner, 'GET', '/api/spaces/{id}/bans');
    await call(owner, 'DELETE', '/api/spaces/{id}/bans/{user}', { user: bob.user });
    await call(ada.browser, 'DELETE', '/api/spaces/{id}/messages/{mid}', { mid });
    await call(bob.browser, 'DELETE', '/api/account', {}, { confirm: 'delete' });
    leave(ada, bob);
  });
});
