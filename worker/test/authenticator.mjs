// A software authenticator: makes passkeys and signs with them, as a phone would. Attestation "none".
//
// Absent on purpose: everything a browser does to protect its user. It signs what it is told to.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const sha256 = (data) => createHash('sha256').update(data).digest();
const b64 = (bytes) => Buffer.from(bytes).toString('base64url');

/** Just enough CBOR: integers, byte strings, text, maps. */
function cbor(value) {
  const head = (major, n) => {
    if (n < 24) return Buffer.from([(major << 5) | n]);
    if (n < 256) return Buffer.from([(major << 5) | 24, n]);
    return Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
  };
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) {
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
  }
  return Buffer.concat([head(2, value.length), value]);
}

const PRESENT = 1;
const VERIFIED = 4;
const ATTESTED = 64;

const bytes = (text) => Buffer.from(text, 'base64url');

/** The kinds of key: how each is made, and written as a COSE key. */
const KINDS = {
  ec: {
    make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cose: ({ x, y }) => [[1, 2], [3, -7], [-1, 1], [-2, bytes(x)], [-3, bytes(y)]],
  },
  ed25519: {
    make: () => generateKeyPairSync('ed25519'),
    cose: ({ x }) => [[1, 1], [3, -8], [-1, 6], [-2, bytes(x)]],
  },
  rsa: {
    make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    cose: ({ n, e }) => [[1, 3], [3, -257], [-1, bytes(n)], [-2, bytes(e)]],
  },
};

export class Authenticator {
  passkeys = [];

  constructor(origin, kind = 'ec') {
    this.origin = origin;
    this.kind = KINDS[kind];
    /** Ed25519 hashes by itself. */
    this.hash = kind === 'ed25519' ? null : 'sha256';
  }

  #clientData(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }

  #data(rpId, flags, counter, more = Buffer.alloc(0)) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, more]);
  }

  /** Answers `navigator.credentials.create`. */
  create({ publicKey }, { flags = PRESENT | VERIFIED, id = randomBytes(32) } = {}) {
    const { privateKey, publicKey: key } = this.kind.make();
    const cose = cbor(new Map(this.kind.cose(key.export({ format: 'jwk' }))));
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
    const data = this.#data(publicKey.rp.id, flags | ATTESTED, 0, attested);
    const attestation = cbor(new Map([['fmt', 'none'], ['attStmt', new Map()], ['authData', data]]));
    this.passkeys.push({ id, privateKey, handle: publicKey.user.id, rpId: publicKey.rp.id, counter: 0 });
    return {
      id: b64(id),
      rawId: b64(id),
      type: 'public-key',
      response: {
        clientDataJSON: b64(this.#clientData('webauthn.create', publicKey.challenge)),
        attestationObject: b64(attestation),
        transports: ['internal'],
      },
      clientExtensionResults: {},
      authenticatorAttachment: 'platform',
    };
  }

  /** Answers `navigator.credentials.get`, with a passkey of its own choice. */
  get({ publicKey }, { passkey = this.passkeys.at(-1), flags = PRESENT | VERIFIED, handle = passkey.handle } = {}) {
    passkey.counter += 1;
    const data = this.#data(publicKey.rpId, flags, passkey.counter);
    const clientData = this.#clientData('webauthn.get', publicKey.challenge);
    const signature = sign(this.hash, Buffer.concat([data, sha256(clientData)]), passkey.privateKey);
    return {
      id: b64(passkey.id),
      rawId: b64(passkey.id),
      type: 'public-key',
      response: {
        clientDataJSON: b64(clientData),
        authenticatorData: b64(data),
        signature: b64(signature),
        userHandle: handle,
      },
      clientExtensionResults: {},
      authenticatorAttachment: 'platform',
    };
  }
}

export const REGISTER = '/api/auth/passkey/register';
export const LOGIN = '/api/auth/passkey/login';

/** Makes a passkey for a browser; the answer to the finish. */
export async function register(browser, authenticator, body = {}) {
  const begun = await browser.post(`${REGISTER}/start`, body);
  assert.equal(begun.status, 200, begun.text);
  const credential = authenticator.create(begun.body.options);
  return browser.post(`${REGISTER}/finish`, { challenge_id: begun.body.challenge_id, credential });
}

/** Signs in with a passkey; `how` is for the authenticator. */
export async function login(browser, authenticator, how) {
  const begun = await browser.post(`${LOGIN}/start`, {});
  assert.equal(begun.status, 200, begun.text);
  const credential = authenticator.get(begun.body.options, how);
  return browser.post(`${LOGIN}/finish`, { challenge_id: begun.body.challenge_id, credential });
}
