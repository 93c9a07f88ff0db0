// People of a crowd, without pages: they go where they are told to, by the way a page goes there, and say that it flows.
import assert from 'node:assert/strict';
import { arrives } from './place.mjs';
import { flows, read, roomLost, walk, wantGrant } from './wire.mjs';

/** Where all of them stand: at the entrance of the office. */
export const SPOT = { x: 750, y: 1088 };

export class Talker {
  /** Rooms this one was told to be in, and those it is in. */
  told = [];
  joined = new Set();
  grants = [];
  refusals = [];

  static async arrive(edge, space, name) {
    const talker = Object.assign(new Talker(), { space }, await arrives(edge, space, name));
    talker.socket.on('message', (frame, isBinary) => isBinary && talker.follow(read(frame)));
    talker.socket.send(walk(1, SPOT));
    return talker;
  }

  follow(message) {
    if (message.kind === 'hearing') {
      this.told = message.rooms;
      this.peers = message.peers.map(({ id }) => id);
      for (const { room } of this.told) if (!this.joined.has(room)) this.wants(room);
      this.joined = new Set([...this.joined].filter((room) => this.told.some((told) => told.room === room)));
      this.reports();
    }
    if (message.kind === 'granted') {
      this.grants.push(message);
      this.joins(message).then(() => this.reports());
    }
  }

  wants(room) {
    this.socket.send(wantGrant(room));
  }

  async joins({ room, grant }) {
    const answer = await this.browser.post(`/api/spaces/${this.space}/media/join`, { grant, offer: `v=0\r\ns=offer of ${this.id}\r\n` });
    if (answer.status !== 200) return this.refusals.push(answer.body.error.code);
    assert.equal(answer.body.answer, `v=0\r\ns=answer to ${this.id}\r\n`);
    this.joined.add(room);
  }

  /** Says what flows: all that it is in, and all that it is connected to. */
  reports() {
    this.socket.send(flows([...this.joined], this.peers));
  }

  misses(room) {
    this.joined.delete(room);
    this.socket.send(roomLost(room));
  }

  /** The one room it publishes in and stays in. */
  get home() {
    return this.told.find(({ publish, leaving }) => publish && !leaving)?.room;
  }
}
