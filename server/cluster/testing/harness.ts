import 'server-only';
import { Agent } from 'node:http';
import { vi } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, FactChange, ObjectChange, ResourceCoverage } from '@/lib/state/change';
import type { SecretFact } from '@/lib/state/facts';
import type { KubeAccess } from '@/server/cluster/access';
import {
  type ClusterWatch,
  type ClusterWatchOptions,
  startClusterWatch,
} from '@/server/cluster/cluster-watch';
import type { Connection } from '@/server/cluster/connection';
import type { Timing } from '@/server/cluster/timing';

// A machine may be busy: tests wait for what they want to see, and only its absence takes long.
vi.setConfig({ testTimeout: 20_000 });

/** The real waits, some hundred times shorter. */
export const QUICK: Partial<Timing> = {
  backoffFirst: 20,
  backoffMost: 100,
  healthyAfter: 300,
  watchIdle: 1_500,
  answerWithin: 1_000,
  forbiddenFirst: 60,
  forbiddenAgain: 100,
  absentAgain: 100,
  failingAfter: 800,
  heartbeatAfter: 250,
  heartbeatWithin: 800,
  batch: 5,
  secretMissingAgain: 60,
  secretPresentAgain: 150,
  configMapAgain: 150,
  serverAgain: 150,
  logAgain: 100,
  logRefusedAgain: 150,
};

/** Waits until something is so; its text names what was awaited in vain. */
export async function until(condition: () => boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not so after ${ms} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An access without kubeconfig. */
export function plainAccess(
  url: string,
  headers: () => Record<string, string> = () => ({}),
): KubeAccess & { refreshes: number; renewals: number } {
  const agent = new Agent({ keepAlive: true });
  return {
    context: 'test',
    server: url,
    refreshes: 0,
    renewals: 0,
    credentials: async () => ({ server: new URL(url), headers: headers(), agent, via: '' }),
    way: async () => ({ server: url, headers: headers(), tls: {}, proxy: '' }),
    refresh() {
      this.refreshes += 1;
    },
    renew() {
      this.renewals += 1;
    },
  };
}

/** A receiver that keeps what it was told, as the hub's store does. */
export class Receiver {
  readonly objects = new Map<string, NonNullable<ObjectChange['object']>>();
  readonly secretFacts = new Map<string, SecretFact>();
  /** Facts of other sources, by `SOURCE KEY`. */
  readonly facts = new Map<string, FactChange['fact']>();
  readonly coverage = new Map<KindName, ResourceCoverage>();
  readonly coverageLog: string[] = [];
  readonly connections: Connection[] = [];
  readonly batches: (readonly Change[])[] = [];

  readonly onChange = (changes: readonly Change[]): void => {
    this.batches.push(changes);
    for (const change of changes) this.#apply(change);
  };

  readonly onConnection = (connection: Connection): void => {
    this.connections.push(connection);
  };

  get connection(): string {
    return this.connections.at(-1)?.connection ?? 'connecting';
  }

  state(kind: KindName): string {
    return this.coverage.get(kind)?.state ?? '';
  }

  keys(kind: KindName): string[] {
    const prefix = `${kind} `;
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .sort();
  }

  #apply(change: Change): void {
    if (change.type === 'object') {
      const { kind, key, object } = change.change;
      if (object === null) this.objects.delete(`${kind} ${key}`);
      else this.objects.set(`${kind} ${key}`, object);
    } else if (change.type === 'coverage') {
      this.coverage.set(change.coverage.resource, change.coverage);
      this.coverageLog.push(`${change.coverage.resource} ${change.coverage.state}`);
    } else if (change.type === 'secret') {
      if (change.fact === null) this.secretFacts.delete(change.key);
      else this.secretFacts.set(change.key, change.fact);
    } else if (change.type === 'fact') {
      if (change.fact === null) this.facts.delete(`${change.source} ${change.key}`);
      else this.facts.set(`${change.source} ${change.key}`, change.fact);
    }
  }
}

export type Started = {
  readonly watch: ClusterWatch;
  readonly receiver: Receiver;
  readonly kube: ReturnType<typeof plainAccess>;
};

/** Starts the real watch against a server, for some resources only, with quick waits. */
export function start(
  url: string,
  kinds: readonly KindName[],
  options: Partial<Omit<ClusterWatchOptions, 'kube'>> & { headers?: () => Record<string, string> } = {},
): Started {
  const receiver = new Receiver();
  const kube = plainAccess(url, options.headers);
  const watch = startClusterWatch({
    config: { namespaces: [], secrets: 'watch' },
    resources: RESOURCES.filter(({ id }) => kinds.includes(id)),
    onChange: receiver.onChange,
    onConnection: receiver.onConnection,
    ...options,
    timing: { ...QUICK, ...options.timing },
    kube,
  });
  return { watch, receiver, kube };
}
