import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { editEvidence } from '@/lib/diagnosis/edit-evidence';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Labels, Workload } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { known, members, object } from '@/lib/topology/reads';
import { workloadResource } from '@/lib/topology/workloads';

export interface ScaledToZero {
  readonly draft: Draft;
  /** Whether something explains zero: then it is no alarm (TRUTH "Empty endpoints"). */
  readonly explained: 'no' | 'yes' | 'unknown';
}

/** `workload-scaled-to-zero` (CHECKS, hop pod). KEDA, Knative, Rollouts and downscalers scale to zero on purpose. */
export function scaledToZero(read: Reader, workload: Workload): ScaledToZero {
  const why = explanation(read, workload);
  const ref = refOf(workloadResource(workload), workload.namespace, workload.name, workload.uid);
  const target = `${workload.kind.toLowerCase()}/${workload.name}`;
  const scalable = workload.kind !== 'DaemonSet';
  return {
    explained: why.explained,
    draft: draft({
      code: 'workload-scaled-to-zero',
      severity: why.explained === 'no' ? 'broken' : 'warning',
      state: why.explained === 'unknown' ? 'unknown' : 'open',
      hop: 'pod',
      subject: ref,
      title: `${workload.kind} ${workload.name} is scaled to zero`,
      detail: `${workload.kind} ${workload.name} wants 0 replicas${why.words ? `: ${why.words}` : ''}`,
      evidence: [
        evidence(ref, scalable ? 'spec.replicas' : 'status.desiredNumberScheduled', 0),
        ...editEvidence(workload),
      ],
      fix: {
        summary: summaryOf(scalable, why.explained),
        look: [
          sh`kubectl -n ${workload.namespace} get ${target}`,
          sh`kubectl -n ${workload.namespace} get events --field-selector involvedObject.name=${workload.name}`,
        ],
        // What scales it down on purpose would do so again.
        change:
          scalable && why.explained === 'no'
            ? [sh`kubectl -n ${workload.namespace} scale ${target} --replicas=2`]
            : [],
        managedBy: managedBy(workload),
      },
    }),
  };
}

function summaryOf(scalable: boolean, explained: ScaledToZero['explained']): string {
  if (explained === 'yes') return 'Nothing to mend if that is meant: it is scaled from elsewhere.';
  return scalable
    ? 'Scale it up, or find out who scaled it down.'
    : 'Its node selector matches no node: correct it or label a node.';
}

function downscalerOf(annotations: Labels): string | undefined {
  return Object.keys(annotations).find((key) => /^downscaler\/|kube-downscaler|sleepmode/.test(key));
}

function explanation(
  read: Reader,
  workload: Workload,
): { explained: 'no' | 'yes' | 'unknown'; words: string } {
  for (const key of members(read, 'scalers-of-namespace', workload.namespace)) {
    const scaler = object(read, 'scaledobjects', key);
    if (
      scaler?.target.name === workload.name &&
      (scaler.target.kind === '' || scaler.target.kind === workload.kind)
    ) {
      return { explained: 'yes', words: `KEDA ScaledObject ${scaler.name} starts it on demand` };
    }
  }
  if (workload.labels['serving.knative.dev/service'])
    return { explained: 'yes', words: 'Knative starts it on demand' };
  if (workload.owner?.kind === 'Rollout')
    return { explained: 'yes', words: `Argo Rollout ${workload.owner.name} holds it idle` };
  const downscaler = downscalerOf(workload.annotations);
  if (downscaler) return { explained: 'yes', words: `annotation ${downscaler} scales it down on a schedule` };
  const home = object(read, 'namespaces', objectKey('', workload.namespace));
  const ofAll = home ? downscalerOf(home.annotations) : undefined;
  if (ofAll)
    return {
      explained: 'yes',
      words: `annotation ${ofAll} of namespace ${workload.namespace} scales it down on a schedule`,
    };
  const homes = known(read, 'namespaces');
  if (!homes.known)
    return {
      explained: 'unknown',
      words: `its namespace may be put to sleep, which cannot be read (${homes.reason})`,
    };
  const scalers = known(read, 'scaledobjects');
  if (!scalers.known)
    return {
      explained: 'unknown',
      words: `a KEDA ScaledObject may explain it, which cannot be read (${scalers.reason})`,
    };
  return { explained: 'no', words: '' };
}
