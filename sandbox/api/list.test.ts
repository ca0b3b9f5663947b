import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { array, at } from './json';
import { pod, startTestServer, type TestServer } from './test-server';

const PODS = '/api/v1/namespaces/default/pods';
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ continueMs: 300_000 });
  for (let i = 0; i < 25; i += 1)
    server.storage.create('pods', pod(`p-${String(i).padStart(2, '0')}`, { even: String(i % 2 === 0) }));
});
afterEach(() => server.close());

function names(body: unknown): unknown[] {
  return array(at(body, 'items')).map((item) => at(item, 'metadata', 'name'));
}

describe('lists', () => {
  it('come in pages that show the state at the first page', async () => {
    const first = await server.call('GET', `${PODS}?limit=10`);
    expect(at(first.body, 'metadata', 'remainingItemCount')).toBe(15);
    server.storage.create('pods', pod('p-11a'));
    server.storage.remove('pods', 'default', 'p-12');
    const seen = names(first.body);
    let token = at(first.body, 'metadata', 'continue');
    while (typeof token === 'string') {
      const page = await server.call('GET', `${PODS}?limit=10&continue=${token}`);
      expect(at(page.body, 'metadata', 'resourceVersion')).toBe(
        at(first.body, 'metadata', 'resourceVersion'),
      );
      seen.push(...names(page.body));
      token = at(page.body, 'metadata', 'continue');
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `p-${String(i).padStart(2, '0')}`));
  });

  it('answer 410 to a continue token that is too old, and 400 to one that is none', async () => {
    const first = await server.call('GET', `${PODS}?limit=10`);
    await server.call('POST', '/sandbox/continue-tokens', { body: { expire: true } });
    const old = await server.call(
      'GET',
      `${PODS}?limit=10&continue=${String(at(first.body, 'metadata', 'continue'))}`,
    );
    expect([old.status, old.body.reason]).toEqual([410, 'Expired']);
    expect((await server.call('GET', `${PODS}?limit=10&continue=rubbish`)).status).toBe(400);
  });

  it('carry no apiVersion and kind in items of built-in kinds, as in a real cluster', async () => {
    const { body } = await server.call('GET', `${PODS}?limit=1`);
    expect([body.kind, body.apiVersion]).toEqual(['PodList', 'v1']);
    expect(Object.keys(array(body.items)[0] ?? {})).not.toContain('kind');
  });

  it('are chosen by labels and fields', async () => {
    const count = async (query: string): Promise<number> =>
      names((await server.call('GET', `${PODS}?${query}`)).body).length;
    expect(await count('labelSelector=even%3Dtrue')).toBe(13);
    expect(await count('labelSelector=even%20notin%20(true)')).toBe(12);
    expect(await count('labelSelector=!even')).toBe(0);
    expect(await count('fieldSelector=metadata.name%3Dp-03')).toBe(1);
    expect(await count('fieldSelector=status.phase!%3DRunning')).toBe(25);
    expect((await server.call('GET', `${PODS}?fieldSelector=spec.foo%3Dx`)).body.message).toBe(
      'field label not supported: spec.foo',
    );
  });

  it('refuse a version from the future', async () => {
    const { status, body } = await server.call('GET', `${PODS}?resourceVersion=99999999`);
    expect([status, at(array(at(body, 'details', 'causes'))[0], 'reason')]).toEqual([
      504,
      'ResourceVersionTooLarge',
    ]);
  });

  it('come as tables and as metadata only', async () => {
    const table = await server.call('GET', `${PODS}?limit=2`, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    });
    expect(table.body.kind).toBe('Table');
    expect(
      array(table.body.columnDefinitions)
        .map((column) => at(column, 'name'))
        .slice(0, 5),
    ).toEqual(['Name', 'Ready', 'Status', 'Restarts', 'Age']);
    expect(array(at(array(table.body.rows)[0], 'cells')).slice(0, 4)).toEqual([
      'p-00',
      '0/1',
      'Unknown',
      '0',
    ]);
    const metadata = await server.call('GET', `${PODS}?limit=2`, {
      accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    });
    expect(metadata.body.kind).toBe('PartialObjectMetadataList');
    expect(array(metadata.body.items).every((item) => at(item, 'spec') === undefined)).toBe(true);
  });

  it('survive hostile objects', async () => {
    const odd = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'odd', namespace: 'default', labels: null },
      spec: { rules: null },
    };
    server.storage.create('ingresses.networking.k8s.io', odd as never);
    server.storage.create('ingresses.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'none \u202e😀\u0000', namespace: 'x' },
    });
    server.storage.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare' } });
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    for (const path of [
      '/apis/networking.k8s.io/v1/ingresses',
      '/api/v1/pods?labelSelector=a%3Db',
      '/api/v1/pods',
    ]) {
      expect((await server.call('GET', path)).status).toBe(200);
      expect((await server.call('GET', path, { accept })).status).toBe(200);
    }
    expect((await server.call('GET', '/apis/networking.k8s.io/v1/ingresses')).body.items).toHaveLength(2);
  });
});
