// The local runtime: the very workerd of production under Miniflare, with data on disk. `cargo xtask dev`, the browser
// tests and the benches run on it. It bundles nothing: `wrangler deploy --dry-run --outdir` has done that.
//
//   node worker/serve.mjs --port 8787 --data .earshot/data [--config wrangler.toml --bundle worker/build/bundle]
//
// STUN_URLS, TURN_URLS, TURN_SECRET, VAPID_PRIVATE_KEY, VAPID_SUBJECT, PUSH_HOSTS, FLEET_PRIVATE_KEY, FLEET_TOKEN and FLEET_BEAT_MS of its
// environment count, as they would in wrangler.toml and among the secrets; what is not there is none: nothing local asks a server on the internet for its address.
//
// Prints one line of JSON, {"url":…,"runtimePid":…}, when it is ready. SIGTERM or Ctrl-C ends it.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Miniflare, convertV4MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string', default: '.earshot/data' },
    config: { type: 'string', default: 'wrangler.toml' },
    bundle: { type: 'string', default: 'worker/build/bundle' },
    // The brakes count per address, and here everybody has the same one.
    'no-limits': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
});

const root = resolve(values.config, '..');
const { workerOptions } = unstable_getMiniflareWorkerOptions(values.config);
const bundle = resolve(values.bundle);
if (values['no-limits']) delete workerOptions.ratelimits;
for (const name of ['STUN_URLS', 'TURN_URLS']) bind(name, process.env[name] ?? '');
// What .dev.vars has stays, unless the environment says otherwise.
for (const name of ['TURN_SECRET', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT', 'PUSH_HOSTS', 'FLEET_PRIVATE_KEY', 'FLEET_TOKEN', 'FLEET_BEAT_MS']) {
  if (process.env[name]) bind(name, process.env[name]);
}

const miniflare = new Miniflare(convertV4MiniflareOptions({
  host: values.host,
  port: Number(values.port),
  // Addresses of clients are not looked up anywhere.
  cf: false,
  resourcePersistencePath: resolve(values.data),
  handleStructuredLogs: ({ level, message }) => {
    if (!values.quiet) process.stderr.write(`${level}: ${message}\n`);
  },
  workers: [
    {
      ...workerOptions,
      name: 'earshot',
      modules: modules(bundle),
      modulesRoot: bundle,
    },
  ],
}));

const { port: chosen } = await miniflare.ready;
await migrate();
// What Miniflare calls its address is a door of its own where the host is not this machine's loopback; but only it knows a free port.
const port = values.port === '0' ? chosen : values.port;
console.log(JSON.stringify({ url: `http://${values.host}:${port}`, pid: process.pid }));

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => miniflare.dispose().finally(() => process.exit(0)));

/** Sets a variable of the Worker. */
function bind(name, value) {
  workerOptions.bindings = { ...workerOptions.bindings, [name]: value };
}

/** The bundle's script, and the wasm beside it. */
function modules(folder) {
  const files = readdirSync(folder);
  const script = files.find((name) => /\.m?js$/.test(name));
  if (!script) throw new Error(`no bundle in ${folder}; build it first`);
  const module = (type, name) => ({ type, path: join(folder, name), contents: readFileSync(join(folder, name)) });
  const wasm = files.filter((name) => name.endsWith('.wasm')).map((name) => module('CompiledWasm', name));
  return [{ ...module("ESModule", script), contents: readFileSync(join(folder, script), "utf8") }, ...wasm];
}

/** Applies what is new in migrations/, each file once and in order, as `wrangler d1 migrations apply` does. */
async function migrate() {
  const folder = join(root, 'migrations');
  if (!workerOptions.d1Databases || !existsSync(folder)) return;
  const database = await miniflare.getD1Database('DB');
  await database.exec(
    'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  );
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all();
  const applied = new Set(results.map((row) => row.name));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.sql')).sort()) {
    if (applied.has(name)) continue;
    const sql = readFileSync(join(folder, name), 'utf8');
    await database.batch([
      ...statements(sql).map((statement) => database.prepare(statement)),
      database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ]);
  }
}

/** The statements of a migration; ours hold no semicolon inside a statement. */
function statements(sql) {
  const code = sql.replace(/--.*$/gm, '');
  return code.split(';').map((statement) => statement.trim()).filter(Boolean);
}
