// The Worker with objects that do not hear what they are asked, as often as a test says through a door of its own.
import Worker, { FleetObject as Fleet, SpaceObject as Space } from '../shim.mjs';

export { PasswordObject } from '../shim.mjs';

/** More than anybody waits for. */
const HANGS_MS = 60_000;

/** By path: what becomes of the next questions, `fails` or `hangs` each. */
const deaf = new Map();

const hearing = (Class) =>
  class extends Class {
    async fetch(request) {
      const how = deaf.get(new URL(request.url).pathname)?.shift();
      if (!how) return super.fetch(request);
      if (how === 'hangs') await new Promise((resolve) => setTimeout(resolve, HANGS_MS));
      return new Response('deaf', { status: 500 });
    }
  };

export const FleetObject = hearing(Fleet);
export const SpaceObject = hearing(Space);

export default class extends Worker {
  async fetch(request) {
    if (new URL(request.url).pathname !== '/api/deaf') return super.fetch(request);
    const { path, how } = await request.json();
    deaf.set(path, how);
    return new Response(null, { status: 204 });
  }
}
