/** What the type of a path makes of it, and what its author may have meant. */

import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { regexSources } from '@/lib/diagnosis/regex-sources';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Reader } from '@/lib/state/cells';
import { hostRules } from '@/lib/topology/hosts';
import { addressOf } from '@/lib/topology/rules';
import {
  ingressRef,
  isSolver,
  listed,
  lookAt,
  NGINX,
  type PlacedRule,
  patchAt,
  pathEvidence,
  placedRules,
} from './ingress-parts';

/** The rules with a path that are wanted, with their places in the spec. */
export function placed(
  { ingress, rules }: IngressUnit,
  wanted: (rule: PlacedRule['rule']) => boolean,
): readonly PlacedRule[] {
  return placedRules(ingress, rules).filter(({ rule }) => !rule.isDefault && wanted(rule));
}

/** Whether some Ingress of these hosts makes ingress-nginx read every path there as an expression. */
export function inRegexMode(read: Reader, hosts: Iterable<string>): boolean {
  return [...new Set(hosts)].some((host) => read.query(regexSources, host).length > 0);
}

/** `rule-pathtype-wildcard`: `*` where ALB and GCE refuse it (pkg/ingress and pkg/translator, SEMANTICS 2.6 and 2.7). */
export function wildcardPath(_read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  if (controller?.type !== 'aws-alb' && controller?.type !== 'gce') return [];
  const odd = placed(unit, (rule) => rule.pathType !== 'ImplementationSpecific' && rule.path.includes('*'));
  const first = odd[0];
  if (!first) return [];
  const rules = odd.map(({ rule }) => rule);
  const plain = first.rule.path.replace(/\/?\*$/, '') || '/';
  const mendable = first.rule.pathType === 'Prefix' && !plain.includes('*');
  const found = draft({
    code: 'rule-pathtype-wildcard',
    severity: 'broken',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: symptomTitle(rules, 'refused by the controller', `Ingress ${ingress.name} has a star in its path`),
    detail: `${listed(rules.map(addressOf))}: pathType ${first.rule.pathType} may not contain *, so the whole Ingress is not carried out; what was there before stays`,
    evidence: [
      pathEvidence(ingress, first),
      evidence(ingressRef(ingress), `${first.at}.pathType`, first.rule.pathType),
    ],
    fix: {
      summary: 'Write the Prefix without the star, or use pathType ImplementationSpecific with it.',
      look: [lookAt(ingress)],
      change: mendable ? [patchAt(ingress, `${first.at}.path`, plain)] : [],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: rules.map((rule) => rule.id), status: 'broken' }];
}

const REDIRECTS = ['permanent-redirect', 'temporal-redirect', 'app-root'].map((name) => `${NGINX}${name}`);

/** `rule-pathtype-exact-suspect`: only the root, or only the form with a slash at its end, is served. */
export function suspectExact(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress } = unit;
  if (
    !unit.controller ||
    isSolver(ingress) ||
    ingress.defaultBackend ||
    REDIRECTS.some((key) => ingress.annotations[key] !== undefined)
  )
    return [];
  const odd = placed(unit, (rule) => rule.pathType === 'Exact' && rule.path.endsWith('/')).filter(
    ({ rule }) => !read.query(hostRules, rule.host).some((other) => servesBeside(rule.path, other.rule)),
  );
  const first = odd[0];
  if (!first || takesMore(read, unit, odd)) return [];
  const rules = odd.map(({ rule }) => rule);
  const root = first.rule.path === '/';
  const found = draft({
    code: 'rule-pathtype-exact-suspect',
    severity: 'warning',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: root
      ? `Only the root of ${first.rule.host || 'every host'} is served`
      : `${addressOf(first.rule)} is served only with the slash at its end`,
    detail: root
      ? `pathType Exact on / takes the front page alone: its scripts, styles and further pages are not routed by any rule`
      : `pathType Exact on ${first.rule.path} does not take ${first.rule.path.slice(0, -1)}, and no other rule does`,
    evidence: [pathEvidence(ingress, first), evidence(ingressRef(ingress), `${first.at}.pathType`, 'Exact')],
    fix: {
      summary: 'Use pathType Prefix, unless this one address is meant.',
      look: [lookAt(ingress)],
      change: [patchAt(ingress, `${first.at}.pathType`, 'Prefix')],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: rules.map((rule) => rule.id) }];
}

/** In regex mode Exact is a beginning like any other. */
function takesMore(read: Reader, { controller }: IngressUnit, odd: readonly PlacedRule[]): boolean {
  const hosts = odd.map(({ rule }) => rule.host);
  return controller?.type === 'ingress-nginx' && inRegexMode(read, hosts);
}

/** Whether another rule of the host takes what an Exact path leaves out. */
function servesBeside(path: string, other: PlacedRule['rule']): boolean {
  if (other.isDefault) return true;
  if (other.pathType === 'Exact') return path === '/' ? other.path !== '/' : other.path === path.slice(0, -1);
  return path === '/' || path.startsWith(other.path) || other.path.startsWith(path.slice(0, -1));
}
