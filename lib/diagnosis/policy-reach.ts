/** Whether the pods of a controller may reach the pods behind a port of a Service. */
import type { NetworkPolicy } from '@/lib/kube/policy-objects';
import { objectKey, splitKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import type { Doubt } from '@/lib/topology/network-policy/ends';
import { mayReach, type PolicyVerdict } from '@/lib/topology/network-policy/verdict';
import { backendEnds, controllerEnds, type EndGroup, namespacePolicies } from '@/lib/topology/policy-ends';
import { known } from '@/lib/topology/reads';

export type Blocked = Extract<PolicyVerdict, { state: 'blocked' }>;

/** A way that is closed, with both its ends. */
export interface Closed {
  readonly verdict: Blocked;
  readonly from: EndGroup;
  readonly to: EndGroup;
}

export interface Reach {
  readonly state: 'allowed' | 'blocked' | 'partly' | 'unknown';
  /** Pods behind the port, and how many of them are reached from nowhere. */
  readonly total: number;
  readonly closedTo: number;
  /** The first way that is closed. */
  readonly closed: Closed | null;
  readonly doubt: Doubt | null;
  /** Why it is unknown where no rule is to blame; empty otherwise. */
  readonly reason: string;
}

/** What is asked: which controller, which port of which Service. */
export interface ReachKey {
  readonly controller: string;
  readonly service: string;
  /** Name of the Service's port, and its protocol. */
  readonly port: string;
  readonly protocol: string;
}

const FREE: Reach = { state: 'allowed', total: 0, closedTo: 0, closed: null, doubt: null, reason: '' };

/** Makes the key of {@link reach}. */
function reachKey({ controller, service, port, protocol }: ReachKey): string {
  return JSON.stringify([controller, service, port, protocol]);
}

/** Policies that may close the way from a controller into a namespace (key: `NAMESPACE/CONTROLLER`). */
const policiesBetween: Query<readonly NetworkPolicy[]> = {
  name: 'policies-between',
  level: 3,
  compute: (read, key) => {
    if (!known(read, 'networkpolicies').known) return [];
    const { namespace, name: controller } = splitKey(key);
    const into = read.query(namespacePolicies, namespace).filter((policy) => policy.isolatesIngress);
    const sources = read.query(controllerEnds, controller);
    const homes = new Set(sources.flatMap(({ end }) => (end.kind === 'pod' ? [end.namespace] : [])));
    const out = [...homes].flatMap((home) =>
      read.query(namespacePolicies, home).filter((policy) => policy.isolatesEgress),
    );
    return [...into, ...out];
  },
};

/**
 * Judged by one representative of pods that policies cannot tell apart. Where nobody isolates either side no pod is looked at.
 * What policies there are cannot be known while they cannot be read: then nothing is claimed.
 */
const reach: Query<Reach> = {
  name: 'policy-reach',
  level: 4,
  compute: (read, key) => {
    const [controller, service, port, protocol] = JSON.parse(key) as [string, string, string, string];
    const { namespace } = splitKey(service);
    const policies = read.query(policiesBetween, objectKey(namespace, controller));
    const sources = read.query(controllerEnds, controller);
    if (policies.length === 0 || sources.length === 0) return FREE;
    const pods = known(read, 'pods');
    if (!pods.known) return { ...FREE, state: 'unknown', reason: pods.reason };
    const targets = backendEnds(read, service, { name: port });
    return sum(
      targets.map((to) => ({
        to,
        ways: sources.map((from) => {
          const arrival = { to: to.end, port: to.port, protocol };
          return { from, verdict: mayReach(policies, from.end, arrival) };
        }),
      })),
    );
  },
};

interface Ways {
  readonly to: EndGroup;
  readonly ways: readonly { readonly from: EndGroup; readonly verdict: PolicyVerdict }[];
}

function sum(targets: readonly Ways[]): Reach {
  let closed: Closed | null = null;
  let doubt: Doubt | null = null;
  let [total, closedTo, open] = [0, 0, 0];
  for (const { to, ways } of targets) {
    total += to.count;
    if (ways.every(({ verdict }) => verdict.state === 'blocked')) closedTo += to.count;
    for (const { from, verdict } of ways) {
      if (verdict.state === 'blocked') closed ??= { verdict, from, to };
      // What policies say of pods on their node's network seldom holds: that is no reason to doubt the way to them.
      else if (verdict.state === 'allowed' || verdict.doubt === 'host-network-target') open++;
      else doubt ??= verdict.doubt;
    }
  }
  const state = stateOf(closed !== null, doubt !== null, open > 0);
  return { state, total, closedTo, closed, doubt: state === 'unknown' ? doubt : null, reason: '' };
}

/** Closed here and open there is a part; closed here and doubtful there is at least that. */
function stateOf(closed: boolean, doubtful: boolean, open: boolean): Reach['state'] {
  if (closed) return open || doubtful ? 'partly' : 'blocked';
  return doubtful ? 'unknown' : 'allowed';
}

/** Whether any policy stands between a controller and the pods of a namespace: in most none does. */
export function isGuarded(read: Reader, controller: string, namespace: string): boolean {
  return read.query(policiesBetween, objectKey(namespace, controller)).length > 0;
}

/** Reads the verdict for one controller and port. */
export function readReach(read: Reader, key: ReachKey): Reach {
  const { namespace } = splitKey(key.service);
  // Then there is nothing to judge for each of its ports.
  if (!isGuarded(read, key.controller, namespace)) return FREE;
  return read.query(reach, reachKey(key));
}
