/** Hints about policies, one finding for each namespace: `networkpolicy-missing`, `-allow-all`, `-dangling`, `-peer-empty`. */
import type { Found, NamespaceUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { type Odd, policyHygiene } from '@/lib/diagnosis/policy-hygiene';
import { listed, policyRef } from '@/lib/diagnosis/policy-words';
import { sh } from '@/lib/diagnosis/shell';
import { objectKey, type Ref, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { mayBeConcerned } from '@/lib/topology/foreign-policies';
import type { Severity } from '@/lib/topology/model';
import { enforcement, foreignPolicies } from '@/lib/topology/policy-enforcement';
import { object, serverFact } from '@/lib/topology/reads';

/** What is odd about the policies of a namespace, and whether there are any. */
export function networkPolicyHygiene(read: Reader, { namespace }: NamespaceUnit): readonly Found[] {
  const facts = read.query(policyHygiene, namespace);
  const subject = refOf(
    'namespaces',
    '',
    namespace,
    object(read, 'namespaces', objectKey('', namespace))?.uid,
  );
  const missing = missingDraft(read, subject, facts.unguarded, facts.guarded);
  const drafts = [
    ...(missing ? [missing] : []),
    ...oddities(subject, facts.allowAll, {
      code: 'networkpolicy-allow-all',
      severity: 'warning',
      one: 'lets everyone in to all pods',
      many: 'let everyone in to all pods',
      summary: 'Name the namespace of the controller, and the port, in place of the empty rule.',
    }),
    ...oddities(subject, facts.dangling, {
      code: 'networkpolicy-dangling',
      severity: 'info',
      one: 'selects no pod',
      many: 'select no pod',
      summary:
        'Correct the pod selector, or delete the policy; pods of a Job that runs now and then may have these labels.',
    }),
    ...oddities(subject, facts.emptyPeers, {
      code: 'networkpolicy-peer-empty',
      severity: 'warning',
      one: 'names a peer that matches nothing',
      many: 'name peers that match nothing',
      summary: 'Use labels that the namespaces and pods have.',
    }),
  ];
  return drafts.map((found) => ({ draft: found }));
}

interface Words {
  readonly code: string;
  readonly severity: Severity;
  readonly one: string;
  readonly many: string;
  readonly summary: string;
}

function oddities(subject: Ref, odd: readonly Odd[], words: Words): readonly Draft[] {
  const first = odd[0];
  if (!first) return [];
  const policies = [...new Map(odd.map(({ policy }) => [policy.name, policy])).values()];
  const { name: namespace } = subject;
  return [
    draft({
      code: words.code,
      severity: words.severity,
      impact: 'risk',
      hop: 'networkpolicy',
      subject,
      related: policies.slice(0, 50).map(policyRef),
      title:
        policies.length === 1
          ? `NetworkPolicy ${first.policy.name} ${words.one}`
          : `${policies.length} NetworkPolicies of ${namespace} ${words.many}`,
      detail: listed(
        odd.map(({ policy, path, why }) => `${policy.name} (${path}): ${why}`),
        3,
      ),
      evidence: odd.slice(0, 10).map(({ policy, path, why }) => evidence(policyRef(policy), path, why)),
      fix: {
        summary: words.summary,
        look: [
          sh`kubectl -n ${namespace} get networkpolicies -o wide`,
          sh`kubectl -n ${namespace} get pods --show-labels`,
        ],
        managedBy: managedBy(first.policy),
      },
    }),
  ];
}

/** Policies of kinds that are not read may guard them: then it is not known. */
function missingDraft(
  read: Reader,
  subject: Ref,
  services: readonly string[],
  guarded: number,
): Draft | null {
  const server = serverFact(read);
  const holds = read.query(enforcement, '');
  if (services.length === 0 || !server?.groups || holds.state === 'not-enforced' || !holds.seen) return null;
  const { kinds } = read.query(foreignPolicies, '');
  const names = services.map((key) => splitKey(key).name);
  const count = services.length === 1 ? `Service ${names[0]}` : `${services.length} Services`;
  const rest = guarded > 0 ? `; ${guarded} others are guarded` : '';
  const others = kinds.length > 0 || mayBeConcerned(read, subject.name);
  const whose =
    kinds.length > 0 ? `${kinds.join(', ')} objects, which are not read,` : 'policies of other kinds';
  const unless = others ? `; ${whose} may guard them` : '';
  return draft({
    code: 'networkpolicy-missing',
    severity: 'info',
    impact: 'risk',
    state: others ? 'unknown' : 'open',
    hop: 'networkpolicy',
    subject,
    related: services
      .slice(0, 50)
      .map((key) => refOf('services', splitKey(key).namespace, splitKey(key).name)),
    title: `No NetworkPolicy guards pods behind ${count} in ${subject.name}`,
    detail: `any pod of the cluster may reach the pods behind ${listed(names)}, past the controller${rest}${unless}`,
    evidence: [
      evidence(subject, 'networkpolicies', guarded > 0 ? 'none selects these pods' : 'none isolates ingress'),
    ],
    fix: {
      summary: 'Deny by default in this namespace, and let the controller in to the ports of its backends.',
      look: [sh`kubectl -n ${subject.name} get networkpolicies`],
    },
  });
}
