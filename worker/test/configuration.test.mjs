// What depends on how an installation is set up: the secret, the rate limits, the schema.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { ROOT, refused, start } from './harness.mjs';

test('without a secret of 32 bytes nobody is signed in, and who runs it is told why', async (t) => {
  const edge = await start({ secrets: { JWT_SECRET: 'too short' } });
  t.after(() => edge.close());
  for (const [path, body] of [
    ['/api/auth/guest', { name: 'A' }],
    ['/api/auth/register', { name: 'A', email: 'a@b.cd', password: 'long enough' }],
    ['/api/auth/login', { email: 'a@b.cd', password: 'long enough' }],
    ['/api/auth/passkey/login/start', {}],
    ['/api/auth/passkey/register/start', { name: 'A' }],
    ['/api/auth/refresh', undefined],
    ['/api/auth/logout', undefined],
  ]) {
    refused(await edge.browser().post(path, body), 500, 'not_configured');
  }
  assert.equal((await edge.raw('/api/health')).status, 200);
  assert.equal((await edge.raw('/api/spaces')).status, 200);
});

test('passwords cannot be tried without end', async (t) => {
  const edge = await start({ vars: { RATE_LIMITS: 'on' } });
  t.after(() => edge.close());
  // Twice the limit and more: the platform counts by the minute, and a minute may end meanwhile.
  const answers = [];
  while (answers.length < 25 && answers.at(-1)?.status !== 429) {
    const guess = { email: 'a@example.org', password: `guess ${answers.length}` };
    answers.push(await edge.browser().post('/api/auth/login', guess));
  }
  refused(answers.at(-1), 429, 'too_many_requests');
  assert.equal(answers.at(-1).headers.get('retry-after'), '60');
  refused(answers[0], 401, 'wrong_credentials');
});

test('a current password cannot be tried without end either, and counts as the same guessing', async (t) => {
  const edge = await start({ vars: { RATE_LIMITS: 'on' } });
  t.after(() => edge.close());
  const ada = await edge.member();
  const guess = (current) => ada.put('/api/auth/password', { current, password: 'what a thief would like' });
  refused(await guess('a first guess'), 403, 'wrong_password');
  // The platform counts by the minute, and a minute may end between the two.
  let login;
  for (let minute = 0; minute < 3 && login?.status !== 429; minute++) {
    let last;
    for (let times = 0; times < 25 && last?.status !== 429; times++) last = await guess(`guess ${times}`);
    refused(last, 429, 'too_many_requests');
    login = await edge.browser().post('/api/auth/login', { email: ada.email, password: ada.password });
  }
  refused(login, 429, 'too_many_requests');
});

test('one user does not open sockets without end, nor costs others theirs', async (t) => {
  const edge = await start({ vars: { RATE_LIMITS: 'on' } });
  t.after(() => edge.close());
  const [ada, bob] = [await edge.guest('Ada'), await edge.guest('Bob')];
  for (const guest of [ada, bob]) assert.equal((await guest.post('/api/spaces/commons/join')).status, 200);
  const knock = async (guest, space = 'commons') => {
    const answer = await guest.knock(space);
    answer.socket?.terminate();
    return answer;
  };
  const answers = [];
  // Twice the limit and more: the platform counts by the minute, and a minute may end meanwhile.
  while (answers.length < 130 && answers.at(-1)?.status !== 429) answers.push(await knock(ada));
  refused(answers.at(-1), 429, 'too_many_requests');
  // Some tabs that come back again and again are not too many.
  assert.ok(answers.length > 50, `${answers.length}`);
  assert.ok(answers.slice(0, -1).every(({ status }) => status === 101));
  // Counted before anything is looked up; and each for themselves.
  refused(await knock(ada, 'aaaaaaaaaaaaaaaa'), 429, 'too_many_requests');
  assert.equal((await knock(bob)).status, 101);
});

describe('the schema', () => {
  const shape = (sql) => {
    const db = new DatabaseSync(':memory:');
    for (const text of sql) db.exec(text);
    const rows = db.prepare("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name").all();
    return rows.map(({ type, name, sql }) => `${type} ${name}: ${sql.replace(/--[^\n]*/g, '').replace(/\s+/g, ' ').replace(/ ?([(),]) ?/g, '$1')}`);
  };

  test('in schema.sql is what the migrations make', () => {
    const folder = join(ROOT, 'migrations');
    const migrations = readdirSync(folder).filter((file) => file.endsWith('.sql')).sort();
    assert.ok(migrations.length > 0);
    assert.deepEqual(
      shape([readFileSync(join(ROOT, 'schema.sql'), 'utf8')]),
      shape(migrations.map((file) => readFileSync(join(folder, file), 'utf8'))),
    );
  });
});
