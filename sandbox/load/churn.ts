/* Changes on demand for clusters that nothing simulates: one pod's readiness, or many a second. */

import { sendJson } from '../api/http';
import type { ApiServer } from '../api/server';
import { badRequest, StatusError } from '../api/status';
import type { KubeObject as StoredObject } from '../api/storage';
import type { Cluster } from '../controllers/cluster';
import { isReady, withCondition } from '../controllers/conditions';
import type { EndpointSlice, Pod } from '../controllers/shapes';

const SLICES = 'endpointslices.discovery.k8s.io';
const TICK_MS = 50;
const MAX_RATE = 10_000;

/** Sets a pod's readiness and, at once, its endpoint's: as kubelet and slice controller would together. */
export function setPodReady(cluster: Cluster, namespace: string, name: string, ready: boolean): boolean {
  const pod = cluster.get<Pod>('pods', namespace, name);
  if (!pod) return false;
  const time = cluster.scheduler.timestamp();
  const status = ready ? ('True' as const) : ('False' as const);
  let conditions = withCondition(pod.status?.conditions, { type: 'Ready', status }, time);
  conditions = withCondition(conditions, { type: 'ContainersReady', status }, time);
  const containerStatuses = (pod.status?.containerStatuses ?? []).map((container) => ({
    ...container,
    ready,
  }));
  cluster.updateStatus(
    'pods',
    { ...pod, status: { ...pod.status, conditions, containerStatuses } },
    'kubelet',
  );
  flipEndpoints(cluster, namespace, name, ready);
  return true;
}

/** Which slices have a pod: kept, since a search through all of them for each change would be the benchmark. */
const sliceIndexes = new WeakMap<Cluster, Map<string, Set<string>>>();

function sliceNames(cluster: Cluster, namespace: string, pod: string): Set<string> {
  let index = sliceIndexes.get(cluster);
  if (!index) {
    index = new Map();
    sliceIndexes.set(cluster, index);
    const known = index;
    const add = (slice: EndpointSlice): void => {
      for (const endpoint of slice.endpoints ?? []) {
        const key = `${slice.metadata.namespace}/${endpoint.targetRef?.name}`;
        known.set(key, (known.get(key) ?? new Set()).add(slice.metadata.name));
      }
    };
    for (const slice of cluster.list<EndpointSlice>(SLICES)) add(slice);
    cluster.storage.onChange((event) => {
      if (event.resource === SLICES && event.type !== 'DELETED')
        add(event.object as unknown as EndpointSlice);
    });
  }
  return index.get(`${namespace}/${pod}`) ?? new Set();
}

function flipEndpoints(cluster: Cluster, namespace: string, name: string, ready: boolean): void {
  for (const sliceName of sliceNames(cluster, namespace, name)) {
    const slice = cluster.storage.get(SLICES, namespace, sliceName) as unknown as EndpointSlice | undefined;
    if (!slice) continue;
    const endpoints = slice.endpoints.map((endpoint) =>
      endpoint.targetRef?.name === name
        ? { ...endpoint, conditions: { ...endpoint.conditions, ready, serving: ready } }
        : endpoint,
    );
    cluster.storage.update(SLICES, { ...slice, endpoints } as unknown as StoredObject);
  }
}

/** `POST /sandbox/churn {podsPerSecond, seconds}` and `POST /sandbox/pods/ready {namespace, name, ready}`. */
export function addChurnRoutes(api: ApiServer, cluster: Cluster): void {
  let stop: () => void = () => undefined;
  api.addRoute('POST', '/sandbox/churn', async (request, response) => {
    const { podsPerSecond = 0, seconds = 0 } = (await request.body()) as {
      podsPerSecond?: unknown;
      seconds?: unknown;
    };
    if (
      typeof podsPerSecond !== 'number' ||
      typeof seconds !== 'number' ||
      !(podsPerSecond >= 0 && podsPerSecond <= MAX_RATE) ||
      !(seconds >= 0)
    )
      throw badRequest(`podsPerSecond (at most ${MAX_RATE}) and seconds must be numbers`);
    stop();
    stop = startChurn(cluster, podsPerSecond, seconds);
    sendJson(response, 200, { podsPerSecond, seconds });
  });
  api.addRoute('POST', '/sandbox/pods/ready', async (request, response) => {
    const { namespace, name, ready } = (await request.body()) as {
      namespace?: unknown;
      name?: unknown;
      ready?: unknown;
    };
    if (typeof namespace !== 'string' || typeof name !== 'string' || typeof ready !== 'boolean')
      throw badRequest('namespace, name and ready (true or false) are needed');
    if (!setPodReady(cluster, namespace, name, ready))
      throw new StatusError(404, 'NotFound', `pods "${name}" not found`);
    sendJson(response, 200, {
      namespace,
      name,
      ready,
      resourceVersion: String(cluster.storage.resourceVersion),
    });
  });
}

/** Flips ready pods to unready and back in turn, so that the cluster ends about as it began. */
function startChurn(cluster: Cluster, podsPerSecond: number, seconds: number): () => void {
  const pods = cluster
    .list<Pod>('pods')
    .filter(isReady)
    .map((pod) => [pod.metadata.namespace ?? 'default', pod.metadata.name] as const);
  if (pods.length === 0 || podsPerSecond === 0) return () => undefined;
  const startedAt = Date.now();
  const total = Math.round(podsPerSecond * seconds);
  const unready: (readonly [string, string])[] = [];
  let done = 0;
  const flip = (): void => {
    const pod = pods[(done * 7919) % pods.length];
    const back = done % 2 === 1 ? unready.shift() : undefined;
    if (back) setPodReady(cluster, back[0], back[1], true);
    else if (pod && setPodReady(cluster, pod[0], pod[1], false)) unready.push(pod);
    done++;
  };
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((Date.now() - startedAt) / 1000) * podsPerSecond));
    while (done < due) flip();
    if (done >= total) finish();
  }, TICK_MS);
  const finish = (): void => {
    clearInterval(timer);
    for (const [namespace, name] of unready.splice(0)) setPodReady(cluster, namespace, name, true);
  };
  // The sandbox's end must not wait for a benchmark.
  timer.unref();
  return finish;
}
