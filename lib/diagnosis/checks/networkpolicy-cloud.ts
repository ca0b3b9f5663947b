/** `networkpolicy-blocks-cloud-lb`: a cloud's load balancer talks to the pods itself, and no selector ever matches it. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { endsOf, OUTSIDE } from '@/lib/diagnosis/policy-door';
import type { Closed } from '@/lib/diagnosis/policy-reach';
import { type Backend, backendsOf } from '@/lib/diagnosis/policy-ways';
import { partly, unseen, weightOf } from '@/lib/diagnosis/policy-weight';
import { policiesDo, policyEvidence, policyRef, policyWords } from '@/lib/diagnosis/policy-words';
import { serviceRefOfKey } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { affected, symptomTitle } from '@/lib/diagnosis/symptoms';
import { objectKey, splitKey } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import { admits } from '@/lib/topology/network-policy/verdict';
import { namespacePolicies } from '@/lib/topology/policy-ends';
import { known, object } from '@/lib/topology/reads';
import { causeOf } from './networkpolicy-cause';

const TARGET_TYPE = 'alb.ingress.kubernetes.io/target-type';
const NEG = 'cloud.google.com/neg';

/** The backends that the load balancer of an Ingress reaches pod by pod. */
export function networkPolicyToCloud(read: Reader, unit: IngressUnit): readonly Found[] {
  const { controller } = unit;
  if (controller?.type !== 'aws-alb' && controller?.type !== 'gce') return [];
  if (!known(read, 'networkpolicies').known) return [];
  const policies = read.query(namespacePolicies, unit.ingress.namespace);
  if (!policies.some((policy) => policy.isolatesIngress)) return [];
  return backendsOf(read, unit)
    .filter((backend) => goesToPods(read, unit, backend.service))
    .flatMap((backend) => closedBackend(read, backend));
}

/** ALB with target type ip (Service before Ingress; a class with parameters may say otherwise), GKE with container-native NEGs. */
function goesToPods(read: Reader, { ingress, controller }: IngressUnit, serviceKey: string): boolean {
  const service = object(read, 'services', serviceKey);
  if (controller?.type === 'aws-alb') {
    const named =
      ingress.className === null ? null : object(read, 'ingressclasses', objectKey('', ingress.className));
    const type = service?.annotations[TARGET_TYPE] ?? ingress.annotations[TARGET_TYPE];
    return type === 'ip' && (named === null || named?.parameters === null);
  }
  return controller?.type === 'gce' && /"ingress"\s*:\s*true/.test(service?.annotations[NEG] ?? '');
}

function closedBackend(read: Reader, backend: Backend): readonly Found[] {
  const { service, port, rules } = backend;
  const policies = read.query(namespacePolicies, splitKey(service).namespace);
  const ends = endsOf(read, service, port.name);
  const closed = ends.flatMap((to): Closed[] => {
    const verdict = admits(policies, OUTSIDE.end, { to: to.end, port: to.port, protocol: port.protocol });
    return verdict.state === 'blocked' ? [{ verdict, from: OUTSIDE, to }] : [];
  });
  const first = closed[0];
  const full = first ? weightOf(read, first.verdict.policies, 'ingress') : null;
  if (!first || !full) return [];
  const part = closed.length < ends.length ? partly(full) : full;
  const weight = known(read, 'pods').known ? part : unseen(part);
  const cause = causeOf(read, { closed: first, weight, servicePort: port.port, protocol: port.protocol });
  const subject = serviceRefOfKey(read, service);
  const shut = first.verdict.policies;
  const lets = shut.slice(0, 3).map((one) => `${one.name} lets ${policyWords(one, 'ingress')}`);
  const plain = `NetworkPolicies ${weight.certain ? '' : 'would '}keep the load balancer from Service ${subject.name}`;
  const found = draft({
    code: 'networkpolicy-blocks-cloud-lb',
    severity: weight.severity,
    state: weight.state,
    hop: 'networkpolicy',
    subject,
    discriminator: String(port.port),
    cause: cause?.id ?? null,
    holdMs: OBJECT_HOLD_MS,
    affects: affected(rules, null),
    related: shut.slice(0, 10).map(policyRef),
    title: weight.severity === 'broken' ? symptomTitle(rules, 'no connection', plain) : plain,
    detail: `the load balancer sends straight to the pods, and ${policiesDo(shut, 'name')} no address block for port ${first.to.port ?? port.targetPort} (${lets.join('; ')} through); selectors never match a load balancer; ${weight.words}`,
    evidence: policyEvidence(shut, 'ingress'),
    fix: {
      summary: `Add a rule with an ipBlock for the load balancer’s subnets on port ${first.to.port ?? port.targetPort}.`,
      look: [sh`kubectl -n ${subject.namespace} get networkpolicies -o yaml`],
      managedBy: shut[0] ? managedBy(shut[0]) : null,
    },
  });
  const ids = rules.map((rule) => rule.id);
  const told: Found = { draft: found, status: weight.status, rules: ids, at: 'route' };
  return cause ? [told, { draft: cause, rules: ids, at: 'route' }] : [told];
}
