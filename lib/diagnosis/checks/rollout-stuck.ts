import type { Check, Found, ServiceUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { editEvidence } from '@/lib/diagnosis/edit-evidence';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { judge, podFindings } from '@/lib/diagnosis/pod-groups';
import { selectedPods } from '@/lib/diagnosis/port-context';
import { serviceHealth } from '@/lib/diagnosis/service-health';
import { sh } from '@/lib/diagnosis/shell';
import type { Workload } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import { known, members, object } from '@/lib/topology/reads';
import { workloadOf } from '@/lib/topology/workloads';
import { harmed, usedPorts } from './service-unit';

/**
 * `workload-rollout-stuck`: a Deployment behind the Service gave up its rollout (Deployment v1, condition Progressing False,
 * ProgressDeadlineExceeded). What ails its new pods is the
 * cause. It is told where the Service still serves: there nothing else says it as loud.
 */
export const rolloutStuck: Check<ServiceUnit> = {
  name: 'workload-rollout-stuck',
  run: (read, unit) => {
    const stuckHere = members(read, 'deployments-stuck', unit.service.namespace);
    if (stuckHere.length === 0 || !known(read, 'deployments').known || !isServed(read, unit)) return [];
    return stuckHere.flatMap((key) => {
      const deployment = object(read, 'deployments', key);
      const selects = matchesLabels(unit.service.selector ?? {}, deployment?.templateLabels ?? {});
      return deployment && selects ? found(read, unit, deployment) : [];
    });
  },
};

/** Where the Service is down for it already, or cannot be judged, the findings of its endpoints and pods tell it. */
function isServed(read: Reader, unit: ServiceUnit): boolean {
  const used = new Set(usedPorts(unit).map(({ port, protocol }) => `${port}/${protocol}`));
  const ports = read
    .query(serviceHealth, unit.key)
    .ports.filter(({ port, protocol }) => used.has(`${port}/${protocol}`));
  return ports.length > 0 && ports.every(({ status }) => status === 'ok');
}

function found(read: Reader, unit: ServiceUnit, deployment: Workload): readonly Found[] {
  const affects = harmed(unit);
  const short = deployment.readyReplicas < deployment.replicas;
  const severity = short ? 'degraded' : 'warning';
  // What ails pods of a version that nobody uses yet is no worse than the rollout itself.
  const causes = failingPods(read, unit, deployment).map(
    (cause) => ({ ...cause, affects, severity }) as const,
  );
  const symptom = { ...stuck(deployment, causes[0] ?? null, short), affects };
  return [{ draft: symptom, status: severity }, ...causes.map((cause) => ({ draft: cause }))];
}

/** Looks at every pod of the namespace, which is worth it for the few rollouts that are stuck. */
function failingPods(read: Reader, { service }: ServiceUnit, deployment: Workload): readonly Draft[] {
  if (!known(read, 'pods').known) return [];
  const own = selectedPods(read, service).filter((pod) => {
    const workload = workloadOf(read, pod);
    return workload?.kind === 'Deployment' && workload.name === deployment.name;
  });
  return podFindings(read, judge(read, own));
}

function stuck(deployment: Workload, cause: Draft | null, short: boolean): Draft {
  const { namespace, name, updatedReplicas, replicas, readyReplicas } = deployment;
  const ref = refOf('deployments', namespace, name, deployment.uid);
  const progressing = deployment.conditions.find((condition) => condition.type === 'Progressing');
  const meanwhile = short
    ? `${readyReplicas} of ${replicas} pods are ready`
    : 'the pods of the old version still serve';
  return draft({
    code: 'workload-rollout-stuck',
    severity: short ? 'degraded' : 'warning',
    hop: 'pod',
    subject: ref,
    cause: cause?.id ?? null,
    title: `Deployment ${name}: its new version does not come up`,
    detail: `the rollout of Deployment ${name} went over its deadline with ${updatedReplicas} of ${replicas} pods updated; ${meanwhile}`,
    evidence: [
      evidence(
        ref,
        'status.conditions[Progressing]',
        ['ProgressDeadlineExceeded', progressing?.message ?? ''].filter((text) => text !== '').join(': '),
        progressing?.since ?? null,
      ),
      ...editEvidence(deployment),
    ],
    fix: {
      summary: cause
        ? `Mend its cause (${cause.title}), or roll back.`
        : 'Find out why its new pods are not ready, or roll back.',
      look: [
        sh`kubectl -n ${namespace} rollout status deployment/${name} --timeout=5s`,
        sh`kubectl -n ${namespace} describe deployment ${name}`,
      ],
      change: [sh`kubectl -n ${namespace} rollout undo deployment/${name}`],
      managedBy: managedBy(deployment),
    },
    startedAt: progressing?.since ?? null,
  });
}
