// What the platform loads: it starts the wasm and hands every event on to it.
//
// A Rust panic leaves the wasm instance in an unknown state: later calls into it would trap or lie, and whatever was
// under way in it never answers. So a panic fails everything under way, and the next event starts a fresh instance.
// Objects are made again then, from state and storage, as after any eviction; their sockets stay open.
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import * as wasm from './build/earshot.js';
import module from './build/earshot_bg.wasm';
import { answerPage } from './pages.mjs';

wasm.initSync({ module });

/** Which instance this is; objects compare it with the one they were made in. */
let generation = 0;
let isSpoilt = false;
/** How to fail what is under way. */
const underWay = new Set();

// The `worker` crate's panic hook sets this property, the last thing it does before the trap. A setter is the one
// notice there is: the trap itself ends in a task of nobody's, so no promise of ours sees it.
Object.defineProperty(wasm.__worker_init_state(), 'criticalError', {
  get: () => isSpoilt,
  set(value) {
    isSpoilt = value;
    if (!value) return;
    for (const fail of underWay) fail(new Error('a panic ended this'));
    underWay.clear();
  },
});

/** Before every entry: starts over if a panic has been. */
function prepare() {
  if (!isSpoilt) return;
  isSpoilt = false;
  generation += 1;
  wasm.__wbg_reset_state();
  console.error(JSON.stringify({ level: 'error', place: 'shim', reason: 'started over after a panic' }));
}

/** Runs a call into the instance, failing if the instance dies under it. */
async function enter(call) {
  prepare();
  const { promise: death, reject } = Promise.withResolvers();
  underWay.add(reject);
  try {
    return await Promise.race([call(), death]);
  } catch (error) {
    // A trap without a panic: the stack or the memory ran out.
    if (error instanceof WebAssembly.RuntimeError) isSpoilt = true;
    throw error;
  } finally {
    underWay.delete(reject);
  }
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    try {
      const page = answerPage(request, this.env.ASSETS);
      return page ? await page : await enter(() => wasm.fetch(request, this.env, this.ctx));
    } catch (error) {
      console.error(JSON.stringify({ level: 'error', place: 'shim', reason: String(error) }));
      const message = 'Something went wrong on our side. Try again in a moment.';
      return Response.json({ error: { code: 'internal', message } }, { status: 500 });
    }
  }

  scheduled(event) {
    return enter(() => wasm.scheduled(event, this.env, this.ctx));
  }
}

/** A Durable Object whose other half is the wasm class made by `make`. */
function objectClass(make) {
  return class extends DurableObject {
    #half;
    #generation;

    /** Calls the other half, which is made when it is first needed in an instance. */
    #call(method, ...args) {
      return enter(() => {
        if (this.#generation !== generation) {
          this.#half = make(this.ctx, this.env);
          this.#generation = generation;
        }
        return this.#half[method](...args);
      });
    }

    fetch(request) {
      return this.#call('fetch', request);
    }

    alarm() {
      return this.#call('alarm');
    }

    webSocketMessage(socket, message) {
      return this.#call('webSocketMessage', socket, message);
    }

    webSocketClose(socket, code, reason, wasClean) {
      return this.#call('webSocketClose', socket, code, reason, wasClean);
    }

    webSocketError(socket, error) {
      return this.#call('webSocketError', socket, error);
    }
  };
}

export const SpaceObject = objectClass((ctx, env) => new wasm.SpaceObject(ctx, env));
export const FleetObject = objectClass((ctx, env) => new wasm.FleetObject(ctx, env));
export const PasswordObject = objectClass((ctx, env) => new wasm.PasswordObject(ctx, env));
