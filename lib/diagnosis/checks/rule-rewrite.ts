/** Rewrites of ingress-nginx (SEMANTICS 2.1, v1.15.1). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import { rewriteTarget } from '@/lib/routing/paths';
import { captureGroups, REGEX_MARKS } from '@/lib/routing/regex';
import type { Reader } from '@/lib/state/cells';
import { addressOf } from '@/lib/topology/rules';
import {
  annotate,
  annotationEvidence,
  counted,
  ingressRef,
  isCanary,
  isSolver,
  listed,
  lookAt,
  NGINX,
  pathEvidence,
  placedRules,
} from './ingress-parts';

/** The annotation that rewrites paths. */
export const TARGET = `${NGINX}rewrite-target`;

/** Whether ingress-nginx reads the annotations of an Ingress: those of a canary it does not. */
export function isNginx({ controller, ingress }: IngressUnit): boolean {
  return controller?.type === 'ingress-nginx' && !isCanary(ingress) && !isSolver(ingress);
}

/** Numbers that a rewrite target refers to. */
function references(target: string): readonly number[] {
  return [...target.matchAll(/\$\{?(\d)/g)].map((found) => Number(found[1]));
}

/** `rule-rewrite-no-capture`: everything below a path becomes one address. */
export function rewriteNoCapture(_read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress } = unit;
  const target = rewriteTarget(ingress.annotations);
  if (!isNginx(unit) || target === null || /\$/.test(target)) return [];
  const odd = placedRules(ingress, unit.rules).filter(
    ({ rule }) =>
      !rule.isDefault &&
      rule.pathType !== 'Exact' &&
      rule.path.replace(/\/$/, '').length > 1 &&
      !rule.path.endsWith('$'),
  );
  const first = odd[0];
  if (!first) return [];
  const rules = odd.map(({ rule }) => rule);
  const base = first.rule.path.replace(/\/$/, '');
  const found = draft({
    code: 'rule-rewrite-no-capture',
    severity: 'warning',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: symptomTitle(
      rules,
      `${target} for every path below`,
      `Ingress ${ingress.name} rewrites every path to ${target}`,
    ),
    detail: `rewrite-target ${target} names no group, so ${listed(rules.map(addressOf))} and everything below is asked of the backend as ${target}: its scripts and styles too`,
    evidence: [annotationEvidence(ingress, TARGET), pathEvidence(ingress, first)],
    fix: {
      summary: REGEX_MARKS.test(base)
        ? 'Refer to the group that holds the rest of the path, unless one page is meant.'
        : `To strip the prefix, use path ${base}(/|$)(.*) with pathType ImplementationSpecific and rewrite-target /$2; leave it if one page is meant.`,
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: rules.map((rule) => rule.id) }];
}

/** `rule-rewrite-capture-out-of-range`: the rest of the path is lost. `broken` where no path of the Ingress has the group. */
export function rewriteOutOfRange(_read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress } = unit;
  const target = rewriteTarget(ingress.annotations);
  if (target === null || !isNginx(unit)) return [];
  const highest = Math.max(0, ...references(target));
  if (highest === 0) return [];
  const own = placedRules(ingress, unit.rules).filter(({ rule }) => !rule.isDefault);
  const odd = own.filter(({ rule }) => captureGroups(rule.path) < highest);
  const first = odd[0];
  if (!first) return [];
  const rules = odd.map(({ rule }) => rule);
  const all = odd.length === own.length;
  const groups = captureGroups(first.rule.path);
  const found = draft({
    code: 'rule-rewrite-capture-out-of-range',
    severity: all ? 'broken' : 'degraded',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: symptomTitle(
      rules,
      `rewritten to ${emptied(target, groups)}`,
      `Ingress ${ingress.name} loses its paths`,
    ),
    detail: `rewrite-target ${target} refers to group ${highest}; ${listed(rules.map(addressOf))} has ${counted(groups, 'group')}, so the rest of the path is dropped`,
    evidence: [annotationEvidence(ingress, TARGET), pathEvidence(ingress, first)],
    fix: {
      summary:
        groups > 0 && all
          ? `Refer to a group that exists: ${target.replaceAll(`$${highest}`, `$${groups}`)}.`
          : 'Give the path as many groups as the target refers to, or put it into an Ingress of its own.',
      look: [lookAt(ingress)],
      change:
        groups > 0 && all ? [annotate(ingress, TARGET, target.replaceAll(`$${highest}`, `$${groups}`))] : [],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: rules.map((rule) => rule.id), status: all ? 'broken' : 'degraded' }];
}

/** The target as nginx fills it: a group that is not there is empty. */
function emptied(target: string, groups: number): string {
  return target.replace(/\$\{?(\d)\}?/g, (all, n) => (Number(n) <= groups ? all : '')) || '/';
}
