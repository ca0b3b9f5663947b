/* Pods of a view that can be made unready: what the topology draws as ready. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster';
import type { StreamClient } from './stream';

export interface PodName {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
}

interface Node extends PodName {
  readonly kind: string;
  readonly status: string;
}

/** The ready pods that a view shows one by one. */
export async function readyPods(url: string, filters: string): Promise<readonly PodName[]> {
  const response = await fetch(`${url}/api/v1/topology${filters === '' ? '' : `?${filters}`}`);
  const { nodes } = (await response.json()) as { nodes: readonly Node[] };
  return nodes.filter((node) => node.kind === 'pod' && node.status === 'ok');
}

/** Names of namespaces that the topology shows, in order. */
export async function namespacesOf(cluster: Cluster): Promise<readonly string[]> {
  const response = await fetch(`${cluster.url}/apis/networking.k8s.io/v1/ingresses`);
  const { items } = (await response.json()) as { items: readonly { metadata: { namespace: string } }[] };
  return [...new Set(items.map((item) => item.metadata.namespace))].sort();
}

/** Sets a pod's readiness; answers how long until its delta is here, from the moment when we asked. */
export async function flipOnce(
  cluster: Cluster,
  stream: StreamClient,
  pod: PodName,
  ready: boolean,
  withinMs?: number,
): Promise<number> {
  const arrived = stream.nextChange(pod.id, withinMs);
  const began = performance.now();
  await cluster.setReady(pod.namespace, pod.name, ready);
  return (await arrived) - began;
}

export interface Flips {
  readonly samples: readonly number[];
  /** How much too late this process' own timers were meanwhile: what the machine adds by itself. */
  readonly lateness: readonly number[];
}

/** Flips pods one after another, with pauses in which the publisher comes to rest. */
export async function flipMany(
  cluster: Cluster,
  stream: StreamClient,
  pods: readonly PodName[],
  count: number,
): Promise<Flips> {
  const samples: number[] = [];
  const lateness: number[] = [];
  for (let i = 0; i < count; i++) {
    const pod = pods[Math.floor(i / 2) % pods.length];
    if (!pod) throw new Error('the view shows no ready pod');
    samples.push(await flipOnce(cluster, stream, pod, i % 2 === 1));
    // Longer than the least time between two publishes, and not in step with any timer.
    const pause = 160 + ((i * 37) % 90);
    const began = performance.now();
    await sleep(pause);
    lateness.push(performance.now() - began - pause);
  }
  return { samples, lateness };
}
