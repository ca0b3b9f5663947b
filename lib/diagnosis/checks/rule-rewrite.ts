/** Rewrites and expressions in paths (ingress-nginx unless said otherwise; SEMANTICS 2.1, v1.15.1). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { regexSources } from '@/lib/diagnosis/regex-sources';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Ingress } from '@/lib/kube/objects';
import { rewriteTarget, usesRegex } from '@/lib/routing/paths';
import { captureGroups, type Engine, REGEX_MARKS, regexError } from '@/lib/routing/regex';
import type { Reader } from '@/lib/state/cells';
import { object } from '@/lib/topology/reads';
import { addressOf, type Rule } from '@/lib/topology/rules';
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
import { inRegexMode } from './rule-paths';

const TARGET = `${NGINX}rewrite-target`;

function isNginx({ controller, ingress }: IngressUnit): boolean {
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
  const highest = Math.max(0, ...references(target ?? ''));
  if (!isNginx(unit) || target === null || highest === 0) return [];
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
