/** Paths that are read as expressions (ingress-nginx unless said otherwise; SEMANTICS 2.1, v1.15.1). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { regexSources } from '@/lib/diagnosis/regex-sources';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Ingress } from '@/lib/kube/objects';
import { usesRegex } from '@/lib/routing/paths';
import { type Engine, REGEX_MARKS, regexError } from '@/lib/routing/regex';
import type { Reader } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';
import { addressOf, type Rule } from '@/lib/topology/rules';
import {
  annotationEvidence,
  ingressRef,
  isCanary,
  listed,
  lookAt,
  NGINX,
  pathEvidence,
  placedRules,
} from './ingress-parts';
import { inRegexMode } from './rule-paths';
import { isNginx, TARGET } from './rule-rewrite';

interface Reading {
  readonly source: string;
  readonly engine: Engine;
}

/** The expression that a controller makes of a path; null where it makes none, or where that is not known. */
function readingOf(
  read: Reader,
  { ingress, controller }: IngressUnit,
  { path, pathType, host }: Rule,
): Reading | null {
  const free = pathType === 'ImplementationSpecific';
  switch (controller?.type) {
    case 'ingress-nginx':
      return inRegexMode(read, [host]) ? { source: path, engine: 'pcre' } : null;
    case 'f5-nginx':
      return ingress.annotations['nginx.org/path-regex'] ? { source: path, engine: 'pcre' } : null;
    case 'traefik': {
      const matcher = ingress.annotations['traefik.ingress.kubernetes.io/router.pathmatcher'];
      return free && matcher === 'PathRegexp' ? { source: path, engine: 're2' } : null;
    }
    case 'contour':
      return free && /[\^+*[\]%]/.test(path) ? { source: path, engine: 're2' } : null;
    case 'kong':
      return free && path.startsWith('/~') ? { source: path.slice(2), engine: 'pcre' } : null;
    default:
      return null;
  }
}

/** `rule-regex-invalid`: a path that is read as an expression and does not compile. */
export function regexInvalid(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress } = unit;
  if (isCanary(ingress)) return [];
  const odd = placedRules(ingress, unit.rules).flatMap((placed) => {
    if (placed.rule.isDefault || !REGEX_MARKS.test(placed.rule.path)) return [];
    const reading = readingOf(read, unit, placed.rule);
    const error = reading ? regexError(reading.source, reading.engine) : null;
    return error ? [{ placed, error }] : [];
  });
  const first = odd[0];
  if (!first) return [];
  const rules = odd.map(({ placed }) => placed.rule);
  const found = draft({
    code: 'rule-regex-invalid',
    severity: 'broken',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: symptomTitle(
      rules,
      'not routed',
      `Ingress ${ingress.name} has an expression that does not compile`,
    ),
    detail: `${first.placed.rule.path}: ${first.error}; the controller cannot use this path${unit.controller?.type === 'ingress-nginx' ? ', and nginx takes no new configuration at all while it is there' : ''}`,
    evidence: [pathEvidence(ingress, first.placed)],
    fix: {
      summary: 'Correct the expression; test it with the syntax of this controller.',
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: rules.map((rule) => rule.id), status: 'broken' }];
}

/** What a path loses when it becomes `~* "^PATH"`: its exactness, or the end of its last word. */
function isHurt({ path, pathType, isDefault }: Rule): boolean {
  if (isDefault) return false;
  return pathType === 'Exact' || (path.replace(/\/$/, '') !== '' && !REGEX_MARKS.test(path));
}

/** `rule-regex-spillover`: told once, at the Ingress that makes the paths of others expressions. */
export function regexSpillover(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, key } = unit;
  if (!isNginx(unit) || usesRegex(ingress.annotations)) return [];
  const hit = unit.rules.filter(isHurt).flatMap((rule) => {
    // Where nobody else has rules of the host nothing spills.
    if (members(read, 'ingresses-by-host', rule.host).length < 2) return [];
    const source = read.query(regexSources, rule.host).find((other) => other !== key);
    return source === undefined ? [] : [{ rule, source }];
  });
  return [...Map.groupBy(hit, ({ source }) => source)].flatMap(([other, group]) => {
    const source = object(read, 'ingresses', other);
    return source
      ? [
          spilled(
            source,
            ingress,
            group.map(({ rule }) => rule),
          ),
        ]
      : [];
  });
}

function spilled(source: Ingress, hit: Ingress, rules: readonly Rule[]): Found {
  const annotation = source.annotations[`${NGINX}use-regex`] === 'true' ? `${NGINX}use-regex` : TARGET;
  const found = draft({
    code: 'rule-regex-spillover',
    severity: 'warning',
    hop: 'rule',
    subject: ingressRef(source),
    related: [ingressRef(hit)],
    title: `Ingress ${source.name} makes paths of other Ingresses expressions`,
    detail: `${annotation.slice(NGINX.length)} on one Ingress makes every path of its hosts an expression that ignores case: ${listed(rules.map(addressOf))} of Ingress ${hit.namespace}/${hit.name} now takes longer words too`,
    evidence: [annotationEvidence(source, annotation)],
    fix: {
      summary: 'Give the Ingress with expressions a host of its own, or end the paths of the others with $.',
      look: [lookAt(source), lookAt(hit)],
      managedBy: managedBy(source),
    },
  });
  return { draft: found, rules: rules.map((rule) => rule.id) };
}
