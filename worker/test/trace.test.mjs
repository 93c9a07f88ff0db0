// Native and wasm give the same bits for the same intents (crates/trace/tests/trace.rs is the native half).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

test('ten thousand intents lead through the same positions in wasm', async () => {
  const build = ['build', '--quiet', '--locked', '-p', 'earshot-trace', '--lib'];
  execFileSync('cargo', [...build, '--target', 'wasm32-unknown-unknown', '--profile', 'wasm'], { cwd: root, stdio: 'inherit' });
  const bytes = readFileSync(join(target, 'wasm32-unknown-unknown/wasm/earshot_trace.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes);
  const digest = BigInt.asUintN(64, instance.exports.trace_digest()).toString(16).padStart(16, '0');
  assert.equal(digest, readFileSync(join(root, 'crates/trace/tests/trace.digest'), 'utf8').trim());
});
