import type { Workload } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Evidence } from '@/lib/topology/model';
import { workloadResource } from '@/lib/topology/workloads';
import { evidence } from './draft';

/** Who last changed what a workload asks for, and when: two times beside each other, no claim that one brought the other. */
export function editEvidence(workload: Workload | undefined): readonly Evidence[] {
  if (!workload?.edited) return [];
  const { manager, operation, at } = workload.edited;
  const ref = refOf(workloadResource(workload), workload.namespace, workload.name, workload.uid);
  const who = [manager || 'somebody', operation === '' ? '' : `(${operation})`].join(' ').trim();
  return [evidence(ref, 'metadata.managedFields', `last changed by ${who}`, at)];
}
