/** Minions and masters of F5's controller (internal/k8s/configuration.go, ~5.5). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Reader } from '@/lib/state/cells';
import { known, members, object } from '@/lib/topology/reads';
import { addressOf, type Rule } from '@/lib/topology/rules';
import { annotationEvidence, ingressRef, listed, lookAt, unannotate } from './ingress-parts';

const MERGEABLE = 'nginx.org/mergeable-ingress-type';

/** `rule-mergeable-orphan`: a minion needs a master of its host, and a master has no paths (F5, configuration.go, ~5.5). */
export function mergeableOrphan(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, key } = unit;
  const type = ingress.annotations[MERGEABLE];
  if (unit.controller?.type !== 'f5-nginx' || unit.served.controllers.length === 0 || type === undefined)
    return [];
  const own = unit.rules.filter((rule) => !rule.isDefault);
  if (type === 'master')
    return own.length > 0 ? [mergeable(unit, own, 'a master has no paths of its own')] : [];
  if (type !== 'minion' || !known(read, 'ingresses').known) return [];
  const orphans = own.filter((rule) => !hasMaster(read, key, rule.host));
  return orphans.length > 0
    ? [mergeable(unit, orphans, `no master Ingress names the host ${orphans[0]?.host || '*'}`)]
    : [];
}

/** A master has no paths, so its host stands in its spec alone. */
function hasMaster(read: Reader, key: string, host: string): boolean {
  return members(read, 'ingresses-by-host', host).some(
    (other) => other !== key && object(read, 'ingresses', other)?.annotations[MERGEABLE] === 'master',
  );
}

function mergeable({ ingress }: IngressUnit, rules: readonly Rule[], why: string): Found {
  const master = ingress.annotations[MERGEABLE] === 'master';
  return {
    draft: draft({
      code: 'rule-mergeable-orphan',
      severity: 'broken',
      hop: 'rule',
      subject: ingressRef(ingress),
      holdMs: OBJECT_HOLD_MS,
      title: symptomTitle(rules, 'left out by the controller', `Ingress ${ingress.name} is left out`),
      detail: `${why}: F5's controller leaves ${listed(rules.map(addressOf))} out`,
      evidence: [
        annotationEvidence(ingress, MERGEABLE),
        evidence(ingressRef(ingress), 'spec.rules[].host', rules[0]?.host || 'not set'),
      ],
      fix: {
        summary: master
          ? 'Move the paths to minions, or take the annotation away.'
          : 'Create a master Ingress for the host (one host, no paths), or take the annotation away.',
        look: [lookAt(ingress), sh`kubectl -n ${ingress.namespace} get ingress`],
        change: [unannotate(ingress, MERGEABLE)],
        managedBy: managedBy(ingress),
      },
    }),
    rules: rules.map((rule) => rule.id),
    status: 'broken',
  };
}
