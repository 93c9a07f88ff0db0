// One harness for all tests: the real local runtime, a fresh database, and people who talk to it.
//
// Absent on purpose: time. Tests move the database's clock by changing rows, never by waiting.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';

Object.assign(process.env, {
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
});
const { createTestHarness } = await import('wrangler');

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const SECRET = 'a secret for tests, of 32 bytes and more';

/** A configuration like ours, with another main module. */
function configWith(main) {
  const text = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
    .replace('main = "worker/shim.mjs"', `main = "../${main}"`)
    .replace('directory = "web/dist"', 'directory = "../web/dist"')
    .replace('migrations_dir = "migrations"', 'migrations_dir = "../migrations"');
  mkdirSync(join(ROOT, '.wrangler'), { recursive: true });
  // Files of tests run at the same time.
  const path = join(ROOT, '.wrangler', `test-${basename(main, '.mjs')}.toml`);
  writeFileSync(path, text);
  return path;
}

/** Starts the Worker, with `vars` and `secrets` over the usual ones, or another `main` module over ours. */
export async function start({ vars = {}, secrets = {}, main } = {}) {
  // The assets' folder must be there, even when the pages have not been built.
  mkdirSync(join(ROOT, 'web', 'dist'), { recursive: true });
  const server = createTestHarness({
    root: ROOT,
    workers: [
      {
        configPath: main ? configWith(main) : './wrangler.toml',
        vars: { RATE_LIMITS: 'off', ...vars },
        secrets: { JWT_SECRET: SECRET, ...secrets },
      },
    ],
  });
  const { url } = await server.listen();
  const worker = server.getWorker();
  await worker.applyD1Migrations('DB');
  const { DB } = await worker.getEnv();
  return new Edge(server, worker, DB, url);
}

/** The running edge. */
class Edge {
  constructor(server, worker, db, url) {
    Object.assign(this, { server, worker, db, url, origin: url.origin, host: url.host });
  }

  /** The same edge under another host name. */
  at(hostname) {
    const url = new URL(this.url);
    url.hostname = hostname;
    return new Edge(this.server, this.worker, this.db, url);
  }

  /** A browser without cookies yet. */
  browser() {
    return new Browser(this);
  }

  /** A browser that has come in as a guest. */
  async guest(name = 'Ada', look) {
    const browser = this.browser();
    const answer = await browser.post('/api/auth/guest', look ? { name, look } : { name });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    browser.user = answer.body.user;
    browser.token = answer.body.access_token;
    return browser;
  }

  /** A browser with an account. */
  async member(name = 'Grace', email = `${crypto.randomUUID()}@example.org`, password = 'correct horse battery') {
    const browser = this.browser();
    const answer = await browser.post('/api/auth/register', { email, password, name });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    Object.assign(browser, { user: answer.body.user, token: answer.body.access_token, email, password });
    return browser;
  }

  /** Sends exactly this, with no manners of a browser. */
  async raw(path, init = {}) {
    const response = await this.server.fetch(new URL(path, this.url).href, { redirect: 'manual', ...init });
    const text = await response.text();
    let body = null;
    try {
      body = JSON.parse(text);
    } catch {}
    return { status: response.status, headers: response.headers, text, body };
  }

  /** Tries to open a WebSocket: what came of it. */
  knock(path, headers = {}) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://${this.host}${path}`, { headers });
      socket.on('open', () => resolve({ status: 101, socket }));
      socket.on('unexpected-response', (_, response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
      });
      socket.on('error', reject);
    });
  }

  close() {
    return this.server.close();
  }
}

/** Keeps cookies and sends `Origin`, as browsers do. */
class Browser {
  cookies = new Map();

  constructor(edge) {
    this.edge = edge;
  }

  get cookie() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async send(method, path, body, headers = {}) {
    const init = { method, headers: { origin: this.edge.origin, ...headers } };
    if (this.cookies.size > 0) init.headers.cookie = this.cookie;
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers['content-type'] = 'application/json';
    }
    const answer = await this.edge.raw(path, init);
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const [name, value] = pair.split('=');
      if (/Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  get(path, headers) {
    return this.send('GET', path, undefined, headers);
  }

  post(path, body, headers) {
    return this.send('POST', path, body, headers);
  }

  patch(path, body) {
    return this.send('PATCH', path, body);
  }

  put(path, body) {
    return this.send('PUT', path, body);
  }

  delete(path, body) {
    return this.send('DELETE', path, body);
  }

  /** Tries to open the WebSocket of a space, as a page would. */
  knock(space) {
    return this.edge.knock(`/ws/${space}`, { origin: this.edge.origin, cookie: this.cookie });
  }

  /** Makes a space. */
  async space(name = 'Our place', more = {}) {
    const answer = await this.post('/api/spaces', { name, template: 'office', ...more });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  }
}

/** Is it a refusal of the one shape, with this status and code? */
export function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text ?? JSON.stringify(answer.body));
  assert.deepEqual(Object.keys(answer.body), ['error']);
  const { retry_in_ms, ...rest } = answer.body.error;
  assert.deepEqual(Object.keys(rest).sort(), ['code', 'message']);
  if (retry_in_ms !== undefined) assert.ok(Number.isInteger(retry_in_ms) && retry_in_ms > 0, `${retry_in_ms}`);
  assert.equal(answer.body.error.code, code);
  assert.match(answer.body.error.message, /^[A-Z].*\.$/s);
}
