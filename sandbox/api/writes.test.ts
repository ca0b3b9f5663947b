import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { array, at } from './json';
import { deployment, pod, startTestServer, type TestServer, until } from './test-server';

const PODS = '/api/v1/namespaces/default/pods';
const SERVICES = '/api/v1/namespaces/default/services';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const INGRESSES = '/apis/networking.k8s.io/v1/namespaces/default/ingresses';
const STRATEGIC = 'application/strategic-merge-patch+json';
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

describe('create', () => {
  it('fills in what a cluster fills in', async () => {
    const body = {
      metadata: { name: 'web' },
      spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }] },
    };
    const { status, body: service } = await server.call('POST', SERVICES, { body });
    expect(status).toBe(201);
    expect(at(service, 'spec', 'clusterIP')).toMatch(/^10\.96\.\d+\.\d+$/);
    const [port] = array(at(service, 'spec', 'ports'));
    expect(port).toMatchObject({ protocol: 'TCP', targetPort: 80 });
    expect(at(port, 'nodePort')).toBeGreaterThanOrEqual(30_000);
    expect(at(service, 'metadata', 'managedFields')).toHaveLength(1);
  });

  it('stamps the default class on an Ingress without one', async () => {
    const metadata = {
      name: 'nginx',
      annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
    };
    await server.call('POST', '/apis/networking.k8s.io/v1/ingressclasses', {
      body: { metadata, spec: { controller: 'k8s.io/ingress-nginx' } },
    });
    const spec = { defaultBackend: { service: { name: 'web', port: { number: 80 } } } };
    const plain = await server.call('POST', INGRESSES, { body: { metadata: { name: 'a' }, spec } });
    expect(at(plain.body, 'spec', 'ingressClassName')).toBe('nginx');
    const old = await server.call('POST', INGRESSES, {
      body: { metadata: { name: 'b', annotations: { 'kubernetes.io/ingress.class': 'traefik' } }, spec },
    });
    expect(at(old.body, 'spec', 'ingressClassName')).toBeUndefined();
  });

  it('refuses what is wrong, in a Status', async () => {
    const twice = await server
      .call('POST', PODS, { body: pod('a') })
      .then(() => server.call('POST', PODS, { body: pod('a') }));
    expect([twice.status, twice.body.reason, twice.body.message]).toEqual([
      409,
      'AlreadyExists',
      'pods "a" already exists',
    ]);
    const name = await server.call('POST', PODS, { body: pod('A_b') });
    expect([name.status, name.body.reason, at(name.body, 'details', 'causes')]).toMatchObject([
      422,
      'Invalid',
      [{ field: 'metadata.name' }],
    ]);
    const nowhere = await server.call('POST', '/api/v1/namespaces/nope/pods', { body: pod('a', {}, 'nope') });
    expect([nowhere.status, nowhere.body.message]).toEqual([404, 'namespaces "nope" not found']);
    const paths = [{ path: 'x', backend: { service: { name: 'a', port: { number: 1 } } } }];
    const ingress = await server.call('POST', INGRESSES, {
      body: { metadata: { name: 'i' }, spec: { rules: [{ http: { paths } }] } },
    });
    expect(ingress.text).toContain('spec.rules[0].http.paths[0].pathType: Required value');
    expect((await server.call('POST', PODS, { body: '{"metadata":', type: 'application/json' })).status).toBe(
      400,
    );
    expect((await server.call('POST', PODS, { body: 'null' })).status).toBe(400);
  });

  it('gives an address and a node port to one Service only', async () => {
    const service = (name: string, spec: object): object => ({
      metadata: { name },
      spec: { ports: [{ port: 80 }], ...spec },
    });
    const first = await server.call('POST', SERVICES, { body: service('a', { type: 'NodePort' }) });
    const { clusterIP, ports } = at(first.body, 'spec') as {
      clusterIP: string;
      ports: { nodePort: number }[];
    };
    const ip = await server.call('POST', SERVICES, { body: service('b', { clusterIP }) });
    expect([ip.status, ip.text.includes('provided IP is already allocated')]).toEqual([422, true]);
    const taken = service('c', { type: 'NodePort', ports: [{ port: 80, nodePort: ports[0]?.nodePort }] });
    expect((await server.call('POST', SERVICES, { body: taken })).status).toBe(422);
    const type = 'application/merge-patch+json';
    const back = await server.call('PATCH', `${SERVICES}/a`, { body: { spec: { type: 'ClusterIP' } }, type });
    expect(array(at(back.body, 'spec', 'ports'))[0]).not.toHaveProperty('nodePort');
  });

  it('refuses a TLS Secret without a key, and an Ingress with two classes', async () => {
    const secret = { metadata: { name: 's' }, type: 'kubernetes.io/tls', data: { 'tls.crt': '' } };
    const answer = await server.call('POST', '/api/v1/namespaces/default/secrets', { body: secret });
    expect(answer.body.message).toBe('Secret "s" is invalid: data[tls.key]: Required value');
    const metadata = { name: 'i', annotations: { 'kubernetes.io/ingress.class': 'a' } };
    const spec = { ingressClassName: 'b', defaultBackend: { service: { name: 'w', port: { number: 1 } } } };
    expect((await server.call('POST', INGRESSES, { body: { metadata, spec } })).status).toBe(422);
  });

  it('generates names, reads YAML, and stores nothing in a dry run', async () => {
    const body = { ...pod('x'), metadata: { generateName: 'web-' } };
    const made = await server.call('POST', `${PODS}?dryRun=All`, { body });
    expect(at(made.body, 'metadata', 'name')).toMatch(/^web-[a-z0-9]{5}$/);
    expect(server.storage.list('pods')).toHaveLength(0);
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n';
    expect(
      (
        await server.call('POST', '/api/v1/namespaces/default/configmaps', {
          body: yaml,
          type: 'application/yaml',
        })
      ).status,
    ).toBe(201);
  });
});

describe('update and patch', () => {
  it('answer a conflict to a stale version, and keep the version when nothing changes', async () => {
    const { body } = await server.call('POST', PODS, { body: pod('a') });
    const same = await server.call('PUT', `${PODS}/a`, { body });
    expect(at(same.body, 'metadata', 'resourceVersion')).toBe(at(body, 'metadata', 'resourceVersion'));
    await server.call('PATCH', `${PODS}/a`, {
      body: { metadata: { labels: { a: 'b' } } },
      type: 'application/merge-patch+json',
    });
    const stale = await server.call('PUT', `${PODS}/a`, { body });
    expect([stale.status, stale.body.reason]).toEqual([409, 'Conflict']);
  });

  it('merge named things strategically', async () => {
    await server.call('POST', DEPLOYMENTS, { body: deployment('web') });
    const containers = [
      { name: 'side', image: 'busybox' },
      { name: 'app', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] },
    ];
    const order = [{ name: 'side' }, { name: 'app' }];
    const first = await server.call('PATCH', `${DEPLOYMENTS}/web`, {
      body: { spec: { template: { spec: { '$setElementOrder/containers': order, containers } } } },
      type: STRATEGIC,
    });
    const spec = at(first.body, 'spec', 'template', 'spec', 'containers');
    expect(spec).toMatchObject([
      { name: 'side' },
      {
        name: 'app',
        image: 'nginx:1',
        env: [{ name: 'A' }],
        ports: [{ containerPort: 80, protocol: 'TCP' }],
      },
    ]);
    const second = await server.call('PATCH', `${DEPLOYMENTS}/web`, {
      body: {
        spec: {
          template: {
            spec: {
              containers: [
                { name: 'side', $patch: 'delete' },
                { name: 'app', env: [{ name: 'A', $patch: 'delete' }] },
              ],
            },
          },
        },
      },
      type: STRATEGIC,
    });
    expect(at(second.body, 'spec', 'template', 'spec', 'containers')).toMatchObject([
      { name: 'app', env: [] },
    ]);
    expect(at(second.body, 'metadata', 'generation')).toBe(3);
  });

  it('obey $retainKeys and $patch: replace', async () => {
    await server.call('POST', DEPLOYMENTS, { body: deployment('web') });
    const body = {
      spec: {
        strategy: { $retainKeys: ['type'], type: 'Recreate' },
        template: { metadata: { annotations: { $patch: 'replace', a: 'b' } } },
      },
    };
    const { body: result } = await server.call('PATCH', `${DEPLOYMENTS}/web`, { body, type: STRATEGIC });
    expect(at(result, 'spec', 'strategy')).toEqual({ type: 'Recreate' });
    expect(at(result, 'spec', 'template', 'metadata', 'annotations')).toEqual({ a: 'b' });
  });

  it('apply JSON patches, and refuse one whose test fails', async () => {
    await server.call('POST', PODS, { body: pod('a', { x: 'y' }) });
    const type = 'application/json-patch+json';
    const good = await server.call('PATCH', `${PODS}/a`, {
      body: [
        { op: 'add', path: '/metadata/labels/a~1b', value: 'c' },
        { op: 'remove', path: '/metadata/labels/x' },
      ],
      type,
    });
    expect(at(good.body, 'metadata', 'labels')).toEqual({ 'a/b': 'c' });
    expect(
      (
        await server.call('PATCH', `${PODS}/a`, {
          body: [{ op: 'test', path: '/metadata/name', value: 'b' }],
          type,
        })
      ).status,
    ).toBe(422);
    expect(
      (await server.call('PATCH', `${PODS}/a`, { body: [{ op: 'remove', path: '/nope/x' }], type })).status,
    ).toBe(422);
  });

  it('apply configurations server-side: create, merge, and drop what is applied no more', async () => {
    const apply = (data: Record<string, string>): ReturnType<TestServer['call']> =>
      server.call('PATCH', '/api/v1/namespaces/default/configmaps/c?fieldManager=me', {
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data },
        type: 'application/apply-patch+yaml',
      });
    expect((await apply({ a: '1', b: '2' })).status).toBe(201);
    await server.call('PATCH', '/api/v1/namespaces/default/configmaps/c', {
      body: { data: { other: 'x' } },
      type: 'application/merge-patch+json',
    });
    const second = await apply({ a: '3' });
    expect([second.status, second.body.data]).toEqual([200, { a: '3', other: 'x' }]);
    expect(at(array(at(second.body, 'metadata', 'managedFields')).at(-1), 'operation')).toBe('Apply');
  });

  it('keep status and spec apart, and scale', async () => {
    await server.call('POST', DEPLOYMENTS, { body: { ...deployment('web'), status: { replicas: 9 } } });
    const merge = 'application/merge-patch+json';
    await server.call('PATCH', `${DEPLOYMENTS}/web/status`, {
      body: { spec: { replicas: 7 }, status: { readyReplicas: 1 } },
      type: merge,
    });
    await server.call('PATCH', `${DEPLOYMENTS}/web`, { body: { status: { readyReplicas: 5 } }, type: merge });
    await server.call('PATCH', `${DEPLOYMENTS}/web/scale`, { body: { spec: { replicas: 3 } }, type: merge });
    const { body } = await server.call('GET', `${DEPLOYMENTS}/web`);
    expect([at(body, 'spec', 'replicas'), body.status]).toEqual([3, { readyReplicas: 1 }]);
    const scale = await server.call('GET', `${DEPLOYMENTS}/web/scale`);
    expect(scale.body).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 3 },
      status: { selector: 'app=web' },
    });
  });
});

describe('delete', () => {
  it('takes dependents along in the background, or leaves them as orphans', async () => {
    const { body: owner } = await server.call('POST', DEPLOYMENTS, { body: deployment('web') });
    const reference = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'web',
      uid: String(at(owner, 'metadata', 'uid')),
    };
    const child = pod('web-1');
    await server.call('POST', PODS, {
      body: { ...child, metadata: { ...child.metadata, ownerReferences: [reference] } },
    });
    expect((await server.call('DELETE', `${DEPLOYMENTS}/web`)).body.status).toBe('Success');
    await until(() => server.storage.list('pods').length === 0);
    await server.call('POST', DEPLOYMENTS, { body: deployment('web') });
    const uid = server.storage.get('deployments.apps', 'default', 'web')?.metadata.uid ?? '';
    await server.call('POST', PODS, {
      body: { ...child, metadata: { ...child.metadata, ownerReferences: [{ ...reference, uid }] } },
    });
    await server.call('DELETE', `${DEPLOYMENTS}/web`, { body: { propagationPolicy: 'Orphan' } });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.storage.get('pods', 'default', 'web-1')?.metadata.ownerReferences).toBeUndefined();
  });

  it('waits for finalizers', async () => {
    await server.call('POST', PODS, { body: { ...pod('a'), metadata: { name: 'a', finalizers: ['x/y'] } } });
    const marked = await server.call('DELETE', `${PODS}/a`);
    expect(at(marked.body, 'metadata', 'deletionTimestamp')).toBeDefined();
    await server.call('PATCH', `${PODS}/a`, {
      body: { metadata: { finalizers: null } },
      type: 'application/merge-patch+json',
    });
    expect((await server.call('GET', `${PODS}/a`)).status).toBe(404);
  });

  it('empties a namespace, and deletes collections by selector', async () => {
    await server.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'shop' } } });
    await server.call('POST', '/api/v1/namespaces/shop/pods', { body: pod('a', {}, 'shop') });
    const leaving = await server.call('DELETE', '/api/v1/namespaces/shop');
    expect(at(leaving.body, 'status', 'phase')).toBe('Terminating');
    const late = await server.call('POST', '/api/v1/namespaces/shop/pods', { body: pod('b', {}, 'shop') });
    expect([late.status, late.text.includes('because it is being terminated')]).toEqual([403, true]);
    await until(() => server.storage.get('namespaces', undefined, 'shop') === undefined);
    expect(server.storage.list('pods')).toHaveLength(0);
    for (const name of ['a', 'b']) await server.call('POST', PODS, { body: pod(name, { app: name }) });
    await server.call('DELETE', `${PODS}?labelSelector=app%3Da`);
    expect(server.storage.list('pods').map((object) => object.metadata.name)).toEqual(['b']);
  });

  it('leaves a scheduled pod to its controller when asked to', async () => {
    const graceful = await startTestServer({ gracefulPods: true });
    const scheduled = { ...pod('a'), spec: { nodeName: 'n', containers: [{ name: 'app', image: 'x' }] } };
    await graceful.call('POST', PODS, { body: scheduled });
    await graceful.call('DELETE', `${PODS}/a`);
    expect(graceful.storage.get('pods', 'default', 'a')?.metadata.deletionGracePeriodSeconds).toBe(30);
    await graceful.call('DELETE', `${PODS}/a`, { body: { gracePeriodSeconds: 0 } });
    expect(graceful.storage.get('pods', 'default', 'a')).toBeUndefined();
    await graceful.close();
  });
});

describe('shapes', () => {
  it('are refused when no API server could read them', async () => {
    const selector = await server.call('POST', SERVICES, {
      body: { metadata: { name: 'web' }, spec: { selector: { app: true }, ports: [{ port: 80 }] } },
    });
    expect([selector.status, selector.body.message]).toEqual([
      400,
      'Service in version "v1" cannot be handled as a Service: json: cannot unmarshal boolean into field spec.selector.app of type string',
    ]);
    const typo = { ...pod('a'), spec: { container: [], containers: [{ name: 'a', image: 'b' }] } };
    const strict = await server.call('POST', `${PODS}?fieldValidation=Strict`, { body: typo });
    expect([strict.status, strict.text.includes('unknown field \\"spec.container\\"')]).toEqual([400, true]);
    expect((await server.call('POST', PODS, { body: typo })).status).toBe(201);
  });

  it('however odd, never bring the server down', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const statuses = new Set<number>();
    for (const { group, version, resource, namespaced, verbs } of server.storage.resources()) {
      if (verbs !== undefined) continue;
      const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const path = `${root}${namespaced ? '/namespaces/default' : ''}/${resource}`;
      for (const body of oddBodies()) statuses.add((await server.call('POST', path, { body })).status);
      statuses.add((await server.call('GET', `${root}/${resource}`, { accept })).status);
    }
    expect([...statuses].sort((a, b) => a - b)).toEqual([200, 201, 400, 409, 422]);
  }, 60_000);
});

function oddBodies(): unknown[] {
  const values: unknown[] = [null, 1, 'x', [], [null], {}, { a: null }, true, '\u0000\ud800', -1e308];
  return values.flatMap((odd) => {
    const parts = ['rules', 'ports', 'template', 'selector', 'containers', 'names', 'versions'];
    const spec = Object.fromEntries(parts.map((part) => [part, odd]));
    return [
      odd,
      { metadata: odd, spec: odd },
      { metadata: { name: 'a', labels: odd }, spec: odd, rules: odd },
      { metadata: { name: 'b' }, spec, subjects: odd, endpoints: odd, status: odd },
    ];
  });
}
