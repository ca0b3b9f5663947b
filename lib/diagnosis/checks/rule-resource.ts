/** Backends that are no Services (Ingress v1, `backend.resource`). */
import type { ControllerType } from '@/lib/controllers/types';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence, findingId } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { affected, symptomTitle } from '@/lib/diagnosis/symptoms';
import type { KindName } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { RESOURCES, refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { known, object } from '@/lib/topology/reads';
import { addressOf, type Rule } from '@/lib/topology/rules';
import { backendWords, ingressRef, listed, lookAt, placedRules } from './ingress-parts';

/** What those do that take no resource backends (SEMANTICS 1.1; CHECKS `rule-resource-backend-unsupported`). */
const REFUSES: Readonly<Partial<Record<ControllerType, string>>> = {
  'ingress-nginx': 'sends the requests to its default backend',
  traefik: 'leaves the path out',
  'aws-alb': 'cannot build the load balancer',
  haproxytech: 'takes Services only',
  'haproxy-ingress': 'takes Services only',
  contour: 'leaves the path out',
  gce: 'fails to carry out the whole Ingress',
};

/** `rule-resource-backend-unsupported`; unknown where we do not know what the controller does with them. */
export function resourceUnsupported(_read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  const odd = placedRules(ingress, unit.rules).filter(({ rule }) => rule.backend?.type === 'resource');
  const first = odd[0];
  if (!first || !controller) return [];
  const rules = odd.map(({ rule }) => rule);
  const refuses = REFUSES[controller.type];
  const found = draft({
    code: 'rule-resource-backend-unsupported',
    severity: refuses ? 'broken' : 'warning',
    state: refuses ? 'open' : 'unknown',
    hop: 'rule',
    subject: ingressRef(ingress),
    affects: affected(rules, null),
    title: refuses
      ? symptomTitle(rules, 'resource backend not served', `Ingress ${ingress.name} has a resource backend`)
      : `Whether ${controller.name} serves ${backendWords(first.rule.backend)} is not known`,
    detail: refuses
      ? `${listed(rules.map(addressOf))}: the backend is a ${backendWords(first.rule.backend)}, and ${controller.name} ${refuses}`
      : `${listed(rules.map(addressOf))}: few controllers serve resource backends, and what ${controller.name} does with them is not known here`,
    evidence: [
      evidence(ingressRef(ingress), `${first.at}.backend.resource`, backendWords(first.rule.backend)),
    ],
    fix: {
      summary: 'Use a Service as backend, or a controller that serves this kind.',
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return [
    { draft: found, rules: rules.map((rule) => rule.id), ...(refuses ? { status: 'broken' as const } : {}) },
  ];
}

/** The watched resource of a backend; ConfigMaps and Secrets are read by name only, so their absence is not seen. */
function watchedKind(group: string, kind: string): KindName | null {
  const row = RESOURCES.find((one) => one.group === group && one.kind === kind && one.namespaced);
  return row && row.id !== 'configmaps' && row.id !== 'secrets' ? row.id : null;
}

/** `rule-resource-backend-missing`: only kinds that we watch can be called missing. */
export function resourceMissing(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  const groups = Map.groupBy(
    unit.rules.filter((rule) => rule.backend?.type === 'resource'),
    (rule) => JSON.stringify(rule.backend),
  );
  return [...groups.values()].flatMap((rules) => {
    const backend = rules[0]?.backend;
    if (backend?.type !== 'resource' || !controller) return [];
    const kind = watchedKind(backend.group, backend.kind);
    if (
      kind === null ||
      !known(read, kind).known ||
      object(read, kind, objectKey(ingress.namespace, backend.name))
    )
      return [];
    return [missing(unit, kind, backend.name, rules, REFUSES[controller.type] !== undefined)];
  });
}

function missing(
  { ingress }: IngressUnit,
  kind: KindName,
  name: string,
  rules: readonly Rule[],
  refused: boolean,
): Found {
  const subject = refOf(kind, ingress.namespace, name);
  const found = draft({
    code: 'rule-resource-backend-missing',
    severity: 'broken',
    hop: 'rule',
    subject,
    // It is not served either way: that comes first.
    cause: refused ? findingId('rule-resource-backend-unsupported', ingressRef(ingress)) : null,
    related: [ingressRef(ingress)],
    title: symptomTitle(rules, `${subject.kind} ${name} not found`, `${subject.kind} ${name} not found`),
    detail: `${listed(rules.map(addressOf))}: the backend is ${subject.kind} ${name}, which does not exist in ${ingress.namespace}`,
    evidence: [evidence(subject, 'metadata.name', 'not found')],
    fix: {
      summary: 'Create the object, or use a Service as backend.',
      look: [sh`kubectl -n ${ingress.namespace} get ${subject.resource}`, lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return { draft: found, rules: rules.map((rule) => rule.id), status: 'broken' };
}
