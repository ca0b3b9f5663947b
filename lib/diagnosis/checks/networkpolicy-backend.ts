/** `networkpolicy-blocks-controller` and its kin: whether the controller's pods may reach the pods behind each rule. */
import { canaryOf } from '@/lib/diagnosis/canary';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { type Closed, isGuarded } from '@/lib/diagnosis/policy-reach';
import {
  type Backend,
  backendsOf,
  carriers,
  isSolver,
  type Way,
  worstWay,
} from '@/lib/diagnosis/policy-ways';
import { partly, unseen, type Weight, weightOf } from '@/lib/diagnosis/policy-weight';
import {
  allowCommand,
  policiesDo,
  policyEvidence,
  policyRef,
  policyWords,
} from '@/lib/diagnosis/policy-words';
import { serviceRefOfKey } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { affected, symptomTitle } from '@/lib/diagnosis/symptoms';
import { splitKey } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import { planeWorkload } from '@/lib/topology/exposure';
import { known, members, object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';
import { causeOf } from './networkpolicy-cause';
import { doubtfulWay } from './networkpolicy-doubt';

/** Every backend of an Ingress, from every controller that serves it. */
export function networkPolicyToBackends(read: Reader, unit: IngressUnit): readonly Found[] {
  const controllers = carriers(read, unit);
  const { namespace } = unit.ingress;
  if (!controllers.some(({ id }) => isGuarded(read, id, namespace))) return [];
  return backendsOf(read, unit).flatMap((backend) => {
    const way = worstWay(read, controllers, backend);
    if (!way) return [];
    const { closed } = way.reach;
    return closed ? closedWay(read, unit, backend, way, closed) : doubtfulWay(read, backend, way);
  });
}

/** What a closed way is told with. */
interface Blockade {
  readonly backend: Backend;
  readonly way: Way;
  readonly closed: Closed;
  readonly weight: Weight;
  /** `canary (about 5 %)`; null for what is none. */
  readonly canary: string | null;
  readonly cause: string | null;
}

function closedWay(
  read: Reader,
  unit: IngressUnit,
  backend: Backend,
  way: Way,
  closed: Closed,
): readonly Found[] {
  const { policies, direction } = closed.verdict;
  const full = weightOf(read, policies, direction);
  const waits = isSolver(read, backend.service) ? challenged(read, unit.ingress.namespace) : 'yes';
  if (!full || waits === 'no') return [];
  const canary = canaryOf(read, unit.key);
  const part = way.partial || canary !== null;
  const weight = waits === 'unknown' ? unseen(full) : part ? partly(full) : full;
  const { port, protocol } = backend.port;
  const cause = causeOf(read, { closed, weight, servicePort: port, protocol });
  const symptom = symptomOf(read, { backend, way, closed, weight, canary, cause: cause?.id ?? null });
  const rules = backend.rules.map((rule) => rule.id);
  const told: Found = { draft: symptom, status: weight.status, rules, at: 'route' };
  return cause ? [told, { draft: cause, rules, at: 'route' }] : [told];
}

/** Whether a challenge waits to be answered; a solver that is left over harms nobody. */
function challenged(read: Reader, namespace: string): 'yes' | 'no' | 'unknown' {
  if (!known(read, 'challenges').known) return 'unknown';
  return members(read, 'challenges-of-namespace', namespace).length > 0 ? 'yes' : 'no';
}

function symptomOf(read: Reader, blockade: Blockade): Draft {
  const { backend, way, closed, weight, cause } = blockade;
  const { direction, policies } = closed.verdict;
  const out = direction === 'egress';
  const solver = isSolver(read, backend.service);
  const service = serviceRefOfKey(read, backend.service);
  const workload = controllerRef(read, way);
  const subject = out && workload ? workload : service;
  const policy = policies[0];
  return draft({
    code: out
      ? 'networkpolicy-controller-egress'
      : solver
        ? 'networkpolicy-blocks-acme-solver'
        : 'networkpolicy-blocks-controller',
    severity: weight.severity,
    state: weight.state,
    hop: 'networkpolicy',
    subject,
    ...(out ? {} : { discriminator: String(backend.port.port) }),
    cause,
    holdMs: OBJECT_HOLD_MS,
    affects: affected(backend.rules, null),
    related: [out ? service : (workload ?? service), ...policies.slice(0, 10).map(policyRef)],
    title: titleOf(blockade, solver),
    detail: detailOf(blockade),
    evidence: policyEvidence(policies, direction),
    fix: {
      summary: out
        ? `Let ${way.controller.name} out to the pods of ${service.name} on port ${closed.to.port ?? backend.port.targetPort}; it needs DNS and the API server too.`
        : `Let the pods of ${way.controller.name} in on port ${closed.to.port ?? backend.port.targetPort}, the port of the pod.`,
      look: [
        sh`kubectl -n ${closed.from.end.kind === 'pod' && out ? closed.from.end.namespace : service.namespace} get networkpolicies`,
        ...(policy ? [sh`kubectl -n ${policy.namespace} describe networkpolicy ${policy.name}`] : []),
      ],
      change: allowance(read, blockade),
      managedBy: policy ? managedBy(policy) : null,
    },
  });
}

function controllerRef(read: Reader, { controller }: Way) {
  const plane = controller.dataPlane[0];
  return plane ? workloadRef(read, plane.namespace, plane) : null;
}

function titleOf({ backend, way, closed, weight, canary }: Blockade, solver: boolean): string {
  const { name } = splitKey(backend.service);
  const who = way.controller.name;
  if (solver) return `NetworkPolicies keep the ACME challenge at ${name} from being answered`;
  if (!weight.certain)
    return closed.verdict.direction === 'egress'
      ? `NetworkPolicies would not let ${who} out to Service ${name}`
      : `NetworkPolicies would keep ${who} from Service ${name}`;
  const { total, closedTo } = way.reach;
  const part =
    closedTo > 0 && closedTo < total
      ? `no connection to ${closedTo} of ${total} pods`
      : 'partly no connection';
  const lost = way.partial ? part : 'no connection';
  const outcome = canary === null ? lost : `${canary} has ${lost}`;
  return symptomTitle(backend.rules, outcome, `Service ${name} → ${outcome}`);
}

function detailOf({ backend, way, closed, weight }: Blockade): string {
  const { direction, policies } = closed.verdict;
  const { name } = splitKey(backend.service);
  const port = `${backend.port.protocol} ${closed.to.port ?? backend.port.targetPort}`;
  const lets = policies
    .slice(0, 3)
    .map((policy) => `${policy.name} lets ${policyWords(policy, direction)}`)
    .join('; ');
  const keep = policiesDo(policies, 'keep');
  const what =
    direction === 'egress'
      ? `${keep} ${closed.from.name} from going out to the pods of Service ${name} on ${port}`
      : `${keep} ${closed.from.name} of ${way.controller.name} from the pods of Service ${name} on ${port}`;
  return `${what} (${lets} through); ${weight.words}`;
}

/** The policy that opens this way and no other: it is added to what is there. */
function allowance(read: Reader, { backend, way, closed }: Blockade): readonly string[] {
  const { from, to, verdict } = closed;
  const service = object(read, 'services', backend.service);
  const plane = way.controller.dataPlane[0];
  const own = plane ? planeWorkload(read, plane)?.selector.matchLabels : undefined;
  if (!service?.selector || !own || to.port === null || from.end.kind !== 'pod') return [];
  if (to.end.kind !== 'pod' || Object.keys(service.selector).length === 0 || Object.keys(own).length === 0)
    return [];
  const ports = [{ protocol: backend.port.protocol, port: to.port }];
  const here = { namespace: service.namespace, pods: service.selector };
  const there = { namespace: from.end.namespace, pods: own };
  const { direction } = verdict;
  const [subject, peer] = direction === 'ingress' ? [here, there] : [there, here];
  const name =
    direction === 'ingress'
      ? `allow-${way.controller.name}-to-${service.name}`
      : `allow-out-to-${service.name}`;
  return [allowCommand({ ...subject, name, direction, peers: [peer], ports })];
}
