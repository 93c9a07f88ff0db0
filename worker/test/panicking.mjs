// The Worker with one more door: behind it the wasm dies, as a Rust panic lets it die, while a request is in it.
import * as wasm from '../build/earshot.js';
import Worker from '../shim.mjs';

export { FleetObject, PasswordObject, SpaceObject } from '../shim.mjs';

export default class extends Worker {
  async fetch(request) {
    if (new URL(request.url).pathname !== '/api/panic') return super.fetch(request);
    const answer = super.fetch(new Request(new URL('/api/spaces', request.url)));
    // What the panic hook does, and nothing else does.
    wasm.__worker_init_state().criticalError = true;
    return answer;
  }
}
