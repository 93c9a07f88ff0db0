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

export const say = (reference, channel, text, replyTo = 0) => {
  const fixed = Buffer.alloc(9);
  fixed[0] = (1 << 3) | 1;
  fixed.writeBigUInt64LE(BigInt(reference), 1);
  return field(11, Buffer.concat([fixed, field(2, channel), field(3, text), ...(replyTo ? [field(4, replyTo)] : [])]));
};

/** Which channel is open before somebody's eyes; that they type; what they do; whom they ask. */
export const look = (channel) => field(12, channel ? field(1, channel) : Buffer.alloc(0));
export const typing = () => field(13, Buffer.alloc(0));
export const emote = (emote, on = true) => field(14, Buffer.concat([field(1, emote), ...(on ? [field(2, 1)] : [])]));
export const nudge = (to, kind) => field(15, Buffer.concat([field(1, to), field(2, kind)]));

/** A grant for a media room; through which ways media flow; a room's node is silent. */
export const wantGrant = (room) => field(17, field(1, room));
export const flows = (rooms, peers = []) => field(18, Buffer.concat([...rooms.map((room) => field(1, room)), ...peers.map((peer) => field(2, peer))]));
export const roomLost = (room) => field(19, field(1, room));

/** Why a signal was not passed on. */
export const REFUSAL = { outOfEarshot: 1, stale: 2, tooFast: 3, tooLong: 4, away: 5 };
/** Why something was not said. */
export const SAY_REFUSAL = { text: 1, tooFast: 2, channel: 3, full: 4, word: 5, slowMode: 6 };
export const ROOM = { open: 0, private: 1, silent: 2 };

/** What a SpaceToClient message says, as far as conversations go. */
export function read(frame) {
  const message = fields(frame);
  const [welcome, hearing, signalled, refused, goodbye, said, unsaid] = [1, 5, 6, 7, 4, 8, 9].map((kind) => message.get(kind)?.[0]);
  if (welcome) return { kind: 'welcome', self: number(fields(welcome), 2) };
  if (hearing) {
    const parts = fields(hearing);
    const peers = (parts.get(1) ?? []).map(fields).map((peer) => ({ id: number(peer, 1), epoch: number(peer, 2), hears: number(peer, 4) === 1 }));
    const rooms = (parts.get(7) ?? []).map(fields).map((room) => ({ room: number(room, 1), publish: number(room, 2) === 1, leaving: number(room, 3) === 1 }));
    const roomPeers = (parts.get(8) ?? []).map(fields).map((peer) => ({ id: number(peer, 1), hears: number(peer, 2) === 1 }));
    return { kind: 'hearing', peers, beyond: number(parts, 2), room: number(parts, 3), area: number(parts, 6), rooms, roomPeers };
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
      // As the API writes it: it is random, and larger than a number holds.
      reference: number(message, 8),
      hex: BigInt(message.get(8)?.[0] ?? 0n).toString(16).padStart(16, '0'),
      edited_at: number(message, 9),
      deleted: number(message, 10) === 1,
      reactions: (message.get(11) ?? []).map(fields).map((reaction) => ({ emoji: text(reaction, 1), count: number(reaction, 3) })),
    }));
    return { kind: 'said', messages };
  }
  if (unsaid !== undefined) {
    const parts = fields(unsaid);
    return { kind: 'sayRefused', reference: number(parts, 1), reason: number(parts, 2), retry_ms: number(parts, 3) };
  }
  const [changed, rules, mail] = [10, 11, 18].map((kind) => message.get(kind)?.[0]);
  if (changed !== undefined) {
    const changes = (fields(changed).get(1) ?? []).map(fields).map((change) => ({
      id: number(change, 1),
      channel: text(change, 3),
      actor: text(change, 4),
      message: number(change, 5),
      edited: change.has(6) ? text(change, 6) : undefined,
      deleted: number(change, 7) === 1,
      reacted: change.has(8) ? text(change, 8) : undefined,
      unreacted: change.has(9) ? text(change, 9) : undefined,
    }));
    return { kind: 'changed', changes };
  }
  if (rules !== undefined) {
    const parts = fields(rules);
    const channels = (parts.get(1) ?? []).map(fields).map((channel) => ({
      number: number(channel, 1), name: text(channel, 2), topic: text(channel, 3), announcements: number(channel, 4) === 1,
    }));
    return { kind: 'rules', channels, slow_mode_s: number(parts, 2) };
  }
  const granted = message.get(19)?.[0];
  if (granted !== undefined) return { kind: 'granted', room: number(fields(granted), 1), grant: text(fields(granted), 2) };
  if (mail !== undefined) return { kind: 'mail', letter: JSON.parse(text(fields(mail), 1)) };
  if (goodbye) return { kind: 'refused', code: number(fields(goodbye), 1) };
  return { kind: 'other' };
}

const text = (parts, at) => `${parts.get(at)?.[0] ?? ''}`;
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
