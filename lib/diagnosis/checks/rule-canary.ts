/** Canaries of ingress-nginx, which count only beside a main rule. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Reader } from '@/lib/state/cells';
import { hostRules } from '@/lib/topology/hosts';
import { known, object } from '@/lib/topology/reads';
import { addressOf, type Rule } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import {
  annotate,
  annotationEvidence,
  ingressRef,
  isCanary,
  listed,
  lookAt,
  NGINX,
  unannotate,
} from './ingress-parts';

function kind({ pathType }: Rule): string {
  return pathType === 'Exact' ? 'Exact' : 'Prefix';
}

/** `rule-canary-orphan`: a canary is merged only where host, path and type equal a main rule's (controller.go, v1.15.1). */
export function canaryOrphan(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, key, served } = unit;
  if (unit.controller?.type !== 'ingress-nginx' || !isCanary(ingress) || !known(read, 'ingresses').known)
    return [];
  const orphans = unit.rules.filter(
    (rule) => !rule.isDefault && !hasMain(read, key, served.controllers, rule),
  );
  const first = orphans[0];
  if (!first || served.controllers.length === 0) return [];
  const found = draft({
    code: 'rule-canary-orphan',
    severity: 'broken',
    hop: 'rule',
    subject: ingressRef(ingress),
    holdMs: OBJECT_HOLD_MS,
    title: symptomTitle(orphans, 'canary without a main rule', `Canary ${ingress.name} has no main Ingress`),
    detail: `${listed(orphans.map(addressOf))}: no other Ingress of this controller has the same host, path and pathType, so ingress-nginx leaves the canary out`,
    evidence: [annotationEvidence(ingress, `${NGINX}canary`)],
    fix: {
      summary:
        'Create the main Ingress first, with the same host, path and pathType; or let this one be the main one.',
      look: [lookAt(ingress), sh`kubectl -n ${ingress.namespace} get ingress`],
      change: [unannotate(ingress, `${NGINX}canary`)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: orphans.map((rule) => rule.id), status: 'broken' }];
}

function hasMain(read: Reader, key: string, controllers: readonly string[], rule: Rule): boolean {
  return read.query(hostRules, rule.host).some((other) => {
    if (other.ingress === key || other.rule.path !== rule.path || kind(other.rule) !== kind(rule))
      return false;
    const ingress = object(read, 'ingresses', other.ingress);
    if (!ingress || isCanary(ingress)) return false;
    const by = read.query(serving, other.ingress);
    // What may be served by the same controller may be the main rule.
    return (
      [...by.controllers, ...by.maybe].some((id) => controllers.includes(id)) || by.problem === 'unknown'
    );
  });
}

/** What is wrong with a canary's weight; null: nothing. */
function weightFault(annotations: Readonly<Record<string, string>>): string | null {
  const get = (name: string) => annotations[`${NGINX}canary-${name}`];
  const byRequest = get('by-header') ?? get('by-cookie');
  const [weight, total] = [get('weight'), get('weight-total') ?? '100'];
  if (weight === undefined) return byRequest === undefined ? 'it names no weight, header or cookie' : null;
  if (!/^\d+$/.test(weight)) return `its weight ${weight} is no number`;
  if (!/^\d+$/.test(total)) return `its weight-total ${total} is no number`;
  if (Number(weight) > Number(total)) return `its weight ${weight} is more than the total ${total}`;
  return Number(weight) === 0 && byRequest === undefined
    ? 'its weight is 0, and it names no header or cookie'
    : null;
}

/** `rule-canary-weight`: a canary that gets nothing, or whose share cannot be read. */
export function canaryWeight(_read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  if (controller?.type !== 'ingress-nginx' || !isCanary(ingress)) return [];
  const fault = weightFault(ingress.annotations);
  if (fault === null) return [];
  const found = draft({
    code: 'rule-canary-weight',
    severity: 'info',
    impact: 'risk',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: `Canary ${ingress.name}: ${fault}`,
    detail: `${fault}: the main Service gets what was meant for the canary, or more than was meant goes to it`,
    evidence: [annotationEvidence(ingress, `${NGINX}canary-weight`)],
    fix: {
      summary:
        'Give it a weight from 0 to the total (100 unless canary-weight-total says otherwise), or a header or cookie.',
      look: [lookAt(ingress)],
      change: [annotate(ingress, `${NGINX}canary-weight`, '10')],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}
