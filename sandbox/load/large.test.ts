import { describe, expect, it } from 'vitest';
import { registerBuiltinKinds } from '../api/builtin-kinds';
import { Storage } from '../api/storage';
import { Cluster } from '../controllers/cluster';
import { isReady } from '../controllers/conditions';
import { Scheduler } from '../controllers/scheduler';
import type { EndpointSlice, Ingress, Pod } from '../controllers/shapes';
import { setPodReady } from './churn';
import { fillLarge } from './large';
import { makePlan } from './large-plan';

async function build(seed = 7): Promise<Storage> {
  const storage = new Storage();
  registerBuiltinKinds(storage);
  await fillLarge(storage, { ingresses: 50, services: 200, pods: 1000, namespaces: 10, seed });
  return storage;
}

describe('the large cluster', () => {
  it('has the sizes asked for, fat pods, a slice for each Service and rules for 80 %', async () => {
    const storage = await build();
    const apps = storage.list('services').length;
    expect(apps).toBeGreaterThan(190);
    expect(storage.list('pods').length).toBeGreaterThan(950);
    expect(storage.list('endpointslices.discovery.k8s.io')).toHaveLength(apps);
    const ingresses = storage.list('ingresses.networking.k8s.io') as unknown as Ingress[];
    expect(ingresses).toHaveLength(50);
    const routed = new Set(
      ingresses.flatMap((ingress) =>
        (ingress.spec?.rules ?? []).flatMap((rule) =>
          (rule.http?.paths ?? []).map(
            (path) => `${ingress.metadata.namespace}/${path.backend.service?.name}`,
          ),
        ),
      ),
    );
    expect(routed.size).toBe(160);
    const bytes = JSON.stringify(storage.list('pods')[10]).length;
    expect(bytes).toBeGreaterThan(4500);
    expect(bytes).toBeLessThan(6500);
    expect(storage.list('pods').filter((pod) => isReady(pod as unknown as Pod)).length).toBeGreaterThan(900);
  });

  it('is the same for the same seed and has addresses of its own for every pod', async () => {
    const [a, b] = await Promise.all([build(3), build(3)]);
    const names = (storage: Storage): string[] => storage.list('pods').map((pod) => pod.metadata.name);
    expect(names(a)).toEqual(names(b));
    const addresses = (a.list('pods') as unknown as Pod[]).map((pod) => pod.status?.podIP);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('has broken applications of several kinds in a big plan', () => {
    const plan = makePlan({ ingresses: 1000, services: 4000, pods: 10_000, namespaces: 100, seed: 1 });
    expect(new Set(plan.apps.map((app) => app.fault)).size).toBeGreaterThanOrEqual(7);
    expect(plan.apps.filter((app) => app.fault !== 'none').length).toBeLessThan(100);
  });

  it('flips a pod and its endpoint together', async () => {
    const storage = await build();
    const cluster = new Cluster(storage, new Scheduler(undefined));
    const pod = (storage.list('pods') as unknown as Pod[]).find(isReady);
    const { namespace = '', name = '' } = pod?.metadata ?? {};
    const endpoint = (): boolean | undefined =>
      (storage.list('endpointslices.discovery.k8s.io', namespace) as unknown as EndpointSlice[])
        .flatMap((slice) => slice.endpoints)
        .find((entry) => entry.targetRef?.name === name)?.conditions.ready;
    expect(endpoint()).toBe(true);
    expect(setPodReady(cluster, namespace, name, false)).toBe(true);
    expect(endpoint()).toBe(false);
    expect(isReady(storage.get('pods', namespace, name) as unknown as Pod)).toBe(false);
    setPodReady(cluster, namespace, name, true);
    expect(endpoint()).toBe(true);
    cluster.close();
  });
});
