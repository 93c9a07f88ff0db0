// Pushes, to a push service that opens them as a browser would: right in every byte, or it would not.
import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, createHmac, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { refused, start } from './harness.mjs';
import { leave, place, until } from './place.mjs';
import { Program } from './program.mjs';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = privateKey.export({ format: 'jwk' });

/** What a push service sees, and answers. */
class Service {
  pushes = [];
  answer = 201;

  async listen() {
    this.server = createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        this.pushes.push({ url: request.url, headers: request.headers, body: Buffer.concat(parts) });
        response.writeHead(this.answer, { location: 'http://127.0.0.1:9/' }).end();
      });
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
  }

  /** The next push for a device, opened. */
  async next(device) {
    const push = await until(() => this.pushes.find(({ url }) => url === device.url), 'no push came');
    this.pushes.splice(this.pushes.indexOf(push), 1);
    return { ...push, payload: device.open(push.body) };
  }

  close() {
    this.server.close();
  }
}

/** A browser's half of a subscription. */
class Device {
  keys = createECDH('prime256v1');
  auth = randomBytes(16);
  url = `/push/${randomBytes(8).toString('hex')}`;

  constructor(service) {
    this.point = this.keys.generateKeys();
    this.intent = { endpoint: service.origin + this.url, p256dh: this.point.toString('base64url'), auth: this.auth.toString('base64url') };
  }

  /** RFC 8291 from the other side. */
  open(body) {
    const [salt, size, length] = [body.subarray(0, 16), body.readUInt32BE(16), body[20]];
    assert.equal(size, 4_096);
    const sender = body.subarray(21, 21 + length);
    const sealed = body.subarray(21 + length);
    const hmac = (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
    const shared = this.keys.computeSecret(sender);
    const input = hmac(hmac(this.auth, shared), 'WebPush: info\0', this.point, sender, [1]);
    const secret = hmac(salt, input);
    const key = hmac(secret, 'Content-Encoding: aes128gcm\0', [1]).subarray(0, 16);
    const nonce = hmac(secret, 'Content-Encoding: nonce\0', [1]).subarray(0, 12);
    const cipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
    const record = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    assert.equal(record.at(-1), 2, 'the mark of the last record');
    return JSON.parse(record.subarray(0, -1));
  }
}

const ALL = { mentions: true, directs: true, knocks: true, nudges: true, quiet: null, utc_offset_min: 0 };
let service;
let edge;
before(async () => {
  service = new Service();
  await service.listen();
  edge = await start({ vars: { PUSH_HOSTS: service.origin }, secrets: { VAPID_PRIVATE_KEY: JSON.stringify(jwk), VAPID_SUBJECT: 'mailto:ops@example.org' } });
});
after(async () => {
  await edge.close();
  service.close();
});

async function subscribed(browser) {
  const device = new Device(service);
  const answer = await browser.put('/api/push', device.intent);
  assert.equal(answer.status, 204, answer.text);
  return device;
}

let references = 0;
const write = (from, to, text) => from.post(`/api/directs/${to.id}`, { reference: (references += 1).toString(16).padStart(16, '0'), text });

/** Ada is in a space; Bob belongs to it and is away. */
async function away() {
  const { owner, space, path, people } = await place(edge, 'Ada', 'Bob');
  const [ada, bob] = people;
  leave(bob);
  // That a socket is gone is known when its closing has arrived.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { owner, space, path, ada, bob, device: await subscribed(bob.browser) };
}

describe('a push', () => {
  test('tells who is away of a direct message, sealed for their browser and signed by ours', async () => {
    const { space, ada, bob, device } = await away();
    assert.equal((await edge.browser().get('/api/push/key')).body.key, Buffer.concat([Buffer.from([4]), Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]).toString('base64url'));
    assert.equal((await write(ada.browser, bob.browser.user, `Grüße an <@${bob.user}> 🦊`)).status, 201);
    const { payload, headers } = await service.next(device);
    assert.deepEqual(payload, { kind: 'direct', title: 'Ada', body: 'Grüße an @ 🦊', url: `/s/${space}?direct=${ada.user}`, tag: `direct/${ada.user}` });
    assert.deepEqual([headers['content-encoding'], headers.ttl, headers.urgency], ['aes128gcm', '86400', 'high']);
    assert.match(headers.topic, /^[\w-]{1,32}$/);
    const [, token, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(headers.authorization);
    assert.equal(key, (await edge.browser().get('/api/push/key')).body.key);
    const [head, claims, signature] = token.split('.');
    const parsed = JSON.parse(Buffer.from(claims, 'base64url'));
    assert.deepEqual(JSON.parse(Buffer.from(head, 'base64url')), { typ: 'JWT', alg: 'ES256' });
    assert.deepEqual([parsed.aud, parsed.sub], [service.origin, 'mailto:ops@example.org']);
    assert.ok(parsed.exp > Date.now() / 1_000 && parsed.exp <= Date.now() / 1_000 + 86_400);
    const publicKey = createPublicKey(privateKey);
    assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
    leave(ada);
  });

  test('is not sent to who is in a space and gets it there', async () => {
    const { ada, bob, device } = await away();
    const { id: elsewhere } = await bob.browser.space('Elsewhere');
    const there = await Program.enter(bob.browser, elsewhere);
    await write(ada.browser, bob.browser.user, 'you get this there');
    await there.gets('direct');
    leave(there);
    assert.ok(!service.pushes.some(({ url }) => url === device.url));
    leave(ada);
  });

  test('tells who is mentioned and away; a ring does, too', async () => {
    const { space, path, ada, bob, device } = await away();
    ada.says(`where is <@${bob.user}>?`);
    const message = await ada.reads(`where is <@${bob.user}>?`);
    const { payload } = await service.next(device);
    assert.deepEqual(payload, { kind: 'mention', title: 'Ada', body: 'where is @?', url: `/s/${space}?channel=everyone&message=${message.id}`, tag: `mention/${space}` });
    assert.equal((await ada.browser.post(`${path}/rings/${bob.user}`)).status, 204);
    assert.deepEqual((await service.next(device)).payload, { kind: 'nudge', title: 'Ada', body: 'Our place', url: `/s/${space}`, tag: `ring/${space}/${ada.user}` });
    leave(ada);
  });

  test('keeps to switches, quiet hours, blocks and bans', async () => {
    const { owner, path, ada, bob, device } = await away();
    assert.deepEqual((await bob.browser.get('/api/notices')).body, ALL);
    const minute = Math.floor(Date.now() / 60_000) % 1_440;
    const quiet = { from_min: (minute + 1_430) % 1_440, to_min: (minute + 10) % 1_440 };
    const silences = [
      async () => bob.browser.put('/api/notices', { ...ALL, directs: false, mentions: false, nudges: false }),
      async () => bob.browser.put('/api/notices', { ...ALL, quiet }),
      async () => bob.browser.put('/api/notices', { ...ALL, quiet: { from_min: (quiet.from_min + 120) % 1_440, to_min: (quiet.to_min + 120) % 1_440 }, utc_offset_min: 120 }),
    ];
    const mention = async (word) => {
      ada.says(`<@${bob.user}> ${word}`);
      await ada.reads(`<@${bob.user}> ${word}`);
      // Who is told is decided after the message is said; it takes a few milliseconds.
      await new Promise((resolve) => setTimeout(resolve, 400));
    };
    for (const [n, silence] of silences.entries()) {
      assert.equal((await silence()).status, 200);
      await write(ada.browser, bob.browser.user, 'not now');
      await ada.browser.post(`${path}/rings/${bob.user}`);
      await mention(`not now ${n}`);
    }
    await bob.browser.put('/api/notices', ALL);
    await bob.browser.put(`/api/blocks/${ada.user}`);
    await mention('blocked');
    await bob.browser.delete(`/api/blocks/${ada.user}`);
    await owner.put(`${path}/bans/${bob.user}`);
    await mention('banned');
    await owner.delete(`${path}/bans/${bob.user}`);
    // What is told now is the first that is told.
    await bob.browser.put('/api/notices', { ...ALL, quiet: { from_min: (minute + 60) % 1_440, to_min: (minute + 120) % 1_440 } });
    await write(ada.browser, bob.browser.user, 'now');
    assert.equal((await service.next(device)).payload.body, 'now');
    assert.ok(!service.pushes.some(({ url }) => url === device.url));
    for (const wrong of [{ quiet: { from_min: 1_440, to_min: 0 } }, { quiet: { from_min: -1, to_min: 0 } }, { utc_offset_min: 900 }]) {
      refused(await bob.browser.put('/api/notices', { ...ALL, ...wrong }), 422, 'invalid_time');
    }
    leave(ada);
  });

  test('to a browser that is gone is the last; one that only fails is tried again', async () => {
    const { ada, bob, device } = await away();
    const kept = async () => (await edge.db.prepare('SELECT count(*) AS n FROM push_subscriptions WHERE user_id = ?1').bind(bob.user).first()).n;
    for (const [answer, left] of [[500, 1], [302, 1], [410, 0]]) {
      service.answer = answer;
      await write(ada.browser, bob.browser.user, `answered ${answer}`);
      await service.next(device);
      await until(async () => (await kept()) === left, `${answer} leaves ${left}`);
    }
    service.answer = 201;
    leave(ada);
  });

  test('goes to push services only, to ten devices at most, and to whoever signed in last', async () => {
    const { ada, bob, device } = await away();
    for (const endpoint of ['http://127.0.0.1:1/', 'https://evil.example/', 'http://169.254.169.254/', `${service.origin}.evil.example/`, '']) {
      refused(await bob.browser.put('/api/push', { ...device.intent, endpoint }), 422, 'invalid_subscription');
    }
    refused(await bob.browser.put('/api/push', { ...device.intent, auth: 'AA' }), 422, 'invalid_subscription');
    refused(await bob.browser.put('/api/push', { ...device.intent, p256dh: Buffer.alloc(65).toString('base64url') }), 422, 'invalid_subscription');
    // Ada signs in on Bob's machine: what is for Bob is not shown there any more.
    assert.equal((await ada.browser.put('/api/push', device.intent)).status, 204);
    const mine = await subscribed(bob.browser);
    await write(ada.browser, bob.browser.user, 'for Bob');
    await service.next(mine);
    assert.ok(!service.pushes.some(({ url }) => url === device.url));
    assert.equal((await bob.browser.delete('/api/push', { endpoint: device.intent.endpoint })).status, 204);
    const { n } = await edge.db.prepare('SELECT count(*) AS n FROM push_subscriptions WHERE user_id = ?1').bind(ada.user).first();
    assert.equal(n, 1, 'nobody takes away what is another’s');
    for (let i = 0; i < 12; i += 1) await subscribed(bob.browser);
    const { results } = await edge.db.prepare('SELECT endpoint FROM push_subscriptions WHERE user_id = ?1').bind(bob.user).all();
    assert.equal(results.length, 10);
    leave(ada);
  });
});

test('where no key is set, nothing is offered and all else works', async (t) => {
  const plain = await start({ secrets: { VAPID_PRIVATE_KEY: '', VAPID_SUBJECT: '' } });
  t.after(() => plain.close());
  assert.deepEqual((await plain.browser().get('/api/push/key')).body, { key: null });
});
