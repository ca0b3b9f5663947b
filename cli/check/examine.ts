/* Runs the dashboard's own engine, without the dashboard, until it has said all. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Graph } from '@/lib/topology/graph';
import type { Coverage } from '@/lib/topology/model';
import type { Config } from '@/server/config';
import { Runtime } from '@/server/runtime';

export class Unreachable extends Error {}

export interface Examined {
  readonly graph: Graph;
  readonly cluster: string;
  readonly coverage: readonly Coverage[];
}

const POLL_MS = 50;
/** Without a change for so long all has been said. */
const QUIET_MS = 1_500;
/** Probes that never end must not hold up a pipeline. */
const LONGEST_MS = 60_000;

/** `limitedView`: a controller may run where nobody looks. Throws `Unreachable` when there is no cluster to be read. */
export async function examine(config: Config, limitedView: boolean): Promise<Examined> {
  // One cluster is checked, however many the dashboard would watch.
  const contexts = config.contexts.filter((context) => context !== '*').slice(0, 1);
  const runtime = new Runtime({ ...config, contexts }, limitedView ? { limitedView } : {});
  try {
    runtime.start();
    const end = Date.now() + LONGEST_MS;
    await until(() => runtime.hub.synced || isLost(runtime), end);
    if (!runtime.hub.synced || isLost(runtime))
      throw new Unreachable(runtime.hub.head.cluster.reason ?? 'it does not answer');
    await quiet(runtime, end);
    return await runtime.hub.read(({ graph }, { cluster, coverage }) => ({
      graph,
      cluster: cluster.name,
      coverage,
    }));
  } finally {
    await runtime.stop();
  }
}

function isLost({ hub }: Runtime): boolean {
  const { connection } = hub.head.cluster;
  return connection === 'unreachable' || connection === 'unauthorized';
}

async function until(isSo: () => boolean, end: number): Promise<void> {
  while (!isSo() && Date.now() < end) await sleep(POLL_MS);
}

async function quiet({ hub }: Runtime, end: number): Promise<void> {
  let version = hub.head.version;
  let since = Date.now();
  await until(() => {
    if (hub.head.version !== version) {
      version = hub.head.version;
      since = Date.now();
    }
    return Date.now() - since >= QUIET_MS;
  }, end);
}
