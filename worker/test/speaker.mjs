// Somebody who talks as the real client does: what was not acknowledged is said again with the same reference after each new
// connection, in order, and what the space tells is believed.
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { hello, read, say, SAY_REFUSAL } from './wire.mjs';

export class Speaker {
  /** What was said, in order: reference, text, and the id once it is acknowledged. */
  said = [];
  /** All that was heard of anybody: id to what it was. */
  heard = new Map();
  /** Edits that were asked for: of which message, to what, and whether that was acknowledged. */
  edits = [];
  isSilent = true;

  static async arrive(runtime, name, space, seed) {
    const { status, body } = await runtime.fetch('/api/auth/guest', { method: 'POST', body: { name } });
    assert.equal(status, 201);
    const speaker = Object.assign(new Speaker(), { runtime, space, name, token: body.access_token, user: body.user.id });
    speaker.next = BigInt(seed) << 32n;
    assert.equal((await speaker.asks('POST', 'join')).status, 200);
    return speaker;
  }

  asks(method, path, body) {
    return this.runtime.fetch(`/api/spaces/${this.space}/${path}`, { method, token: this.token, body });
  }

  /** Connects; resolves when the space has let one in. */
  connect() {
    return new Promise((resolve, reject) => {
      this.isSilent = false;
      this.socket = new WebSocket(`ws://${this.runtime.host}/ws/${this.space}`, { headers: { authorization: `Bearer ${this.token}` } });
      this.socket.on('error', reject);
      this.socket.on('open', () => this.socket.send(hello()));
      this.socket.on('message', (frame, isBinary) => {
        if (!isBinary) return;
        const message = read(frame);
        if (message.kind === 'welcome') {
          for (const one of this.unacknowledged()) this.send(one);
          resolve(this);
        }
        if (message.kind === 'said') message.messages.forEach((one) => this.hear(one));
        if (message.kind === 'sayRefused' && message.reason === SAY_REFUSAL.tooFast) this.isSilent = true;
      });
    });
  }

  leave() {
    this.socket.terminate();
  }

  unacknowledged() {
    return this.said.filter(({ id }) => id === undefined);
  }

  /** Says something new, unless it is to wait: then nothing later may be said before it either. */
  says(text) {
    if (this.isSilent) return;
    this.next += 1n;
    const one = { hex: this.next.toString(16).padStart(16, '0'), reference: this.next, text, at: Date.now() };
    this.said.push(one);
    this.send(one);
  }

  send({ reference, text }) {
    if (!this.isSilent && this.socket.readyState === WebSocket.OPEN) this.socket.send(say(reference, 'everyone', text));
  }

  hear({ id, author, hex, text }) {
    const before = this.heard.get(id);
    assert.ok(!before || before.hex === hex, `message ${id} became another`);
    this.heard.set(id, { hex, author, text });
    if (author !== this.user) return;
    const mine = this.said.find((one) => one.hex === hex);
    assert.ok(mine, 'nobody says anything in my name');
    assert.ok(mine.id === undefined || mine.id === id, `${mine.text} was kept twice: ${mine.id}, ${id}`);
    mine.waited_ms ??= Date.now() - mine.at;
    mine.id = id;
  }

  /** Edits something of one's own, one at a time. */
  async edits_one(pick, text) {
    const mine = this.said.filter(({ id }) => id !== undefined);
    if (this.isEditing || mine.length === 0) return;
    this.isEditing = true;
    const edit = { id: mine[pick % mine.length].id, text, isAcknowledged: false };
    this.edits.push(edit);
    const answer = await this.asks('PATCH', `messages/${edit.id}`, { text }).catch(() => null);
    edit.isAcknowledged = answer?.status === 200;
    this.isEditing = false;
  }

  /** What a message may say at last: the last edit that was acknowledged, or any that was asked for after it. */
  possible(one) {
    const edits = this.edits.filter(({ id }) => id === one.id);
    const last = edits.findLastIndex(({ isAcknowledged }) => isAcknowledged);
    return [last < 0 ? one.text : edits[last].text, ...edits.slice(last + 1).map(({ text }) => text)];
  }
}
