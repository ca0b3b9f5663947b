/** Paths that mean something else than their author may have thought. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { dialectOf } from '@/lib/routing/dialect';
import type { Reader } from '@/lib/state/cells';
import { addressOf } from '@/lib/topology/rules';
import { ingressRef, listed, lookAt, patchAt, pathEvidence } from './ingress-parts';
import { inRegexMode, placed } from './rule-paths';

/** `rule-pathtype-implspecific` on GCE: without `/*` the path is exact (CHECKS trap 16). Elsewhere: see class-hints. */
export function gceExact(_read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  if (controller?.type !== 'gce') return [];
  const odd = placed(
    unit,
    (rule) => rule.pathType === 'ImplementationSpecific' && rule.path !== '' && !rule.path.endsWith('*'),
  );
  const first = odd[0];
  if (!first) return [];
  const rules = odd.map(({ rule }) => rule);
  const found = draft({
    code: 'rule-pathtype-implspecific',
    severity: 'warning',
    impact: 'risk',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: `${addressOf(first.rule)} is one address on GKE, not a subtree`,
    detail: `${listed(rules.map(addressOf))}: with pathType ImplementationSpecific GKE takes the path as it is written, and a subtree only with /* at its end`,
    evidence: [
      pathEvidence(ingress, first),
      evidence(ingressRef(ingress), `${first.at}.pathType`, 'ImplementationSpecific'),
    ],
    fix: {
      summary: 'Use pathType Prefix if everything below it is meant.',
      look: [lookAt(ingress)],
      change: [patchAt(ingress, `${first.at}.pathType`, 'Prefix')],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}

/** `rule-prefix-boundary`: a Prefix that ends inside a word, where the controller compares whole elements. */
export function prefixBoundary(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  const dialect = dialectOf(controller?.type ?? 'unknown');
  if (dialect.prefix !== 'segments') return [];
  const odd = placed(unit, (rule) => rule.pathType === 'Prefix' && /[\w.~-]*[-_.=~]$/.test(rule.path));
  const first = odd[0];
  if (
    !first ||
    (dialect.type === 'ingress-nginx' &&
      inRegexMode(
        read,
        odd.map(({ rule }) => rule.host),
      ))
  )
    return [];
  const found = draft({
    code: 'rule-prefix-boundary',
    severity: 'info',
    impact: 'risk',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: `${addressOf(first.rule)} does not take ${first.rule.path}x`,
    detail: `a Prefix counts whole elements between slashes: ${listed(odd.map(({ rule }) => addressOf(rule)))} takes no longer word`,
    evidence: [pathEvidence(ingress, first)],
    fix: {
      summary: 'Add the longer paths, or an expression where the controller reads them, if they are meant.',
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}
