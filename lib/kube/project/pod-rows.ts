/** Pods as text from one thread to another: what a pod shares with the one before it is not said again. */
import type { Condition, Pod } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { judgedCondition } from './pod';

/** Stands for the same as in the row before. */
const SAME = 0;
type OrSame<T> = T | typeof SAME;

type Row = readonly [
  namespace: OrSame<string>,
  name: string,
  uid: string,
  created: number | null,
  deleting: number | null,
  labels: OrSame<Pod['labels']>,
  annotations: OrSame<Pod['annotations']>,
  owner: OrSame<Pod['owner']>,
  ips: Pod['ips'],
  node: string,
  hostNetwork: boolean,
  phase: OrSame<string>,
  containers: OrSame<Pod['containers']>,
  states: OrSame<Pod['states']>,
  conditions: readonly OrSame<Condition>[],
  readinessGates: OrSame<Pod['readinessGates']>,
];

/** The pods as JSON. Those of one template come one after the other, and their projection shares what they have in common. */
export function packPods(pods: readonly Pod[]): string {
  return JSON.stringify(pods.map((pod, i) => rowOf(pod, pods[i - 1])));
}

function rowOf(pod: Pod, before: Pod | undefined): Row {
  const orSame = <F extends keyof Pod>(field: F): OrSame<Pod[F]> =>
    before !== undefined && pod[field] === before[field] ? SAME : pod[field];
  return [
    orSame('namespace'),
    pod.name,
    pod.uid,
    pod.created,
    pod.deleting,
    orSame('labels'),
    orSame('annotations'),
    orSame('owner'),
    pod.ips,
    pod.node,
    pod.hostNetwork,
    orSame('phase'),
    orSame('containers'),
    orSame('states'),
    pod.conditions.map((entry, i) => (before !== undefined && entry === before.conditions[i] ? SAME : entry)),
    orSame('readinessGates'),
  ];
}

/** The pods of {@link packPods}, sharing by `interner` what `projectPod` with it would share. */
export function unpackPods(text: string, interner: Interner): readonly Pod[] {
  const pods: Pod[] = [];
  for (const row of JSON.parse(text) as readonly Row[]) pods.push(podOf(row, pods.at(-1), interner));
  return pods;
}

function podOf(row: Row, before: Pod | undefined, interner: Interner): Pod {
  const shared = <F extends keyof Pod>(
    field: F,
    told: OrSame<Pod[F]>,
    make: (told: Pod[F]) => Pod[F],
  ): Pod[F] => (told === SAME && before !== undefined ? before[field] : make(told as Pod[F]));
  const value =
    <T extends object>(place: string) =>
    (told: T): T =>
      interner.value(place, told);
  const near =
    <T extends object>(place: string) =>
    (told: T): T =>
      interner.near(place, told);
  const text = (told: string): string => interner.text(told);
  // Written out, as in its projection.
  return {
    namespace: shared('namespace', row[0], text),
    name: row[1],
    uid: row[2],
    created: row[3],
    deleting: row[4],
    labels: shared('labels', row[5], near('labels')),
    annotations: shared('annotations', row[6], value('annotations')),
    owner: shared('owner', row[7], (told) => told && interner.near('owner', told)),
    ips: row[8],
    node: interner.text(row[9]),
    hostNetwork: row[10],
    phase: shared('phase', row[11], text),
    containers: shared('containers', row[12], near('containers')),
    states: shared('states', row[13], (told) => statesOf(told, interner)),
    conditions: row[14].map((told, i) =>
      told === SAME ? (before?.conditions[i] as Condition) : conditionOf(told, interner),
    ),
    readinessGates: shared('readinessGates', row[15], value('gates')),
  };
}

/** Those that wait or ended carry a name or time of their own, as in the projection. */
function statesOf(states: Pod['states'], interner: Interner): Pod['states'] {
  const plain = states.every((state) => state.waiting === null && state.terminated === null);
  return plain ? interner.value('states', states) : states;
}

function conditionOf(told: Condition, interner: Interner): Condition {
  return judgedCondition(
    {
      type: interner.text(told.type),
      status: told.status,
      reason: interner.text(told.reason),
      message: interner.text(told.message),
      since: told.since,
    },
    interner,
  );
}
