// The Worker with one more door: behind it is its database, for a test that has nothing else of the runtime in its hands.
import Worker from './shim.js';

export { FleetObject, PasswordObject, SpaceObject } from './shim.js';

export default class extends Worker {
  async fetch(request) {
    if (new URL(request.url).pathname !== '/sql') return super.fetch(request);
    try {
      const { results } = await this.env.DB.prepare(await request.text()).all();
      return Response.json(results);
    } catch (error) {
      return Response.json(String(error), { status: 500 });
    }
  }
}
