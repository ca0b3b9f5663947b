/** Expressions in paths that are compared letter by letter. */
import { majorMinor } from '@/lib/controllers/image';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import { REGEX_MARKS } from '@/lib/routing/regex';
import type { Reader } from '@/lib/state/cells';
import { known } from '@/lib/topology/reads';
import { addressOf } from '@/lib/topology/rules';
import {
  annotate,
  ingressRef,
  listed,
  lookAt,
  NGINX,
  type PlacedRule,
  patchAt,
  pathEvidence,
} from './ingress-parts';
import { inRegexMode, placed } from './rule-paths';

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
