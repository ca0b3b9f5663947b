import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { editEvidence } from '@/lib/diagnosis/edit-evidence';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod, Service, Workload } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';
import { workloadOf, workloadResource } from '@/lib/topology/workloads';

/**
 * `pod-label-mismatch-template`: a workload's template carries the labels that the Service selects, and the pods that it has
 * do not: they were made before, and its rollout has not come to them. Looks at every pod of the namespace: only for Services
 * without endpoints.
 */
export function labelMismatch(read: Reader, service: Service, workloads: readonly Workload[]): Draft | null {
  for (const workload of workloads) {
    const pods = podsOfWorkload(read, workload);
    if (pods.length > 0) return mismatch(service, workload, pods);
  }
  return null;
}

function podsOfWorkload(read: Reader, workload: Workload): readonly Pod[] {
  return members(read, 'pods-of-namespace', workload.namespace).flatMap((key) => {
    const pod = object(read, 'pods', key);
    const owner = pod ? workloadOf(read, pod) : null;
    return pod && owner?.kind === workload.kind && owner.name === workload.name ? pod : [];
  });
}

function mismatch(service: Service, workload: Workload, pods: readonly Pod[]): Draft {
  const { kind, namespace, name } = workload;
  const target = `${kind.toLowerCase()}/${name}`;
  const first = pods[0] as Pod;
  const lacking = Object.entries(service.selector ?? {})
    .filter(([key, value]) => !Object.hasOwn(first.labels, key) || first.labels[key] !== value)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  const ref = refOf(workloadResource(workload), namespace, name, workload.uid);
  return draft({
    code: 'pod-label-mismatch-template',
    severity: 'warning',
    hop: 'pod',
    subject: ref,
    related: pods.slice(0, 50).map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    title: `${kind} ${name}: its pods lack the labels of its template`,
    detail: `the template of ${kind} ${name} has ${lacking}, which Service ${service.name} selects; its ${pods.length} pods were made without`,
    evidence: [
      evidence(ref, 'spec.template.metadata.labels', workload.templateLabels),
      evidence(refOf('pods', first.namespace, first.name, first.uid), 'metadata.labels', first.labels),
      ...editEvidence(workload),
    ],
    fix: {
      summary:
        'Let the rollout finish: resume it if it is paused, mend it if it is stuck, restart it if pods wait to be deleted.',
      look: [
        sh`kubectl -n ${namespace} rollout status ${target} --timeout=5s`,
        sh`kubectl -n ${namespace} get pods --show-labels`,
      ],
      managedBy: managedBy(workload),
    },
  });
}
