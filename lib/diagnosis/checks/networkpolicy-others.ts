/** `networkpolicy-foreign-applies`: policies that are not evaluated are for the pods behind a rule: unknown, not ok (TRUTH). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { foreignConcerns } from '@/lib/diagnosis/foreign-concerns';
import { type Backend, backendsOf } from '@/lib/diagnosis/policy-ways';
import { listed } from '@/lib/diagnosis/policy-words';
import { serviceRefOfKey } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Reader } from '@/lib/state/cells';
import { type Concern, mayBeConcerned } from '@/lib/topology/foreign-policies';

/** The most policies that are named. */
const MOST = 5;

/** Every Service that an Ingress leads to, once. */
export function policiesOfOthers(read: Reader, unit: IngressUnit): readonly Found[] {
  if (!unit.controller) return [];
  // A Service and its Ingress share a namespace.
  if (!mayBeConcerned(read, unit.ingress.namespace)) return [];
  const services = new Map<string, Backend[]>();
  for (const backend of backendsOf(read, unit)) {
    const same = services.get(backend.service);
    if (same) same.push(backend);
    else services.set(backend.service, [backend]);
  }
  return [...services].flatMap(([service, backends]): readonly Found[] => {
    const concerned = backends.flatMap((backend) => {
      const found = foreignConcerns(read, service, [backend.port.name]);
      return found.length > 0 ? [backend] : [];
    });
    if (concerned.length === 0) return [];
    const names = concerned.map(({ port }) => port.name);
    const found = doubt(read, service, concerned, foreignConcerns(read, service, names));
    const rules = concerned.flatMap((backend) => backend.rules.map((rule) => rule.id));
    return [{ draft: found, status: 'unknown', rules, at: 'route' }];
  });
}

function nameOf({ ref: { kind, namespace, name } }: Concern): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

function look({ ref: { group, resource, namespace, name } }: Concern): string {
  const type = `${resource}.${group}`;
  return namespace === ''
    ? sh`kubectl get ${type} ${name} -o yaml`
    : sh`kubectl -n ${namespace} get ${type} ${name} -o yaml`;
}

function doubt(
  read: Reader,
  service: string,
  backends: readonly Backend[],
  policies: readonly Concern[],
): Draft {
  const subject = serviceRefOfKey(read, service);
  const named = policies.slice(0, MOST);
  const sure = policies.some((policy) => policy.sure);
  return draft({
    code: 'networkpolicy-foreign-applies',
    severity: 'warning',
    state: 'unknown',
    hop: 'networkpolicy',
    subject,
    holdMs: OBJECT_HOLD_MS,
    affects: affected(
      backends.flatMap(({ rules }) => rules),
      null,
    ),
    related: policies.slice(0, 50).map(({ ref }) => ref),
    title: `Whether policies of other kinds let traffic in to Service ${subject.name} is not known`,
    detail: `${listed(policies.map(nameOf), MOST)} ${sure ? 'select' : 'may select'} pods behind Service ${subject.name} for incoming traffic; policies of other kinds than NetworkPolicy are not evaluated`,
    evidence: named.map(({ ref, sure: certain }) =>
      evidence(ref, 'selector', certain ? 'selects these pods' : 'may select these pods'),
    ),
    fix: {
      summary: 'Read these policies: do they let the controller’s pods in on the port of the pod?',
      look: named.map(look),
    },
  });
}
