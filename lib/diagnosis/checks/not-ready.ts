import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { judge, latest, podFindings } from '@/lib/diagnosis/pod-groups';
import { type PortContext, type PortFinding, podsOf, serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { known, object } from '@/lib/topology/reads';
import { workloadOf } from '@/lib/topology/workloads';

/** `service-no-ready-endpoints`: endpoints exist and none is usable; caused by what ails most of its pods. */
export function notReadyFindings(read: Reader, context: PortContext): PortFinding {
  const judged = judge(read, podsOf(read, context.alive));
  const causes = podFindings(read, judged);
  const starting = judged.length > 0 && judged.every(({ verdict }) => verdict.state === 'starting');
  const total = context.alive.length;
  const ref = serviceRef(context.service);
  const published = context.service.publishNotReadyAddresses
    ? '; publishNotReadyAddresses sends requests to them all the same'
    : '';
  const symptom = draft({
    code: 'service-no-ready-endpoints',
    severity: 'broken',
    hop: 'endpoints',
    subject: ref,
    discriminator: portWord(context),
    title: `Service ${context.service.name}: no ready endpoint`,
    detail: `0 of ${total} endpoints of ${context.service.name}:${context.port.port} ready${starting ? '; the pods are starting' : ''}${published}`,
    evidence: [
      evidence(
        ref,
        `endpointslices[kubernetes.io/service-name=${context.service.name}].endpoints[].conditions.ready`,
        `0 of ${total}`,
      ),
    ],
    cause: causes[0]?.id ?? null,
    related: judged.map(({ pod }) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    fix: {
      summary: causes[0]
        ? `Mend its cause (${causes[0].title}).`
        : 'Find out what keeps the pods from being ready.',
      look: [slicesCommand(context), podsCommand(context)],
    },
    holdMs: OBJECT_HOLD_MS,
    startedAt: latest(judged.map(({ verdict }) => verdict.since)),
  });
  return { status: 'broken', drafts: [symptom, ...causes] };
}

/**
 * `endpoints-partially-ready`: below half is degraded, above that a hint; silent while a rollout is under way (CHECKS, hop endpoints).
 */
export function partlyReadyFindings(read: Reader, context: PortContext): PortFinding {
  const { alive, ready, service } = context;
  const pods = podsOf(read, alive);
  if (pods.some((pod) => rollingOut(read, pod))) return { status: 'ok', drafts: [] };
  const judged = judge(read, pods);
  const causes = podFindings(read, judged);
  const low = ready / alive.length < 0.5;
  const blind = rolloutUnseen(read);
  const ref = serviceRef(service);
  const symptom: Draft = draft({
    code: 'endpoints-partially-ready',
    severity: blind ? 'warning' : low ? 'degraded' : 'info',
    state: blind ? 'unknown' : 'open',
    hop: 'endpoints',
    subject: ref,
    discriminator: portWord(context),
    title: `Service ${service.name}: ${ready} of ${alive.length} endpoints ready`,
    detail: `${ready} of ${alive.length} endpoints of ${service.name}:${context.port.port} ready: the others get no traffic${blind ? `; whether a rollout is under way is not known (${blind})` : ''}`,
    evidence: [
      evidence(
        ref,
        `endpointslices[kubernetes.io/service-name=${service.name}].endpoints[].conditions.ready`,
        `${ready} of ${alive.length}`,
      ),
    ],
    cause: causes[0]?.id ?? null,
    related: judged
      .filter(({ verdict }) => verdict.state !== 'ready')
      .map(({ pod }) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    fix: {
      summary: causes[0] ? `Mend its cause (${causes[0].title}).` : 'Look at the pods that are not ready.',
      look: [slicesCommand(context), podsCommand(context)],
    },
    holdMs: OBJECT_HOLD_MS,
    startedAt: latest(
      judged.filter(({ verdict }) => verdict.state !== 'ready').map(({ verdict }) => verdict.since),
    ),
  });
  return {
    status: low ? (blind ? 'unknown' : 'degraded') : 'ok',
    ...(blind ? { reason: symptom.detail } : {}),
    drafts: [symptom, ...causes.map((cause) => (low ? cause : { ...cause, severity: 'info' as const }))],
  };
}

/** Why a rollout could not be seen; null when it could. */
function rolloutUnseen(read: Reader): string | null {
  for (const resource of ['pods', 'deployments'] as const) {
    const seen = known(read, resource);
    if (!seen.known) return seen.reason;
  }
  return null;
}

/** Whether a pod's Deployment is replacing its pods and has not given up (ProgressDeadlineExceeded). */
export function rollingOut(read: Reader, pod: Pod): boolean {
  const workload = workloadOf(read, pod);
  if (workload?.kind !== 'Deployment') return false;
  const deployment = object(read, 'deployments', objectKey(pod.namespace, workload.name));
  if (!deployment) return false;
  const progressing = deployment.conditions.find((condition) => condition.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return false;
  if (progressing?.reason === 'NewReplicaSetAvailable')
    return deployment.observedGeneration < deployment.generation;
  return (
    deployment.observedGeneration < deployment.generation || deployment.updatedReplicas < deployment.replicas
  );
}

/** Discriminator of a port: findings of two ports of one Service are two findings. */
export function portWord({ service, port }: PortContext): string | undefined {
  return service.ports.length > 1 ? port.name || String(port.port) : undefined;
}

/** Shows the slices of a Service. */
export function slicesCommand({ service }: PortContext): string {
  return sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name}`;
}

/** Lists the pods that a Service selects. */
export function podsCommand({ service }: PortContext): string {
  const selector = Object.entries(service.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return selector === ''
    ? sh`kubectl -n ${service.namespace} get pods`
    : sh`kubectl -n ${service.namespace} get pods -l ${selector}`;
}
