/** The workloads that carry a controller's traffic, and what is said of how they run. */
import type { Workload } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import { planeWorkload } from '@/lib/topology/exposure';
import { isCloud } from '@/lib/topology/hosts';
import { known, members, object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';
import type { ControllerUnit, Found } from './check';
import { controllerFacts, showWorkload } from './controller-facts';
import type { Verdict } from './draft';
import { managedBy } from './managed-by';
import { risk } from './risk';

/** The workloads that carry a controller's traffic; none where a cloud does. */
export function planes(read: Reader, { controller }: ControllerUnit): readonly Workload[] {
  if (isCloud(controller) || !controllerFacts(read, controller)) return [];
  return controller.dataPlane.flatMap((plane) => planeWorkload(read, plane) ?? []);
}

type Said = Pick<Verdict, 'code' | 'severity' | 'title' | 'detail' | 'evidence'> & {
  readonly mend: string;
  readonly look?: readonly string[];
  readonly change?: readonly string[];
};

/** A hint about a workload. */
export function practice(
  read: Reader,
  workload: Workload,
  { mend, look = [], change = [], ...said }: Said,
): Found {
  return risk({
    ...said,
    hop: 'best-practice',
    subject: workloadRef(read, workload.namespace, workload),
    fix: { summary: mend, look: [...look, showWorkload(workload)], change, managedBy: managedBy(workload) },
  });
}

/** How many nodes pods could be on; null: not known. */
export function nodeCount(read: Reader): number | null {
  const nodes = known(read, 'nodes').known ? members(read, 'nodes-all', '') : [];
  return nodes.length === 0 ? null : nodes.length;
}

/** Why more than one pod comes by itself; null: the number stands as written. */
export function scaledBy(read: Reader, { namespace, kind, name }: Workload): string | null {
  const isTarget = (target: { kind: string; name: string }) => target.kind === kind && target.name === name;
  const byHpa = members(read, 'autoscalers-of-namespace', namespace).find((key) => {
    const scaler = object(read, 'horizontalpodautoscalers', key);
    return scaler ? isTarget(scaler.target) : false;
  });
  if (byHpa !== undefined) return byHpa;
  const byKeda = members(read, 'scalers-of-namespace', namespace).find((key) => {
    const scaler = object(read, 'scaledobjects', key);
    return scaler ? isTarget({ kind: scaler.target.kind || 'Deployment', name: scaler.target.name }) : false;
  });
  return byKeda ?? null;
}

/** Whether everything that scales workloads is seen. */
export const scalersKnown = (read: Reader) =>
  known(read, 'horizontalpodautoscalers').known && known(read, 'scaledobjects').known;
