/** What the type of a path makes of it, and what its author may have meant. */

import { majorMinor } from '@/lib/controllers/image';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { regexSources } from '@/lib/diagnosis/regex-sources';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import { dialectOf } from '@/lib/routing/dialect';
import { REGEX_MARKS } from '@/lib/routing/regex';
import type { Reader } from '@/lib/state/cells';
import { hostRules } from '@/lib/topology/hosts';
import { known } from '@/lib/topology/reads';
import { addressOf } from '@/lib/topology/rules';
import {
  annotate,
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

function placed(
  { ingress, rules }: IngressUnit,
  wanted: (rule: PlacedRule['rule']) => boolean,
): readonly PlacedRule[] {
  return placedRules(ingress, rules).filter(({ rule }) => !rule.isDefault && wanted(rule));
}

/** Whether some Ingress of these hosts makes ingress-nginx read every path there as an expression. */
export function inRegexMode(read: Reader, hosts: Iterable<string>): boolean {
  return [...new Set(hosts)].some((host) => read.query(regexSources, host).length > 0);
}

const LITERAL_TYPES: ReadonlySet<string> = new Set([
  'ingress-nginx',
  'traefik',
  'haproxytech',
  'haproxy-ingress',
  'contour',
  'f5-nginx',
]);

/** `rule-pathtype-regex-mismatch`: an expression in a path that is compared letter by letter. */
export function regexMismatch(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  const type = controller?.type ?? 'unknown';
  if (!LITERAL_TYPES.has(type) || ingress.annotations['nginx.org/path-regex'] !== undefined) return [];
  const odd = placed(
    unit,
    (rule) => rule.pathType !== 'ImplementationSpecific' && REGEX_MARKS.test(rule.path),
  );
  const first = odd[0];
  const reading = first ? literalReading(read, unit, odd) : null;
  if (!first || reading === null) return [];
  const expressions = reading === 'refused';
  const rules = odd.map(({ rule }) => rule);
  const found = draft({
    code: 'rule-pathtype-regex-mismatch',
    severity: expressions ? 'warning' : 'broken',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: expressions
      ? `Ingress ${ingress.name} would be refused at its next change`
      : symptomTitle(rules, 'never matched', `Ingress ${ingress.name} has expressions in literal paths`),
    detail: expressions
      ? `${listed(rules.map(addressOf))}: strict-validate-path-type (default since ingress-nginx 1.12) admits expressions only with pathType ImplementationSpecific`
      : `${listed(rules.map(addressOf))}: pathType ${first.rule.pathType} compares letter by letter, so brackets, stars and the like stand for themselves`,
    evidence: [
      pathEvidence(ingress, first),
      evidence(ingressRef(ingress), `${first.at}.pathType`, first.rule.pathType),
    ],
    fix: {
      summary:
        type === 'ingress-nginx'
          ? 'Use pathType ImplementationSpecific, with the annotation use-regex.'
          : 'Use a plain path, or pathType ImplementationSpecific where the controller reads expressions there.',
      look: [lookAt(ingress)],
      change:
        type === 'ingress-nginx'
          ? [
              ...odd
                .slice(0, 3)
                .map(({ at }) => patchAt(ingress, `${at}.pathType`, 'ImplementationSpecific')),
              ...(expressions ? [] : [annotate(ingress, `${NGINX}use-regex`, 'true')]),
            ]
          : [],
      managedBy: managedBy(ingress),
    },
  });
  return [
    {
      draft: found,
      rules: rules.map((rule) => rule.id),
      ...(expressions ? {} : { status: 'broken' as const }),
    },
  ];
}

/**
 * `literal`: the path stands for itself; `refused`: ingress-nginx reads it as an expression, and its admission would not take
 * it again; null: all is well, or not known.
 */
function literalReading(
  read: Reader,
  { controller }: IngressUnit,
  odd: readonly PlacedRule[],
): 'literal' | 'refused' | null {
  // Traefik's provider for ingress-nginx may read them.
  if (controller?.type === 'traefik' && controller.recognised?.nginxProvider) return null;
  if (controller?.type !== 'ingress-nginx') return 'literal';
  const hosts = odd.map(({ rule }) => rule.host);
  if (inRegexMode(read, hosts)) return isStrict(controller.recognised?.version ?? '') ? 'refused' : null;
  // Without sight of all Ingresses of the host, one of them may switch expressions on.
  return known(read, 'ingresses').known ? 'literal' : null;
}

/** strict-validate-path-type is on by default since 1.12; what a ConfigMap says to it is the webhook's business. */
function isStrict(version: string): boolean {
  const parts = majorMinor(version);
  return parts !== null && (parts[0] > 1 || (parts[0] === 1 && parts[1] >= 12));
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
