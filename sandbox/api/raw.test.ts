import { describe, expect, it } from 'vitest';
import { registerBuiltinKinds } from './builtin-kinds';
import { at } from './json';
import { Storage } from './storage';
import { startTestServer } from './test-server';

describe('a served dump', () => {
  it('shows objects exactly as they are', async () => {
    const storage = new Storage();
    registerBuiltinKinds(storage);
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        namespace: 'gone',
        uid: 'u-1',
        resourceVersion: '987654',
        creationTimestamp: '2020-01-01T00:00:00Z',
        generation: 4,
      },
      spec: { ports: [{ port: 80 }] },
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
    };
    storage.create('services', structuredClone(service), { raw: true });
    const server = await startTestServer({ storage, raw: true });
    const { body } = await server.call('GET', '/api/v1/namespaces/gone/services/web');
    expect(body).toEqual(service);
    const list = await server.call('GET', '/api/v1/services');
    expect(Number(at(list.body, 'metadata', 'resourceVersion'))).toBeGreaterThanOrEqual(987_654);
    expect((await server.call('GET', '/api/v1/namespaces')).body.items).toEqual([]);
    await server.close();
  });
});
