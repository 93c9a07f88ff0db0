// After a panic the Worker starts over, and only what was under way notices.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { refused, start } from './harness.mjs';

let edge;
before(async () => {
  edge = await start({ main: 'worker/test/panicking.mjs' });
});
after(() => edge.close());

test('a request that a panic ends is answered, and so is every later one', async () => {
  for (let i = 0; i < 3; i += 1) {
    refused(await edge.raw('/api/panic'), 500, 'internal');
    assert.equal((await edge.raw('/api/spaces')).status, 200);
  }
});

test('objects are made again, and their sockets stay open', async () => {
  const ada = await edge.guest();
  await ada.post('/api/spaces/commons/join');
  const { socket } = await ada.knock('commons');
  refused(await edge.raw('/api/panic'), 500, 'internal');
  assert.equal((await ada.get('/api/spaces/commons/users')).status, 200);
  assert.equal(socket.readyState, socket.OPEN);
  socket.terminate();
  const grace = await edge.member();
  assert.equal((await edge.browser().post('/api/auth/login', { email: grace.email, password: grace.password })).status, 200);
});
