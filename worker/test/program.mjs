// A client without a page: a socket, and what it heard.
import assert from 'node:assert/strict';
import { hello, read, say, signal, walk } from './wire.mjs';

const SOON_MS = 5_000;

/** Somebody with nothing but a socket. */
export class Program {
  heard = [];
  waiting = new Set();
  seq = 0;
  references = 0;

  static async enter(browser, space) {
    await browser.post(`/api/spaces/${space}/join`);
    const { socket, status: opened } = await browser.knock(space);
    assert.equal(opened, 101);
    const program = new Program();
    program.socket = socket;
    socket.on('message', (frame, isBinary) => isBinary && program.hear(read(frame)));
    socket.send(hello());
    ({ self: program.id } = await program.hears('welcome'));
    return program;
  }

  hear(message) {
    this.heard.push(message);
    for (const listen of this.waiting) listen();
  }

  /** The first message from now on (or of those not looked at yet) that fits. */
  hears(kind, fits = () => true) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => done(reject, new Error(`no ${kind} came; but ${JSON.stringify(this.heard.slice(-5))}`)), SOON_MS);
      const done = (how, what) => {
        clearTimeout(late);
        this.waiting.delete(look);
        how(what);
      };
      const look = () => {
        const at = this.heard.findIndex((message) => message.kind === kind && fits(message));
        if (at >= 0) done(resolve, this.heard.splice(at, 1)[0]);
      };
      this.waiting.add(look);
      look();
    });
  }

  /** The peering with another, once both are in earshot. */
  async peering(other) {
    const { peers } = await this.hears('hearing', ({ peers }) => peers.some(({ id }) => id === other.id));
    return peers.find(({ id }) => id === other.id);
  }

  /** Nobody is heard any more. */
  alone() {
    return this.hears('hearing', ({ peers }) => peers.length === 0);
  }

  walks(spot) {
    this.socket.send(walk(++this.seq, spot));
  }

  signals(to, epoch, words = 'hello') {
    this.socket.send(signal(to, epoch, words));
  }

  says(text, { reference = ++this.references, channel = 'everyone', replyTo = 0 } = {}) {
    this.socket.send(say(reference, channel, text, replyTo));
    return reference;
  }

  /** Something that was said. */
  async reads(text) {
    const { messages } = await this.hears('said', ({ messages }) => messages.some((message) => message.text === text));
    return messages.find((message) => message.text === text);
  }

  /** What became of a message. */
  async sees(fits) {
    const { changes } = await this.hears('changed', ({ changes }) => changes.some(fits));
    return changes.find(fits);
  }

  /** Something that was brought to this person. */
  async gets(kind, fits = () => true) {
    return (await this.hears('mail', ({ letter }) => letter.kind === kind && fits(letter))).letter;
  }

  /** Why something was not said. */
  async unsaid() {
    return this.hears('sayRefused');
  }

  /** The answer to a signal that is not passed on. */
  async refusal() {
    return (await this.hears('signalRefused')).reason;
  }
}
