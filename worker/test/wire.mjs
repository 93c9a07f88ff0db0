// As much of the protocol (crates/protocol/proto) as a hostile client needs, by hand: what the real client would never send
// must be sendable here.

/** A field of Protocol Buffers: a number, or bytes, text, or a message that is made already. */
export function field(number, value) {
  if (typeof value === 'number' || typeof value === 'bigint') return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** Of a ClientToSpace message. */
export const hello = () => field(1, Buffer.concat([field(1, 1), field(2, 1), field(4, 1)]));
export const walk = (seq, { x, y }, now = Date.now()) =>
  field(3, Buffer.concat([field(1, seq), field(2, now), field(3, x), field(4, y), field(5, 1)]));
export const status = (number) => field(4, field(1, number));
export const signal = (to, epoch, payload) => field(7, Buffer.concat([field(1, to), field(2, epoch), field(3, payload)]));
export const lock = (on) => field(9, on ? field(1, 1) : Buffer.alloc(0));

export const say = (reference, channel, text) => {
  const fixed = Buffer.alloc(9);
  fixed[0] = (1 << 3) | 1;
  fixed.writeBigUInt64LE(BigInt(reference), 1);
  return field(11, Buffer.concat([fixed, field(2, channel), field(3, text)]));
};

/** Why a signal was not passed on. */
export const REFUSAL = { outOfEarshot: 1, stale: 2, tooFast: 3, tooLong: 4, away: 5 };
/** Why something was not said. */
export const SAY_REFUSAL = { text: 1, tooFast: 2, channel: 3, full: 4 };
export const ROOM = { open: 0, private: 1, silent: 2 };

/** What a SpaceToClient message says, as far as conversations go. */
export function read(frame) {
  const message = fields(frame);
  const [welcome, hearing, signalled, refused, goodbye, said, unsaid] = [1, 5, 6, 7, 4, 8, 9].map((kind) => message.get(kind)?.[0]);
  if (welcome) return { kind: 'welcome', self: number(fields(welcome), 2) };
  if (hearing) {
    const parts = fields(hearing);
    const peers = (parts.get(1) ?? []).map(fields).map((peer) => ({ id: number(peer, 1), epoch: number(peer, 2), hears: number(peer, 4) === 1 }));
    return { kind: 'hearing', peers, beyond: number(parts, 2), room: number(parts, 3) };
  }
  if (signalled) {
    const parts = fields(signalled);
    return { kind: 'signal', from: number(parts, 1), epoch: number(parts, 2), payload: `${parts.get(3)?.[0] ?? ''}` };
  }
  if (refused !== undefined) return { kind: 'signalRefused', to: number(fields(refused), 1), reason: number(fields(refused), 2) };
  if (said !== undefined) {
    const messages = (fields(said).get(1) ?? []).map(fields).map((message) => ({
      id: number(message, 1),
      channel: `${message.get(3)?.[0] ?? ''}`,
      author: `${message.get(4)?.[0] ?? ''}`,
      text: `${message.get(6)?.[0] ?? ''}`,
      reference: number(message, 8),
    }));
    return { kind: 'said', messages };
  }
  if (unsaid !== undefined) {
    const parts = fields(unsaid);
    return { kind: 'sayRefused', reference: number(parts, 1), reason: number(parts, 2), retry_ms: number(parts, 3) };
  }
  if (goodbye) return { kind: 'refused', code: number(fields(goodbye), 1) };
  return { kind: 'other' };
}

const number = (parts, at) => Number(parts.get(at)?.[0] ?? 0);

/** Numbers come as numbers, all else as bytes. */
function fields(bytes) {
  const found = new Map();
  let at = 0;
  const take = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(take());
    let value;
    if ((key & 7) === 0) value = take();
    else if ((key & 7) === 1) {
      value = bytes.readBigUInt64LE(at);
      at += 8;
    } else {
      const length = Number(take());
      value = bytes.subarray(at, at + length);
      at += length;
    }
    found.set(key >> 3, [...(found.get(key >> 3) ?? []), value]);
  }
  return found;
}

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}
