/** A Service port without any endpoint: why, down to the deepest cause known. */

import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { judge, podFindings } from '@/lib/diagnosis/pod-groups';
import { type PortContext, type PortFinding, selectedPods, serviceRef } from '@/lib/diagnosis/port-context';
import type { Pod, Workload } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/query-engine';
import { known } from '@/lib/topology/reads';
import { workloadsOfNamespace } from '@/lib/topology/workloads';
import { podsCommand, portWord, slicesCommand } from './not-ready';
import { portUnresolved } from './port-unresolved';
import { scaledToZero } from './scaled-to-zero';
import { selectorNoMatch } from './selector-no-match';

/** `service-no-endpoints` with its cause (CHECKS, hops service, endpoints, pod). */
export function emptyFindings(read: Reader, context: PortContext): PortFinding {
  const { service } = context;
  if (service.selector === null)
    return {
      status: 'broken',
      drafts: [noEndpoints(context, null, 'it has no selector, and no EndpointSlice gives it endpoints')],
    };
  if (!known(read, 'pods').known) return { status: 'unknown', drafts: [] };
  const pods = selectedPods(read, service);
  if (pods.length > 0) return withPods(read, context, pods);
  const workloads = workloadsOfNamespace(read, service.namespace).filter((workload) =>
    matchesLabels(service.selector ?? {}, workload.templateLabels),
  );
  if (workloads.length === 0) {
    const cause = selectorNoMatch(read, context);
    return { status: 'broken', drafts: [noEndpoints(context, cause, 'its selector matches no pod'), cause] };
  }
  const idle = workloads.filter((workload) => workload.replicas === 0);
  if (idle.length === workloads.length) return nobodyAtWork(read, context, idle[0] as Workload);
  const names = workloads.map((workload) => `${workload.kind} ${workload.name}`).join(', ');
  return { status: 'broken', drafts: [noEndpoints(context, null, `${names} has created no pod yet`)] };
}

function nobodyAtWork(read: Reader, context: PortContext, workload: Workload): PortFinding {
  const { draft: cause, explained } = scaledToZero(read, workload);
  const symptom = noEndpoints(context, cause, `${workload.kind} ${workload.name} is scaled to zero`);
  if (explained === 'no') return { status: 'broken', drafts: [symptom, cause] };
  const severity = 'warning' as const;
  const state = explained === 'unknown' ? ('unknown' as const) : ('open' as const);
  return {
    status: explained === 'unknown' ? 'unknown' : 'warning',
    drafts: [{ ...symptom, severity, state }, cause],
  };
}

function withPods(read: Reader, context: PortContext, pods: readonly Pod[]): PortFinding {
  const unresolved = portUnresolved(context, pods);
  if (unresolved)
    return {
      status: 'broken',
      drafts: [noEndpoints(context, unresolved, 'its target port resolves on none of its pods'), unresolved],
    };
  const judged = judge(read, pods);
  const causes = podFindings(read, judged);
  const starting = judged.some(({ verdict }) => verdict.state === 'starting' || verdict.state === 'ready');
  const ending = judged.every(
    ({ verdict }) => verdict.state === 'terminating' || verdict.state === 'finished',
  );
  const words = ending
    ? 'all its pods are ending'
    : starting
      ? 'its pods are starting'
      : `none of its ${pods.length} pods has an address yet`;
  const cause = causes[0] ?? null;
  return { status: 'broken', drafts: [noEndpoints(context, cause, words, pods), ...causes] };
}

function noEndpoints(
  context: PortContext,
  cause: Draft | null,
  why: string,
  pods: readonly Pod[] = [],
): Draft {
  const { service, port } = context;
  const ref = serviceRef(service);
  return draft({
    code: 'service-no-endpoints',
    severity: 'broken',
    hop: 'endpoints',
    subject: ref,
    discriminator: portWord(context),
    title: `Service ${service.name}: no endpoints`,
    detail: `${service.name}:${port.port} has no endpoints: ${why}`,
    evidence: [
      evidence(
        ref,
        `endpointslices[kubernetes.io/service-name=${service.name}].endpoints`,
        context.endpoints.slices === 0 ? 'no EndpointSlice' : '[]',
      ),
    ],
    cause: cause?.id ?? null,
    related: pods.slice(0, 20).map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    fix: {
      summary: cause ? 'Mend the cause beneath.' : 'Give the Service pods that match its selector.',
      look: [slicesCommand(context), podsCommand(context)],
    },
    // As settled as what explains it: a wrong selector is no passing state, a Service without pods yet is.
    holdMs: cause ? cause.holdMs : OBJECT_HOLD_MS,
    startedAt: cause?.startedAt ?? null,
  });
}
