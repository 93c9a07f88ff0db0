// A node that only pretends: it registers, and checks every word and every grant as a real one has to, but forwards nothing.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto';
import { createServer } from 'node:http';

export class PretendNode {
  /** What each room was last told, by space and room. */
  rooms = new Map();
  closed = new Set();
  /** When hearing sets came. */
  posts = [];
  joins = [];
  used = new Set();
  faults = [];
  draining = false;
  /** An answer instead of the right one, to each kind of request; and to the next request of each kind only. */
  instead = {};
  once = {};

  constructor(edge, id, { token, ...more }) {
    Object.assign(this, { edge, id, token, run: randomUUID(), more });
  }

  static async start(edge, id, more) {
    const node = new PretendNode(edge, id, more);
    await node.listen();
    const { status, body } = await node.beat();
    assert.equal(status, 200, JSON.stringify(body));
    node.beating = setInterval(() => node.beat().catch(() => {}), body.beat_ms * 0.7);
    return node;
  }

  async listen(port = 0) {
    const { body } = await this.edge.raw('/api/fleet/keys');
    this.keys = new Map(body.keys.map((key) => [key.kid, createPublicKey({ key, format: 'jwk' })]));
    this.server = createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => this.answer(request, Buffer.concat(parts), response));
    });
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  /** What it says of itself. */
  word(more = {}) {
    const { url, run, draining } = this;
    return { url, region: 'eu', capacity: 100, participants: 0, load: 0, draining, run, version: '0.0.0', ...this.more, ...more };
  }

  beat(more) {
    return this.edge.raw(`/api/fleet/nodes/${this.id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(this.word(more)),
    });
  }

  answer(request, body, response) {
    const kind = request.url.split('/').at(-1);
    const instead = this.once[kind] ?? this.instead[kind];
    delete this.once[kind];
    if (instead === 'silence') return;
    // As where nothing listens.
    if (instead === 'reset') return request.socket.destroy();
    const [status, answer] = instead ?? this[kind]?.(request, body) ?? [404, {}];
    const isText = typeof answer === 'string';
    response.writeHead(status, { 'content-type': isText ? 'application/sdp' : 'application/json', location: 'http://127.0.0.1:9/' });
    response.end(isText ? answer : JSON.stringify(answer));
  }

  live() {
    return [200, { run: this.run, draining: this.draining }];
  }

  hearing(request, body) {
    const word = this.token_of(request);
    this.check(() => {
      assert.deepEqual(Object.keys(word).sort(), ['aud', 'digest', 'exp', 'iat', 'iss']);
      assert.equal(word.digest, createHash('sha256').update(body).digest('base64url'));
      assert.ok(word.exp - word.iat <= 30);
    });
    const { space, rooms, closed } = JSON.parse(body);
    this.posts.push(Date.now());
    for (const room of rooms) {
      const before = this.rooms.get(`${space}/${room.room}`);
      this.check(() => assert.ok(!before || before.revision < room.revision, 'each word is newer than the last'));
      this.rooms.set(`${space}/${room.room}`, room);
    }
    for (const room of closed) {
      this.rooms.delete(`${space}/${room}`);
      this.closed.add(`${space}/${room}`);
    }
    return [200, { rooms: rooms.map(({ room, revision }) => ({ room, revision })) }];
  }

  join(request, body) {
    const grant = this.token_of(request);
    if (this.used.has(grant.jti)) return [409, { error: 'used_grant', message: 'seen' }];
    this.used.add(grant.jti);
    this.check(() => assert.equal(request.headers['content-type'], 'application/sdp'));
    this.check(() => assert.equal(grant.at, this.url));
    const room = this.rooms.get(`${grant.space}/${grant.room}`);
    if (room && !room.participants.some(({ session }) => `${session}` === grant.sub)) return [403, { error: 'not_in_room', message: '' }];
    this.joins.push({ grant, offer: `${body}` });
    return [201, `v=0\r\ns=answer to ${grant.sub}\r\n`];
  }

  /** The claims of a token that is signed by the Worker, for this node, now. */
  token_of(request) {
    const [head, claims, signature] = /^Bearer (.+)$/.exec(request.headers.authorization)[1].split('.');
    const parsed = (text) => JSON.parse(Buffer.from(text, 'base64url'));
    const { alg, kid } = parsed(head);
    const said = parsed(claims);
    this.check(() => {
      assert.equal(alg, 'ES256');
      const key = { key: this.keys.get(kid), dsaEncoding: 'ieee-p1363' };
      assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')), 'signed by the Worker');
      assert.equal(said.iss, 'earshot');
      assert.equal(said.aud, this.id);
      assert.ok(said.iat <= Date.now() / 1_000 + 1 && said.exp > Date.now() / 1_000);
    });
    return said;
  }

  /** Faults are kept: they are found in a request that nobody of the test waits for. */
  check(assertion) {
    try {
      assertion();
    } catch (fault) {
      this.faults.push(fault);
    }
  }

  /** As a power cut would. */
  die() {
    clearInterval(this.beating);
    this.server.closeAllConnections();
    this.server.close();
  }
}
