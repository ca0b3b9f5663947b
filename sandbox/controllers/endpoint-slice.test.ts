import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_PREFIX } from './cluster';
import { isReady } from './conditions';
import type { Deployment, EndpointSlice, Ingress, KubeObject, Pod, Service } from './shapes';
import { deployment, service, startTestCluster, type TestCluster } from './testing';

let test: TestCluster;
beforeEach(() => {
  test = startTestCluster();
});
afterEach(() => test.close());

const slices = (name = 'web'): EndpointSlice[] =>
  test.cluster
    .list<EndpointSlice>('endpointslices.discovery.k8s.io', 'default')
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name);
const endpoints = (): EndpointSlice['endpoints'] => slices().flatMap((slice) => slice.endpoints);
const pods = (): readonly Pod[] => test.cluster.list<Pod>('pods', 'default');
const scale = (replicas: number): void =>
  test.change<Deployment>('deployments.apps', 'default', 'web', (web) => {
    web.spec.replicas = replicas;
  });
/** A small seeded generator: the same walk each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One random change: scale, delete a pod, crash or heal all. */
function disturb(next: () => number): void {
  const choice = next();
  if (choice < 0.5) {
    scale(Math.floor(next() * 8));
    return;
  }
  const pod = pods()[Math.floor(next() * pods().length)];
  if (choice < 0.8) {
    if (pod) test.cluster.terminate('pods', 'default', pod.metadata.name);
    return;
  }
  const behaviour = next() < 0.5 ? 'crashloop' : 'healthy';
  test.change<Deployment>('deployments.apps', 'default', 'web', (web) => {
    web.metadata.annotations = { ...web.metadata.annotations, [`${SANDBOX_PREFIX}behaviour`]: behaviour };
  });
}
const expected = (): unknown[] =>
  pods()
    .filter((pod) => pod.status?.podIP)
    .map((pod) => {
      const terminating = Boolean(pod.metadata.deletionTimestamp);
      return [pod.metadata.name, isReady(pod) && !terminating, terminating];
    })
    .sort();
const found = (): unknown[] =>
  endpoints()
    .map(({ targetRef, conditions }) => [targetRef?.name, conditions.ready, conditions.terminating])
    .sort();

describe('EndpointSlices', () => {
  it.each([1, 2, 3])('list exactly the pods with their readiness after any changes (seed %i)', (seed) => {
    const next = random(seed);
    test.add('services', service('web'));
    test.add('deployments.apps', deployment('web', 2));
    for (let round = 0; round < 40; round++) {
      disturb(next);
      test.pass(next() * 3);
      const before = JSON.stringify(pods());
      // One beat for the slice controller; where a pod changed meanwhile, the next round compares.
      test.pass(0.031);
      if (JSON.stringify(pods()) === before) expect(found()).toEqual(expected());
    }
  });

  it('hold at most 100 endpoints each', () => {
    test.add('services', service('web'));
    test.add('deployments.apps', deployment('web', 230));
    test.pass(10);
    expect(
      slices()
        .map((slice) => slice.endpoints.length)
        .sort((a, b) => b - a),
    ).toEqual([100, 100, 30]);
    scale(120);
    test.pass(10);
    expect(endpoints()).toHaveLength(120);
  });

  it('resolve a named target port per pod into slices of their own', () => {
    test.add('services', service('web', { name: 'http' }));
    test.add('deployments.apps', deployment('web', 2));
    const second = deployment('web2', 1, { ports: [{ name: 'http', containerPort: 9090 }] });
    second.spec.selector = { matchLabels: { app: 'web', version: '2' } };
    second.spec.template.metadata = { labels: { app: 'web', version: '2' } };
    test.add('deployments.apps', second);
    test.pass(5);
    expect(
      slices()
        .map((slice) => [slice.ports?.[0]?.port, slice.endpoints.length])
        .sort(),
    ).toEqual([
      [8080, 2],
      [9090, 1],
    ]);
  });

  it('show a terminating pod as serving but not ready, and an unready one too if the Service publishes it', () => {
    test.add('services', service('web'));
    test.add('deployments.apps', deployment('web', 1));
    test.pass(5);
    scale(0);
    test.pass(0.5);
    expect(endpoints()[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true });
    test.pass(5);
    expect(slices()).toHaveLength(1);
    expect(slices()[0]).toMatchObject({ endpoints: [], ports: null });
    const web = deployment('slow', 1);
    web.metadata.annotations = { [`${SANDBOX_PREFIX}behaviour`]: 'unready' };
    test.add('deployments.apps', web);
    test.add('services', service('slow', {}, { publishNotReadyAddresses: true }));
    test.pass(5);
    expect(slices('slow')[0]?.endpoints[0]?.conditions).toEqual({
      ready: true,
      serving: false,
      terminating: false,
    });
  });
});

describe('load balancers and Ingress status', () => {
  const balancer = (annotations: Record<string, string> = {}): Service => {
    const object = service('web', {}, { type: 'LoadBalancer' });
    object.metadata.annotations = annotations;
    return object;
  };
  const addresses = (): unknown =>
    test.cluster.get<Service>('services', 'default', 'web')?.status?.loadBalancer?.ingress;

  it('get an address after a second, the asked-for one if there is one, and lose it when pending', () => {
    test.add('services', balancer());
    test.pass(0.5);
    expect(addresses()).toBeUndefined();
    test.pass(2);
    expect(addresses()).toEqual([{ ip: '203.0.113.10', ipMode: 'VIP' }]);
    test.change<Service>('services', 'default', 'web', (web) => {
      web.metadata.annotations = { [`${SANDBOX_PREFIX}load-balancer`]: 'pending' };
    });
    test.pass(2);
    expect(addresses()).toBeUndefined();
    test.change<Service>('services', 'default', 'web', (web) => {
      web.metadata.annotations = { [`${SANDBOX_PREFIX}address`]: 'lb.example.net' };
    });
    test.pass(2);
    expect(addresses()).toEqual([{ hostname: 'lb.example.net' }]);
  });

  it.each([
    ['registry.k8s.io/ingress-nginx/controller:v1.15.1', true],
    ['quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.21.0', false],
  ])('are written into Ingresses by %s: %s', (image, written) => {
    test.add('services', balancer());
    test.add(
      'deployments.apps',
      deployment('web', 1, { image, args: ['--publish-service=$(POD_NAMESPACE)/web'] }),
    );
    test.add('ingressclasses.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx' },
      spec: { controller: 'k8s.io/ingress-nginx' },
    } as KubeObject);
    const ingress = (name: string, ingressClassName: string): Ingress => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, namespace: 'default' },
      spec: { ingressClassName, defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
    });
    test.add('ingresses.networking.k8s.io', ingress('right', 'nginx'), ingress('typo', 'ngnix'));
    test.pass(10);
    const status = (name: string): unknown =>
      test.cluster.get<Ingress>('ingresses.networking.k8s.io', 'default', name)?.status?.loadBalancer
        ?.ingress;
    expect(status('right')).toEqual(written ? [{ ip: '203.0.113.10' }] : undefined);
    expect(status('typo')).toBeUndefined();
  });
});
