// The document describes the API that is there, whole.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refused, start } from './harness.mjs';

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
      'DELETE /api/spaces/{id}',
      'GET /api/auth/me',
      'GET /api/health',
      'GET /api/openapi.json',
      'GET /api/spaces',
      'GET /api/spaces/{id}',
      'GET /api/spaces/{id}/counters',
      'GET /api/spaces/{id}/map',
  'GET /api/spaces/{id}/messages',
      'GET /api/spaces/{id}/users',
      'GET /api/templates',
      'GET /api/users/{id}',
      'GET /ws/{id}',
      'PATCH /api/spaces/{id}',
      'PATCH /api/users/{id}',
      'POST /api/auth/guest',
      'POST /api/auth/login',
      'POST /api/auth/logout',
      'POST /api/auth/passkey/login/finish',
      'POST /api/auth/passkey/login/start',
      'POST /api/auth/passkey/register/finish',
      'POST /api/auth/passkey/register/start',
      'POST /api/auth/refresh',
      'POST /api/auth/register',
      'POST /api/spaces',
      'POST /api/spaces/{id}/ice',
      'POST /api/spaces/{id}/join',
      'POST /api/spaces/{id}/leave',
    ]);
  });

  test('names no route that is not there, and every refusal has the shape', async () => {
    for (const { path, method, operation } of operations()) {
      const init = { method };
      if (operation.requestBody) {
        init.headers = { 'content-type': 'application/json' };
        init.body = '{}';
      }
      const answer = documented(path, method, await edge.raw(path.replace('{id}', 'aaaaaaaaaaaaaaaa'), init));
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
      documented(path, method, await ada.send(method, id ? path.replace('{id}', id) : path, body)).body;
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
    await visit('POST', '/api/auth/passkey/register/start', { body: {} });
    await visit('POST', '/api/auth/passkey/login/start', { body: {} });
    await visit('DELETE', '/api/spaces/{id}', { id });
    await visit('POST', '/api/auth/logout');
  });
});
