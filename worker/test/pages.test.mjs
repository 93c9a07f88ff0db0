// What no file answers: pages of the client's own routes, and files that are gone.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ROOT, start } from './harness.mjs';

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

describe('an address', () => {
  test('below the folders of files is a file, or nothing, and never a page that is kept', async () => {
    for (const path of ['/assets/index-of-yesterday.js', '/art/none.png', '/assets/']) {
      const answer = await fetch(new URL(path, edge.url));
      assert.deepEqual([answer.status, answer.headers.get('cache-control')], [404, 'no-store'], path);
      assert.match(answer.headers.get('content-type'), /^text\/plain/);
      await answer.arrayBuffer();
    }
  });

  test('of the client is the one page there is, and looked at anew each time', { skip: !existsSync(join(ROOT, 'web/dist/index.html')) && 'the pages are not built' }, async () => {
    for (const path of ['/spaces', '/s/commons', '/s/commons?channel=c/3&message=7', '/nothing']) {
      const answer = await fetch(new URL(path, edge.url));
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/html; charset=utf-8'], path);
      assert.doesNotMatch(answer.headers.get('cache-control'), /immutable/);
      assert.match(answer.headers.get('content-security-policy'), /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
      assert.match(await answer.text(), /<title>/);
    }
    assert.equal((await fetch(new URL('/spaces', edge.url), { method: 'POST' })).status, 404);
  });
});
