// The real workerd, that can be killed and started again on the same data. The harness of the other tests is quicker to use;
// this one dies on purpose.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Miniflare, convertV4MiniflareOptions } from 'miniflare';
import workerdPackage from 'workerd';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { ROOT, SECRET } from './harness.mjs';

const workerd = workerdPackage.default;
const BUNDLE = join(ROOT, 'worker', 'build', 'bundle');

/** An edge on data of its own. */
export class Runtime {
  static async start() {
    const runtime = new Runtime();
    // A folder of its own for each, under the system's: nothing is left if a test ends as it should.
    runtime.folder = mkdtempSync(join(tmpdir(), 'earshot-kill-'));
    mkdirSync(join(ROOT, 'web', 'dist'), { recursive: true });
    const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'));
    delete workerOptions.ratelimits;
    delete workerOptions.assets;
    workerOptions.bindings = { ...workerOptions.bindings, JWT_SECRET: SECRET, RATE_LIMITS: 'off', STUN_URLS: '', TURN_URLS: '' };
    const options = convertV4MiniflareOptions({
      host: '127.0.0.1',
      // The same each time, as clients expect of a server.
      port: await freePort(),
      cf: false,
      resourcePersistencePath: join(runtime.folder, 'data'),
      handleStructuredLogs: () => {},
      workers: [{ ...workerOptions, name: 'earshot', modules: modules(), modulesRoot: BUNDLE }],
    });
    Object.assign(process.env, {
      MINIFLARE_WORKERD_PATH: join(ROOT, 'worker', 'test', 'record-config.sh'),
      EARSHOT_WORKERD: workerd,
      EARSHOT_RECORD: runtime.folder,
    });
    // Once by Miniflare's hand, which knows best how; from then on by ours, which is quicker.
    const miniflare = new Miniflare(options);
    runtime.url = await miniflare.ready;
    await migrate(await miniflare.getD1Database('DB'));
    await miniflare.dispose();
    const recorded = (name) => readFileSync(join(runtime.folder, name));
    runtime.config = recorded('config');
    // Folders of Miniflare's own, which went with it; workerd wants them to be there.
    const names = `${runtime.config.toString('latin1')}`.match(/[\w./-]*\/miniflare-[0-9a-f]{32}[\w./-]*/g) ?? [];
    for (const name of names) mkdirSync(name, { recursive: true });
    runtime.strays = names.map((name) => name.replace(/(miniflare-[0-9a-f]{32}).*/, '$1'));
    runtime.arguments = `${recorded('arguments')}`.trim().split('\n').map((text) =>
      text.startsWith('--socket-addr=entry=') ? `--socket-addr=entry=${runtime.url.host}` : text);
    await runtime.again();
    return runtime;
  }

  get host() {
    return this.url.host;
  }

  /** Asks the database itself. */
  async sql(statement) {
    const answer = await fetch(new URL('/sql', this.url), { method: 'POST', body: statement });
    const body = await answer.json();
    assert.equal(answer.status, 200, `${statement}: ${body}`);
    return body;
  }

  /** Ends workerd as a power cut would: no handler runs, nothing is flushed. */
  async kill() {
    const { child } = this;
    this.child = null;
    child.kill('SIGKILL');
    await child.ended;
  }

  /** Starts it again on the same data. */
  async again() {
    const child = spawn(workerd, this.arguments, { stdio: ['pipe', 'ignore', process.env.EARSHOT_LOUD ? 'inherit' : 'ignore', 'pipe'] });
    child.ended = new Promise((resolve) => child.on('exit', resolve));
    child.stdin.on('error', () => {});
    child.stdin.end(this.config);
    const listens = new Promise((resolve) => child.stdio[3].on('data', (line) => `${line}`.includes('"entry"') && resolve(true)));
    this.child = child;
    assert.ok(await Promise.race([listens, child.ended.then(() => false)]), 'workerd starts again');
  }

  async fetch(path, { method = 'GET', token, body } = {}) {
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(new URL(path, this.url), { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  async close() {
    if (this.child) await this.kill();
    for (const folder of [this.folder, ...this.strays]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Applies the migrations, as serve.mjs does. */
async function migrate(database) {
  const folder = join(ROOT, 'migrations');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.sql')).sort()) {
    const code = readFileSync(join(folder, name), 'utf8').replace(/--.*$/gm, '');
    const statements = code.split(';').map((statement) => statement.trim()).filter(Boolean);
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
}

/** Below those that the system gives out by itself, to whoever asks for any. */
async function freePort() {
  for (;;) {
    const [server, port] = [createServer(), randomInt(20_000, 32_000)];
    const isFree = await new Promise((resolve) => {
      server.on('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isFree) return new Promise((resolve) => server.close(() => resolve(port)));
  }
}

function modules() {
  const files = readdirSync(BUNDLE);
  const script = files.find((name) => /\.m?js$/.test(name));
  assert.ok(script, `no bundle in ${BUNDLE}; build the Worker first`);
  const wasm = files.filter((name) => name.endsWith('.wasm'));
  return [
    { type: 'ESModule', path: join(BUNDLE, 'opened.mjs'), contents: readFileSync(join(import.meta.dirname, 'opened.mjs'), 'utf8').replaceAll('./shim.js', `./${script}`) },
    { type: 'ESModule', path: join(BUNDLE, script), contents: readFileSync(join(BUNDLE, script), 'utf8') },
    ...wasm.map((name) => ({ type: 'CompiledWasm', path: join(BUNDLE, name), contents: readFileSync(join(BUNDLE, name)) })),
  ];
}
