/** Why policies close a way: a wrong port, a label that the namespace lacks, or nothing that opens it. */
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import type { Blocked, Closed } from '@/lib/diagnosis/policy-reach';
import type { Weight } from '@/lib/diagnosis/policy-weight';
import {
  labelWords,
  policyEvidence,
  policyRef,
  portWords,
  selectorWords,
} from '@/lib/diagnosis/policy-words';
import { sh } from '@/lib/diagnosis/shell';
import type { PolicyPeer, PolicyPort } from '@/lib/kube/policy-objects';
import { refOf } from '@/lib/kube/resources';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import type { PodEnd } from '@/lib/topology/network-policy/ends';
import { namedPort } from '@/lib/topology/network-policy/match';
import type { RuleMatch } from '@/lib/topology/network-policy/verdict';
import { known, members, object } from '@/lib/topology/reads';

export interface Question {
  readonly closed: Closed;
  readonly weight: Weight;
  /** Number of the Service's port, which policies never mean. */
  readonly servicePort: number;
  readonly protocol: string;
}

/** The deepest cause that can be named; null where the policies simply let in others. */
export function causeOf(read: Reader, question: Question): Draft | null {
  return portMismatch(question) ?? namespaceLabelMissing(read, question) ?? defaultDeny(question);
}

interface WrongPort {
  readonly match: RuleMatch;
  readonly index: number;
  readonly why: string;
}

function wrongPort({ closed, servicePort, protocol }: Question): WrongPort | null {
  const { to, verdict } = closed;
  if (to.port === null) return null;
  for (const match of verdict.rules) {
    if (match.peers !== 'yes' || match.ports) continue;
    const ports = match.policy[verdict.direction][match.rule]?.ports ?? [];
    for (const [index, entry] of ports.entries()) {
      const why = mistake(entry, closed, servicePort, protocol);
      if (why !== null) return { match, index, why };
    }
  }
  return null;
}

/** What is wrong with a port that a rule names; null where it may well be meant as it is. */
function mistake(entry: PolicyPort, { to }: Closed, servicePort: number, protocol: string): string | null {
  const named = portWords(entry);
  if (entry.protocol !== protocol)
    return entry.port === to.port ? `${named} is named where the pods are reached by ${protocol}` : null;
  if (entry.port === servicePort && servicePort !== to.port)
    return `${named} is the Service’s port; policies mean the pod’s, which is ${to.port}`;
  if (
    typeof entry.port === 'string' &&
    to.end.kind === 'pod' &&
    namedPort(entry.port, protocol, to.end) === null
  )
    return `no container of ${to.name} declares a port named ${entry.port}; the pod’s port is ${to.port}`;
  return null;
}

function portMismatch(question: Question): Draft | null {
  const wrong = wrongPort(question);
  if (!wrong) return null;
  const { closed, weight, protocol } = question;
  const { policy, rule } = wrong.match;
  const { direction } = closed.verdict;
  const at = `/spec/${direction}/${rule}/ports/${wrong.index}`;
  const patch = JSON.stringify([{ op: 'replace', path: at, value: { protocol, port: closed.to.port } }]);
  const subject = policyRef(policy);
  return draft({
    code: 'networkpolicy-port-mismatch',
    severity: weight.severity,
    state: weight.state,
    hop: 'networkpolicy',
    subject,
    discriminator: `${direction}/${rule}`,
    title: `NetworkPolicy ${policy.name} names a port that the pods do not listen on`,
    detail: `the rule lets the right peers through, but on another port: ${wrong.why}`,
    holdMs: OBJECT_HOLD_MS,
    evidence: [
      evidence(subject, `spec.${direction}[${rule}].ports[${wrong.index}]`, wrong.why),
      evidence(null, `port of ${closed.to.name || 'the endpoint'}`, `${protocol} ${closed.to.port}`),
    ],
    fix: {
      summary: `Name the pod’s port ${closed.to.port}, or its name, in the policy.`,
      look: [sh`kubectl -n ${policy.namespace} describe networkpolicy ${policy.name}`],
      change: [sh`kubectl -n ${policy.namespace} patch networkpolicy ${policy.name} --type=json -p ${patch}`],
      managedBy: managedBy(policy),
    },
  });
}

interface LackingPeer {
  readonly match: RuleMatch;
  readonly peer: number;
  readonly wanted: string;
}

/** A peer that was meant for the other end, but asks for a label that its namespace does not carry. */
function lackingPeer(read: Reader, { rules, direction }: Blocked, other: PodEnd): LackingPeer | null {
  for (const match of rules) {
    if (!match.ports || match.peers !== 'no') continue;
    const peers = match.policy[direction][match.rule]?.peers ?? [];
    const peer = peers.findIndex((one) => lacksLabel(read, one, other));
    const selector = peers[peer]?.namespaceSelector;
    if (selector) return { match, peer, wanted: selectorWords(selector) };
  }
  return null;
}

/** Meant for the other end: it names that namespace by another label, or names no namespace that there is. */
function lacksLabel(read: Reader, { namespaceSelector, podSelector }: PolicyPeer, other: PodEnd): boolean {
  if (!namespaceSelector || (podSelector && !matchesSelector(podSelector, other.labels))) return false;
  const { labels } = other.namespaceLabels;
  const lacks = Object.entries(namespaceSelector.matchLabels).filter(([key]) => !Object.hasOwn(labels, key));
  if (lacks.length === 0) return false;
  const meant = lacks.some(([, value]) => value === other.namespace);
  return meant || matchesNone(read, (all) => matchesSelector(namespaceSelector, all));
}

/** Whether no namespace of the cluster is matched; false where they cannot be read. */
function matchesNone(read: Reader, matches: (labels: PodEnd['labels']) => boolean): boolean {
  if (!known(read, 'namespaces').known) return false;
  const names = members(read, 'namespaces-all', '');
  return names.length > 0 && !names.some((key) => matches(object(read, 'namespaces', key)?.labels ?? {}));
}

function namespaceLabelMissing(read: Reader, { closed, weight }: Question): Draft | null {
  const { verdict } = closed;
  const other = verdict.direction === 'ingress' ? closed.from.end : closed.to.end;
  const lacking = other.kind === 'pod' ? lackingPeer(read, verdict, other) : null;
  if (!lacking || other.kind !== 'pod') return null;
  const { policy, rule } = lacking.match;
  const side = verdict.direction === 'ingress' ? 'from' : 'to';
  const at = `/spec/${verdict.direction}/${rule}/${side}/${lacking.peer}/namespaceSelector`;
  const value = { matchLabels: { 'kubernetes.io/metadata.name': other.namespace } };
  const patch = JSON.stringify([{ op: 'replace', path: at, value }]);
  const subject = policyRef(policy);
  const namespaceRef = refOf('namespaces', '', other.namespace);
  return draft({
    code: 'networkpolicy-namespace-label-missing',
    severity: weight.severity,
    state: weight.state,
    hop: 'networkpolicy',
    subject,
    discriminator: `${verdict.direction}/${rule}/${lacking.peer}`,
    related: [namespaceRef],
    title: `NetworkPolicy ${policy.name} asks for a label that namespace ${other.namespace} does not have`,
    detail: `a peer is chosen by namespaces with ${lacking.wanted}; namespace ${other.namespace} has ${labelWords(other.namespaceLabels.labels)}`,
    holdMs: OBJECT_HOLD_MS,
    evidence: [
      evidence(
        subject,
        `spec.${verdict.direction}[${rule}].${side}[${lacking.peer}].namespaceSelector`,
        lacking.wanted,
      ),
      evidence(namespaceRef, 'metadata.labels', labelWords(other.namespaceLabels.labels)),
    ],
    fix: {
      summary:
        'Choose the namespace by kubernetes.io/metadata.name, a label that the API server sets itself.',
      look: [sh`kubectl get namespace ${other.namespace} --show-labels`],
      change: [sh`kubectl -n ${policy.namespace} patch networkpolicy ${policy.name} --type=json -p ${patch}`],
      managedBy: managedBy(policy),
    },
  });
}

function defaultDeny({ closed, weight }: Question): Draft | null {
  const { direction, policies } = closed.verdict;
  const policy = policies.find((one) => one[direction].length === 0);
  if (!policy) return null;
  const subject = policyRef(policy);
  const chosen = selectorWords(policy.podSelector);
  const whom = chosen === '' ? `all pods of ${policy.namespace}` : `the pods with ${chosen}`;
  const way = direction === 'ingress' ? 'into' : 'out of';
  return draft({
    code: 'networkpolicy-default-deny',
    severity: 'info',
    state: weight.state,
    hop: 'networkpolicy',
    subject,
    discriminator: direction,
    title: `NetworkPolicy ${policy.name} denies all that no other policy allows`,
    detail: `it closes the way ${way} ${whom}, and no policy opens it for this traffic`,
    holdMs: OBJECT_HOLD_MS,
    evidence: policyEvidence(policies, direction),
    fix: {
      summary: 'Leave it as it is, and add a policy beside it that allows this traffic.',
      look: [sh`kubectl -n ${policy.namespace} get networkpolicies`],
      managedBy: managedBy(policy),
    },
  });
}
