// Words between two who want to hear each other, through the real object, and what happens to those of somebody hostile.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { start } from './harness.mjs';
import { Program } from './program.mjs';
import { lock, REFUSAL, ROOM, status } from './wire.mjs';

const DO_NOT_DISTURB = 3;
/** Of the office: far from its entrance, in a private room, and beside that room. */
const FAR = { x: 1300, y: 600 };
const IN_WILLOW = { x: 540, y: 340 };

let edge;
before(async () => {
  edge = await start();
});
after(() => edge.close());

/** Two who stand at the entrance of a new space, in earshot of each other. */
async function two(names = ['Ada', 'Mallory']) {
  const owner = await edge.member('Owner');
  const { id: space } = await owner.space();
  const [ada, mallory] = [
    await Program.enter(await edge.guest(names[0]), space),
    await Program.enter(await edge.guest(names[1]), space),
  ];
  const epoch = (await mallory.peering(ada)).epoch;
  assert.equal((await ada.peering(mallory)).epoch, epoch);
  const counters = async () => (await owner.get(`/api/spaces/${space}/counters`)).body;
  return { ada, mallory, epoch, space, counters };
}

const leave = (...programs) => programs.forEach(({ socket }) => socket.terminate());

describe('signalling', () => {
  test('is passed on between two in earshot, as it is', async () => {
    const { ada, mallory, epoch, counters } = await two();
    const words = JSON.stringify({ candidate: 'ünïcode 🎈'.repeat(900) });
    mallory.signals(ada.id, epoch, words);
    assert.deepEqual(await ada.hears('signal'), { kind: 'signal', from: mallory.id, epoch, payload: words });
    const { signals_relayed, signals_refused, peerings } = await counters();
    assert.equal(signals_relayed, 1);
    assert.equal(peerings, 1);
    assert.deepEqual(new Set(Object.values(signals_refused)), new Set([0]));
    leave(ada, mallory);
  });

  test('to somebody out of earshot is refused, counted, and never arrives', async () => {
    const { ada, mallory, epoch, counters } = await two();
    mallory.walks(FAR);
    await Promise.all([mallory.alone(), ada.alone()]);
    for (const tried of [epoch, 0, epoch + 1]) {
      mallory.signals(ada.id, tried);
      assert.equal(await mallory.refusal(), REFUSAL.outOfEarshot);
    }
    assert.equal((await counters()).signals_refused.out_of_earshot, 3);
    assert.ok(!ada.heard.some(({ kind }) => kind === 'signal'), 'Ada heard nothing of it');
    leave(ada, mallory);
  });

  test('to nobody, to oneself, and to who has left is out of earshot too', async () => {
    const { ada, mallory, epoch, counters } = await two();
    for (const to of [0, mallory.id, 4_000_000_000]) {
      mallory.signals(to, epoch);
      assert.equal(await mallory.refusal(), REFUSAL.outOfEarshot);
    }
    ada.socket.send(Buffer.from([0x32, 0]));
    await mallory.alone();
    mallory.signals(ada.id, epoch);
    assert.equal(await mallory.refusal(), REFUSAL.outOfEarshot);
    assert.equal((await counters()).signals_refused.out_of_earshot, 4);
    leave(ada, mallory);
  });

  test('of a peering that is over is stale', async () => {
    const { ada, mallory, epoch, counters } = await two();
    mallory.walks(FAR);
    await mallory.alone();
    mallory.walks({ x: 750, y: 1088 });
    const again = await mallory.peering(ada);
    assert.notEqual(again.epoch, epoch);
    mallory.signals(ada.id, epoch);
    assert.equal(await mallory.refusal(), REFUSAL.stale);
    mallory.signals(ada.id, again.epoch, 'fresh');
    assert.equal((await ada.hears('signal')).payload, 'fresh');
    assert.equal((await counters()).signals_refused.stale, 1);
    leave(ada, mallory);
  });

  test('does not pass the edge of a private area, either way', async () => {
    const { ada, mallory, epoch, counters } = await two();
    ada.walks(IN_WILLOW);
    const { room } = await ada.hears('hearing', ({ room }) => room === ROOM.private);
    assert.equal(room, ROOM.private);
    await mallory.alone();
    mallory.walks({ x: 540, y: 470 });
    for (const [from, to] of [[mallory, ada], [ada, mallory]]) {
      from.signals(to.id, epoch);
      assert.equal(await from.refusal(), REFUSAL.outOfEarshot);
    }
    assert.equal((await counters()).signals_refused.out_of_earshot, 2);
    leave(ada, mallory);
  });

  test('does not reach who is not to be disturbed, nor into a locked conversation', async () => {
    const { ada, mallory, epoch, space, counters } = await two();
    ada.socket.send(status(DO_NOT_DISTURB));
    assert.equal((await ada.hears('hearing', ({ room }) => room === ROOM.silent)).peers.length, 0);
    await mallory.alone();
    mallory.signals(ada.id, epoch);
    assert.equal(await mallory.refusal(), REFUSAL.outOfEarshot);

    ada.socket.send(status(1));
    await ada.peering(mallory);
    ada.socket.send(lock(true));
    const eve = await Program.enter(await edge.guest('Eve'), space);
    assert.equal((await eve.hears('hearing')).peers.length, 0);
    for (const to of [ada, mallory]) {
      eve.signals(to.id, epoch);
      assert.equal(await eve.refusal(), REFUSAL.outOfEarshot);
    }
    assert.equal((await counters()).signals_refused.out_of_earshot, 3);
    leave(ada, mallory, eve);
  });

  test('has a size and a pace', async () => {
    const { ada, mallory, epoch, counters } = await two();
    mallory.signals(ada.id, epoch, 'x'.repeat(16_001));
    assert.equal(await mallory.refusal(), REFUSAL.tooLong);
    for (let i = 0; i < 260; i++) mallory.signals(ada.id, epoch, `${i}`);
    assert.equal(await mallory.refusal(), REFUSAL.tooFast);
    const { signals_refused, signals_relayed } = await counters();
    assert.equal(signals_refused.too_long, 1);
    assert.ok(signals_refused.too_fast > 0 && signals_relayed >= 200, JSON.stringify(signals_refused));
    leave(ada, mallory);
  });

  test('waits for who has lost their connection, by a word of its own', async () => {
    const { ada, mallory, epoch } = await two();
    ada.socket.terminate();
    // The space learns of it when the close arrives; until then words go into the dead socket.
    let reason;
    for (let tries = 0; tries < 50 && reason === undefined; tries++) {
      mallory.signals(ada.id, epoch);
      reason = await Promise.race([mallory.refusal().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 100))]);
    }
    assert.equal(reason, REFUSAL.away);
    leave(mallory);
  });
});
