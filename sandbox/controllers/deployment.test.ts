import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isReady } from './conditions';
import { planRollout } from './deployment-plan';
import type { Deployment, KubeObject, Pod, ReplicaSet } from './shapes';
import { deployment, startTestCluster, type TestCluster } from './testing';

let test: TestCluster;
beforeEach(() => {
  test = startTestCluster();
});
afterEach(() => test.close());

const pods = (): readonly Pod[] => test.cluster.list<Pod>('pods', 'default');
const sets = (): ReplicaSet[] => [...test.cluster.list<ReplicaSet>('replicasets.apps', 'default')];
const read = (): Deployment =>
  test.cluster.get<Deployment>('deployments.apps', 'default', 'web') as Deployment;
const image = (tag: string): void =>
  test.change<Deployment>('deployments.apps', 'default', 'web', (web) => {
    const [container] = web.spec.template.spec.containers;
    if (container) container.image = `example.com/web:${tag}`;
  });
const condition = (type: string): string | undefined =>
  read().status?.conditions?.find((entry) => entry.type === type)?.reason;

describe('Deployment', () => {
  it('brings up ready pods on three nodes with addresses of their own', () => {
    test.add('deployments.apps', deployment('web', 6));
    test.pass(5);
    expect(pods().filter(isReady)).toHaveLength(6);
    expect(new Set(pods().map((pod) => pod.spec.nodeName)).size).toBe(3);
    expect(new Set(pods().map((pod) => pod.status?.podIP)).size).toBe(6);
    expect(read().status).toMatchObject({
      replicas: 6,
      readyReplicas: 6,
      updatedReplicas: 6,
      availableReplicas: 6,
    });
    expect(condition('Progressing')).toBe('NewReplicaSetAvailable');
  });

  it('scales to zero and back', () => {
    test.add('deployments.apps', deployment('web', 3));
    test.pass(5);
    test.change<Deployment>('deployments.apps', 'default', 'web', (web) => {
      web.spec.replicas = 0;
    });
    test.pass(5);
    expect(pods()).toHaveLength(0);
    expect(sets()[0]?.status).toMatchObject({ replicas: 0 });
    test.change<Deployment>('deployments.apps', 'default', 'web', (web) => {
      web.spec.replicas = 3;
    });
    test.pass(5);
    expect(pods().filter(isReady)).toHaveLength(3);
  });

  it('never has fewer ready pods than maxUnavailable allows during a rolling update', () => {
    test.add('deployments.apps', deployment('web', 4));
    test.pass(5);
    image('2.0');
    for (let step = 0; step < 400; step++) {
      test.pass(0.05);
      const active = pods().filter((pod) => !pod.metadata.deletionTimestamp);
      expect(active.filter(isReady).length).toBeGreaterThanOrEqual(3);
      expect(active.length).toBeLessThanOrEqual(5);
    }
    expect(pods().every((pod) => pod.spec.containers[0]?.image.endsWith(':2.0'))).toBe(true);
    expect(read().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
  });

  it('goes back to the old ReplicaSet when the old template returns, as rollout undo does', () => {
    test.add('deployments.apps', deployment('web', 2));
    test.pass(5);
    const first = sets()[0]?.metadata.name;
    image('does-not-exist');
    test.pass(30);
    expect(
      pods().some((pod) =>
        /Err|BackOff/.test(pod.status?.containerStatuses?.[0]?.state.waiting?.reason ?? ''),
      ),
    ).toBe(true);
    image('1.0');
    test.pass(10);
    expect(pods().every((pod) => pod.metadata.name.startsWith(first ?? '?'))).toBe(true);
    const revisions = Object.fromEntries(
      sets().map((set) => [
        set.spec.replicas,
        set.metadata.annotations?.['deployment.kubernetes.io/revision'],
      ]),
    );
    expect(revisions).toEqual({ 2: '3', 0: '2' });
  });

  it('says ProgressDeadlineExceeded when a rollout is stuck', () => {
    test.add('deployments.apps', deployment('web', 2, { image: 'example.com/web:no-such-tag' }));
    test.pass(700);
    expect(condition('Progressing')).toBe('ProgressDeadlineExceeded');
    expect(condition('Available')).toBe('MinimumReplicasUnavailable');
  });

  it('takes its ReplicaSets and pods along when it is deleted', async () => {
    test.add('deployments.apps', deployment('web', 2));
    test.pass(5);
    test.cluster.remove('deployments.apps', 'default', 'web');
    await test.collect();
    await test.collect();
    test.pass(5);
    expect(sets()).toHaveLength(0);
    expect(pods()).toHaveLength(0);
  });

  it('writes the Event of a refused pod when the ServiceAccount is missing, and goes on when it comes', () => {
    const web = deployment('web', 1);
    web.spec.template.spec.serviceAccountName = 'web';
    test.add('deployments.apps', web);
    test.pass(5);
    expect(pods()).toHaveLength(0);
    const events = test.cluster.list<KubeObject & { reason: string }>('events', 'default');
    expect(events.some((event) => event.reason === 'FailedCreate')).toBe(true);
    test.add('serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'web', namespace: 'default' },
    });
    test.pass(10);
    expect(pods().filter(isReady)).toHaveLength(1);
  });
});

describe('planRollout', () => {
  it('waits for the last old pod under Recreate', () => {
    const spec = { ...deployment('web', 3).spec, strategy: { type: 'Recreate' } };
    const old = [{ name: 'a', size: 3, available: 3 }];
    expect(planRollout(spec, { desired: 3, newSize: 0, newAvailable: 0, old, oldPods: 3 })).toEqual({
      newSize: 0,
      oldSizes: new Map([['a', 0]]),
    });
    expect(planRollout(spec, { desired: 3, newSize: 0, newAvailable: 0, old, oldPods: 0 }).newSize).toBe(3);
  });
});
