import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { array, at } from './json';
import { startTestServer, type TestServer, until } from './test-server';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const THINGS = '/apis/example.com/v1/namespaces/default/things';
const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: { spec: { type: 'object', properties: { weight: { type: 'integer', default: 1 } } } },
  },
};
const definition = {
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', shortNames: ['th'] },
    versions: [
      { name: 'v1alpha1', served: true, storage: false, schema },
      {
        name: 'v1',
        served: true,
        storage: true,
        schema,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
      { name: 'v2', served: false, storage: false, schema },
    ],
  },
};
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

describe('custom resources', () => {
  it('are served as soon as they are defined, and no longer than that', async () => {
    expect((await server.call('GET', THINGS)).status).toBe(404);
    const made = await server.call('POST', CRDS, { body: definition });
    expect(made.status).toBe(201);
    const { body: crd } = await server.call('GET', `${CRDS}/things.example.com`);
    expect(array(at(crd, 'status', 'conditions')).map((condition) => at(condition, 'type'))).toContain(
      'Established',
    );
    const { body: group } = await server.call('GET', '/apis/example.com');
    expect(at(group, 'preferredVersion', 'version')).toBe('v1');
    expect(at(group, 'versions')).toHaveLength(2);
    await server.call('POST', THINGS, { body: { metadata: { name: 'a' }, spec: {} } });
    const watch = server.watch(`${THINGS}?watch=1`);
    await until(() => watch.events.length === 1);
    await server.call('DELETE', `${CRDS}/things.example.com`);
    await until(() => watch.events.some((event) => event.type === 'DELETED'));
    expect((await server.call('GET', THINGS)).status).toBe(404);
    watch.stop();
  });

  it('are served in every version, with declared defaults and columns', async () => {
    await server.call('POST', CRDS, { body: definition });
    await server.call('POST', THINGS, { body: { metadata: { name: 'a' }, spec: {} } });
    const alpha = await server.call('GET', THINGS.replace('/v1/', '/v1alpha1/'));
    expect([alpha.body.apiVersion, at(array(alpha.body.items)[0], 'apiVersion')]).toEqual([
      'example.com/v1alpha1',
      'example.com/v1alpha1',
    ]);
    const patch = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
    const type = 'application/merge-patch+json';
    await server.call('PATCH', `${THINGS}/a/status`, { body: patch, type });
    const one = await server.call('GET', `${THINGS}/a`);
    expect(at(one.body, 'spec', 'weight')).toBe(1);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const table = await server.call('GET', THINGS, { accept });
    expect(array(at(array(table.body.rows)[0], 'cells')).slice(0, 2)).toEqual(['a', 'True']);
  });

  it('know no strategic merge', async () => {
    await server.call('POST', CRDS, { body: definition });
    await server.call('POST', THINGS, { body: { metadata: { name: 'a' } } });
    const type = 'application/strategic-merge-patch+json';
    expect((await server.call('PATCH', `${THINGS}/a`, { body: {}, type })).status).toBe(415);
  });
});

describe('discovery', () => {
  it('answers in the classic and in the aggregated form', async () => {
    const core = await server.call('GET', '/api/v1');
    const pods = array(core.body.resources).find((resource) => at(resource, 'name') === 'pods');
    expect(pods).toMatchObject({ kind: 'Pod', namespaced: true, shortNames: ['po'] });
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const all = await server.call('GET', '/apis', { accept });
    expect(all.headers['content-type']).toContain('as=APIGroupDiscoveryList');
    expect(array(all.body.items).map((item) => at(item, 'metadata', 'name'))).toContain('apps');
    expect((await server.call('GET', '/apis/nope')).status).toBe(404);
    expect((await server.call('GET', '/version')).body.gitVersion).toMatch(/^v1\./);
  });

  it('describes kinds for validation on the server', async () => {
    const document = await server.call('GET', '/openapi/v3/apis/networking.k8s.io/v1');
    const path = at(
      document.body,
      'paths',
      '/apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses/{name}',
    );
    expect(array(at(path, 'patch', 'parameters')).map((entry) => at(entry, 'name'))).toContain(
      'fieldValidation',
    );
    expect((await server.call('GET', '/openapi/v2')).status).toBe(200);
  });
});
