/** Whether a cloud's load balancer takes pods for healthy: readiness gates, and Google's annotation. */
import type { Found, IngressUnit, ServiceUnit } from '@/lib/diagnosis/check';
import { CLOUD_HOLD_MS, draft, evidence } from '@/lib/diagnosis/draft';
import { eventEvidence, freshEvents } from '@/lib/diagnosis/events';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Pod } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { readEndpoints } from '@/lib/topology/endpoints';
import { members, object } from '@/lib/topology/reads';

interface Gate {
  readonly code: string;
  readonly prefix: string;
  readonly title: string;
  readonly fix: string;
}

const GATES: readonly Gate[] = [
  {
    code: 'lb-gce-neg-unattached',
    prefix: 'cloud.google.com/load-balancer-neg-ready',
    title: 'are not attached to their network endpoint group',
    fix: 'See the events of the Service and of its ServiceNetworkEndpointGroup: the NEG controller says why.',
  },
  {
    code: 'lb-aws-target-unhealthy',
    prefix: 'target-health.elbv2.k8s.aws/',
    title: 'are not healthy to the AWS load balancer',
    fix: 'Correct the path and port of its health check, or the security groups between it and the pods.',
  },
];

/** `lb-gce-neg-unattached` and `lb-aws-target-unhealthy`: a readiness gate that stays shut for five minutes. */
export function shutGates(read: Reader, { key, service, live }: ServiceUnit): readonly Found[] {
  // Few pods have gates: elsewhere nobody's pods are looked at for them.
  if (members(read, 'pods-gated', service.namespace).length === 0) return [];
  const pods = [...new Set(readEndpoints(read, key).endpoints.flatMap(({ pod }) => pod ?? []))].flatMap(
    (name) => object(read, 'pods', name) ?? [],
  );
  return GATES.flatMap((gate): Found[] => {
    const gated = pods.filter((pod) => pod.deleting === null && gateOf(pod, gate) !== null);
    const shut = gated.filter((pod) => isShut(read, pod, gate));
    const [first] = shut;
    if (!first) return [];
    const subject = refOf('services', service.namespace, service.name, service.uid);
    const state = conditionOf(first, gate);
    const found = draft({
      code: gate.code,
      severity:
        gate.code === 'lb-aws-target-unhealthy' && shut.length === gated.length ? 'broken' : 'degraded',
      hop: 'loadbalancer',
      subject,
      related: shut.slice(0, 50).map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
      affects: affected(
        live.map(({ rule }) => rule),
        null,
      ),
      title: `Pods of Service ${service.name} ${gate.title}`,
      detail: `${shut.length} of ${gated.length} pods wait for ${gateOf(first, gate)} since more than five minutes${state?.message ? `: ${state.message}` : ''}`,
      evidence: shut
        .slice(0, 5)
        .map((pod) =>
          evidence(
            refOf('pods', pod.namespace, pod.name, pod.uid),
            `status.conditions[${gateOf(pod, gate)}].status`,
            conditionOf(pod, gate)?.status ?? 'missing',
            conditionOf(pod, gate)?.since ?? null,
          ),
        ),
      fix: {
        summary: gate.fix,
        look: [
          sh`kubectl -n ${first.namespace} describe pod ${first.name}`,
          sh`kubectl -n ${service.namespace} describe service ${service.name}`,
        ],
        managedBy: managedBy(service),
      },
    });
    return [{ draft: found }];
  });
}

function gateOf(pod: Pod, { prefix }: Gate): string | null {
  return pod.readinessGates.find((name) => name.startsWith(prefix)) ?? null;
}

function conditionOf(pod: Pod, gate: Gate) {
  const name = gateOf(pod, gate);
  return pod.conditions.find(({ type }) => type === name);
}

/** Its containers are well, and the gate is not open five minutes after it was last written, or the pod was made. */
function isShut(read: Reader, pod: Pod, gate: Gate): boolean {
  const condition = conditionOf(pod, gate);
  if (condition?.status === 'True') return false;
  const containers = pod.conditions.find(({ type }) => type === 'ContainersReady');
  if (containers?.status === 'False') return false;
  const since = condition?.since ?? containers?.since ?? pod.created;
  return since !== null && read.reached(since + CLOUD_HOLD_MS);
}

const BACKENDS = 'ingress.kubernetes.io/backends';
const UNKNOWN_MS = 10 * 60_000;

/** `lb-gce-backend-unhealthy`: what GKE writes on the Ingress of its backends' health. */
export function gceBackends(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  const text = ingress.annotations[BACKENDS];
  if (controller?.type !== 'gce' || text === undefined) return [];
  const health = Object.entries(parsed(text));
  const bad = health.filter(([, state]) => state === 'UNHEALTHY');
  const unsure = health.filter(([, state]) => /^unknown$/i.test(state));
  const old = ingress.created !== null && read.reached(ingress.created + UNKNOWN_MS);
  if (bad.length === 0 && !(old && unsure.length > 0)) return [];
  const severity = bad.length === 0 ? 'warning' : bad.length === health.length ? 'broken' : 'degraded';
  const subject = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  const concerned = bad.length > 0 ? bad : unsure;
  const found = draft({
    code: 'lb-gce-backend-unhealthy',
    severity,
    hop: 'loadbalancer',
    subject,
    title: `Google’s load balancer takes backends of Ingress ${ingress.name} for ${bad.length > 0 ? 'unhealthy' : 'unknown'}`,
    detail: `${concerned.length} of ${health.length} backends: ${concerned
      .slice(0, 5)
      .map(([name, state]) => `${name} ${state}`)
      .join(', ')}`,
    evidence: [
      evidence(subject, `metadata.annotations[${BACKENDS}]`, text.slice(0, 500)),
      ...freshEvents(read, { kind: 'Ingress', ...ingress }, 60 * 60_000)
        .slice(0, 2)
        .map(eventEvidence),
    ],
    fix: {
      summary:
        'The path of the health check must answer 200, and the firewall must let 35.191.0.0/16 and 130.211.0.0/22 in.',
      look: [sh`kubectl -n ${ingress.namespace} describe ingress ${ingress.name}`],
      managedBy: managedBy(ingress),
    },
    holdMs: CLOUD_HOLD_MS,
  });
  return [{ draft: found, ...(severity === 'warning' ? {} : { status: severity }) }];
}

/** Names → states; anything odd is nothing. */
function parsed(text: string): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}
