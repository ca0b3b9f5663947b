import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_PREFIX } from './cluster';
import { conditionStatus, isReady } from './conditions';
import { podLog } from './pod-logs';
import type { DaemonSet, Deployment, KubeObject, Pod, StatefulSet } from './shapes';
import { deployment, startTestCluster, type TestCluster } from './testing';

let test: TestCluster;
beforeEach(() => {
  test = startTestCluster();
});
afterEach(() => test.close());

type EventObject = KubeObject & { reason: string; message: string; count: number };
const pods = (): readonly Pod[] => test.cluster.list<Pod>('pods', 'default');
const waiting = (): (string | undefined)[] =>
  pods().map((pod) => pod.status?.containerStatuses?.[0]?.state.waiting?.reason);
const reasons = (): string[] =>
  test.cluster.list<EventObject>('events', 'default').map((event) => event.reason);
function behaving(behaviour: string, more: Record<string, string> = {}): Deployment {
  const web = deployment('web', 1);
  const own = Object.fromEntries(
    Object.entries({ behaviour, ...more }).map(([key, value]) => [SANDBOX_PREFIX + key, value]),
  );
  web.spec.template.metadata = { ...web.spec.template.metadata, annotations: own };
  return web;
}

describe('pods', () => {
  it('crash with exit code, message, growing restart count and logs of the crash', () => {
    test.add(
      'deployments.apps',
      behaving('crashloop', { 'exit-code': '2', message: 'no database', logs: 'boom: no database' }),
    );
    test.pass(1800);
    const [pod] = pods();
    const status = pod?.status?.containerStatuses?.[0];
    expect(status?.state.waiting?.reason).toBe('CrashLoopBackOff');
    expect(status?.lastState.terminated).toMatchObject({
      exitCode: 2,
      message: 'no database',
      reason: 'Error',
    });
    expect(status?.restartCount).toBeGreaterThan(5);
    expect(pod && isReady(pod)).toBe(false);
    expect(podLog(test.cluster, pod as Pod, undefined).map((line) => line.text)).toContain(
      'boom: no database',
    );
    const backOff = test.cluster
      .list<EventObject>('events', 'default')
      .find((event) => event.reason === 'BackOff');
    expect(backOff?.count).toBeGreaterThan(3);
  });

  it('of ingress-nginx complain of a backend that is missing, and no longer once it is there', () => {
    const controller = deployment('ingress-nginx-controller', 1);
    for (const container of controller.spec.template.spec.containers)
      container.image = 'registry.k8s.io/ingress-nginx/controller:v1.15.1';
    const backend = { service: { name: 'shop', port: { number: 80 } } };
    test.add('deployments.apps', controller);
    test.add('ingresses.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'shop', namespace: 'default' },
      spec: { ingressClassName: 'nginx', tls: [{ secretName: 'shop-tls' }], defaultBackend: backend },
    } as KubeObject);
    test.pass(300);
    const log = (): string =>
      podLog(test.cluster, pods()[0] as Pod, undefined)
        .map(({ text }) => text)
        .join('\n');
    expect(log()).toContain('Error obtaining Endpoints for Service "default/shop"');
    expect(log()).toContain('Error getting SSL certificate "default/shop-tls"');
    test.add('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace: 'default' },
      spec: { selector: { app: 'none' }, ports: [{ port: 80 }] },
    } as KubeObject);
    expect(log()).toContain('Service "default/shop" does not have any active Endpoint.');
  });

  it('crash and recover in place when the annotation is on the Deployment itself', () => {
    test.add('deployments.apps', deployment('web', 2));
    test.pass(5);
    const names = pods().map((pod) => pod.metadata.name);
    test.change<Deployment>('deployments.apps', 'default', 'web', (web) => {
      web.metadata.annotations = { [`${SANDBOX_PREFIX}behaviour`]: 'crashloop' };
    });
    test.pass(10);
    expect(pods().filter(isReady)).toHaveLength(0);
    test.change<Deployment>('deployments.apps', 'default', 'web', (web) => {
      web.metadata.annotations = {};
    });
    test.pass(10);
    expect(
      pods()
        .filter(isReady)
        .map((pod) => pod.metadata.name),
    ).toEqual(names);
  });

  it.each([
    ['image-pull-error', /ErrImagePull|ImagePullBackOff/, 'Failed'],
    ['config-error', /CreateContainerConfigError/, 'Failed'],
    ['oom', /CrashLoopBackOff/, 'BackOff'],
  ])('behave as %s', (behaviour, reason, event) => {
    test.add('deployments.apps', behaving(behaviour));
    test.pass(20);
    expect(waiting()[0]).toMatch(reason);
    expect(reasons()).toContain(event);
  });

  it('stay Pending with a reason when no node takes them', () => {
    test.add(
      'deployments.apps',
      behaving('pending', { message: '0/3 nodes are available: 3 Insufficient memory.' }),
    );
    test.pass(20);
    const [pod] = pods();
    expect(pod?.status?.phase).toBe('Pending');
    expect(pod?.status?.conditions?.[0]).toMatchObject({
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available: 3 Insufficient memory.',
    });
  });

  it('run but fail their readiness probe', () => {
    test.add('deployments.apps', behaving('unready'));
    test.pass(60);
    const [pod] = pods();
    expect(pod?.status?.containerStatuses?.[0]?.state.running).toBeDefined();
    expect(conditionStatus(pod?.status?.conditions, 'Ready')).toBe('False');
    expect(reasons()).toContain('Unhealthy');
  });

  it('wait for a Secret volume and start when the Secret comes', () => {
    const web = deployment('web', 1);
    web.spec.template.spec.volumes = [{ name: 'key', secret: { secretName: 'key' } }];
    test.add('deployments.apps', web);
    test.pass(10);
    expect(waiting()[0]).toBe('ContainerCreating');
    expect(reasons()).toContain('FailedMount');
    test.add('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key', namespace: 'default' },
    });
    test.pass(5);
    expect(pods().every(isReady)).toBe(true);
  });

  it('use the address of their node with hostNetwork', () => {
    const web = deployment('web', 1);
    web.spec.template.spec.hostNetwork = true;
    test.add('deployments.apps', web);
    test.pass(5);
    expect(pods()[0]?.status?.podIP).toBe(pods()[0]?.status?.hostIP);
  });

  it('keep Events bounded', () => {
    test.add('deployments.apps', behaving('crashloop'));
    for (let round = 0; round < 300; round++) {
      test.change<Deployment>('deployments.apps', 'default', 'web', (web) => {
        web.spec.replicas = (round % 2) * 4;
      });
      test.pass(4);
    }
    expect(test.storage.list('events').length).toBeLessThanOrEqual(1000);
  });
});

describe('StatefulSets, DaemonSets and Jobs', () => {
  it('number their pods and start them in order', () => {
    const { spec } = deployment('db', 3);
    const set: StatefulSet = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'default' },
      spec: { ...spec, serviceName: 'db' },
    };
    test.add('statefulsets.apps', set);
    test.pass(0.7);
    expect(pods().map((pod) => pod.metadata.name)).toEqual(['db-0']);
    test.pass(10);
    expect(
      pods()
        .filter(isReady)
        .map((pod) => pod.metadata.name),
    ).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('run a Job to its end, and the webhook certificate job leaves its Secret', () => {
    const args = ['create', '--host=x', '--secret-name=admission'];
    const containers = [
      { name: 'create', image: 'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.5', args },
    ];
    const template = { spec: { restartPolicy: 'OnFailure', containers } };
    const metadata = { name: 'certificate', namespace: 'default' };
    test.add('jobs.batch', { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template } });
    test.pass(10);
    expect(pods().map((pod) => pod.status?.phase)).toEqual(['Succeeded']);
    expect(test.storage.get('secrets', 'default', 'admission')).toBeDefined();
    expect(test.storage.get('jobs.batch', 'default', 'certificate')?.status).toMatchObject({ succeeded: 1 });
  });

  it('place one pod on each node', () => {
    const { selector, template } = deployment('agent', 1).spec;
    const set: DaemonSet = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'default' },
      spec: { selector, template },
    };
    test.add('daemonsets.apps', set);
    test.pass(5);
    expect(
      new Set(
        pods()
          .filter(isReady)
          .map((pod) => pod.spec.nodeName),
      ).size,
    ).toBe(3);
  });
});
