/** What holds of many workloads at once, as one finding of their namespace. */
import type { BackendWorkload } from '@/lib/diagnosis/backend-workloads';
import type { Check, Found, NamespaceUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { sh } from '@/lib/diagnosis/shell';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { known, members, object } from '@/lib/topology/reads';

interface Said {
  readonly code: string;
  readonly title: string;
  readonly why: string;
  readonly path: string;
  readonly value: string;
  readonly mend: string;
}

function once(read: Reader, namespace: string, concerned: readonly BackendWorkload[], said: Said): Found {
  const home = object(read, 'namespaces', objectKey('', namespace));
  const names = concerned.slice(0, 5).map(({ ref }) => `${ref.kind} ${ref.name}`);
  const more = concerned.length > names.length ? ` and ${concerned.length - names.length} more` : '';
  return {
    draft: draft({
      code: said.code,
      severity: 'info',
      impact: 'risk',
      hop: 'pod',
      subject: refOf('namespaces', '', namespace, home?.uid),
      related: concerned.slice(0, 50).map(({ ref }) => ref),
      title: said.title,
      detail: `${names.join(', ')}${more}: ${said.why}`,
      evidence: concerned.slice(0, 3).map(({ ref }) => evidence(ref, said.path, said.value)),
      fix: {
        summary: said.mend,
        look: [sh`kubectl -n ${namespace} get deployments,statefulsets,daemonsets -o wide`],
      },
    }),
  };
}

function count(concerned: readonly BackendWorkload[], one: string, many: string): string {
  return `${concerned.length} ${concerned.length === 1 ? one : many}`;
}

/** `pod-no-readiness-probe`: without one a pod gets requests as soon as its containers run (Pod lifecycle, "Container probes"). */
export const noReadinessProbe: Check<NamespaceUnit> = {
  name: 'pod-no-readiness-probe',
  run: (read, { namespace, workloads }) => {
    const bare = workloads.filter(({ probed }) => !probed);
    if (bare.length === 0) return [];
    return [
      once(read, namespace, bare, {
        code: 'pod-no-readiness-probe',
        title: `${namespace}: ${count(bare, 'workload has', 'workloads have')} no readiness probe`,
        why: 'pods get requests as soon as their containers run, before the application answers',
        path: 'spec.template.spec.containers[].readinessProbe',
        value: 'none',
        mend: 'Give the container that serves a readiness probe on the port that the Service aims at.',
      }),
    ];
  },
};

/** Whether an autoscaler keeps two or more, or starts it on demand. */
function isScaled(read: Reader, { ref }: BackendWorkload): boolean {
  const hpa = members(read, 'autoscalers-of-namespace', ref.namespace).some((key) => {
    const scaler = object(read, 'horizontalpodautoscalers', key);
    return scaler?.target.kind === ref.kind && scaler.target.name === ref.name && scaler.min >= 2;
  });
  const isTarget = (kind: string, name: string) => name === ref.name && (kind === '' || kind === ref.kind);
  return (
    hpa ||
    members(read, 'scalers-of-namespace', ref.namespace).some((key) => {
      const scaler = object(read, 'scaledobjects', key);
      return scaler && isTarget(scaler.target.kind, scaler.target.name) && scaler.minReplicas !== 1;
    })
  );
}

/** `workload-single-replica`: Deployments that want one pod. A StatefulSet of one member is mostly meant. */
export const singleReplica: Check<NamespaceUnit> = {
  name: 'workload-single-replica',
  run: (read, { namespace, workloads }) => {
    const single = workloads.filter(({ ref, replicas }) => ref.kind === 'Deployment' && replicas === 1);
    if (single.length === 0) return [];
    if (!known(read, 'horizontalpodautoscalers').known || !known(read, 'scaledobjects').known) return [];
    const alone = single.filter((workload) => !isScaled(read, workload));
    if (alone.length === 0) return [];
    return [
      once(read, namespace, alone, {
        code: 'workload-single-replica',
        title: `${namespace}: ${count(alone, 'Deployment has', 'Deployments have')} one replica`,
        why: 'nobody answers while the one pod is replaced, moved or restarted',
        path: 'spec.replicas',
        value: '1',
        mend: 'Run two or more replicas, spread over nodes, with a disruption budget.',
      }),
    ];
  },
};
