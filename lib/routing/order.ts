/** Which of two rules of one host answers a request that both match (SEMANTICS 2.0 to 2.9). */
import type { Dialect, TieRule } from './dialect';
import type { PathRule } from './paths';

/** A rule with all that some controller orders by. */
export interface RoutedRule extends PathRule {
  readonly host: string;
  readonly namespace: string;
  /** Of the Ingress. */
  readonly name: string;
  readonly uid: string;
  /** creationTimestamp in epoch ms; null where the object has none. */
  readonly created: number | null;
  readonly annotations: Readonly<Record<string, string>>;
  /** Positions in the spec: of the host's block, and of the path in it. */
  readonly block: number;
  readonly position: number;
}

export type Precedence = 'first' | 'second' | 'undefined';

function pick(difference: number): Precedence {
  return difference < 0 ? 'first' : difference > 0 ? 'second' : 'undefined';
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const keyOf = (rule: RoutedRule): string => `${rule.namespace}/${rule.name}`;

/** Whether both stand in one Ingress. */
function together(a: RoutedRule, b: RoutedRule): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function byWriting(a: RoutedRule, b: RoutedRule): number {
  return a.block - b.block || a.position - b.position;
}

const LATER: Readonly<Partial<Record<TieRule, (a: RoutedRule, b: RoutedRule) => number>>> = {
  'oldest-then-name-descending': (a, b) => byText(keyOf(b), keyOf(a)),
  'oldest-then-name': (a, b) => byText(keyOf(a), keyOf(b)),
  'oldest-then-plain-name': (a, b) => byText(a.name, b.name) || byText(a.namespace, b.namespace),
  'oldest-then-uid': (a, b) => byText(b.uid, a.uid),
};

/** The older Ingress first; creation times count in whole seconds, as the API writes them. */
function byAge(a: RoutedRule, b: RoutedRule, tie: TieRule): Precedence {
  if (a.created === null || b.created === null) return 'undefined';
  return pick(Math.floor(a.created / 1000) - Math.floor(b.created / 1000) || (LATER[tie]?.(a, b) ?? 0));
}

/** ALB: group.order (default 0), then `NAMESPACE/NAME`; SEMANTICS 2.7. */
function byGroup(a: RoutedRule, b: RoutedRule): number {
  const order = (rule: RoutedRule) =>
    Number(rule.annotations['alb.ingress.kubernetes.io/group.order'] ?? 0) || 0;
  return order(a) - order(b) || byText(keyOf(a), keyOf(b));
}

/** Of two rules with the same host, path and type: whose backend answers. */
export function winnerOfTwins(a: RoutedRule, b: RoutedRule, { tie }: Dialect): Precedence {
  if (tie === null) return 'undefined';
  if (together(a, b)) return ofOneIngress(a, b, tie);
  if (tie === 'group-order') return pick(byGroup(a, b));
  return tie === 'last-written' ? 'undefined' : byAge(a, b, tie);
}

function ofOneIngress(a: RoutedRule, b: RoutedRule, tie: TieRule): Precedence {
  if (tie === 'last-written') return pick(-byWriting(a, b));
  const first = tie === 'oldest-then-name-descending' || tie === 'oldest-then-name' || tie === 'group-order';
  return first ? pick(byWriting(a, b)) : 'undefined';
}

/** Traefik's rule as it is rendered; its length is its priority (pkg/muxer/http/mux.go, v3.7). */
export function traefikRule({
  host,
  path,
  pathType,
}: Pick<RoutedRule, 'host' | 'path' | 'pathType'>): string {
  const parts = [
    ...(host === '' ? [] : [`Host("${host}")`]),
    ...(path === '' ? [] : [`${pathType === 'Exact' ? 'Path' : 'PathPrefix'}("${path}")`]),
  ];
  return parts.join(' && ');
}

function traefikPriority(rule: RoutedRule): number | null {
  const set = rule.annotations['traefik.ingress.kubernetes.io/router.priority'];
  if (set === undefined) return traefikRule(rule).length;
  return /^-?\d+$/.test(set.trim()) ? Number(set) : null;
}

function byTraefik(a: RoutedRule, b: RoutedRule): Precedence {
  const [first, second] = [traefikPriority(a), traefikPriority(b)];
  return first === null || second === null ? 'undefined' : pick(second - first);
}

const EXACT_FIRST = (rule: PathRule): number => (rule.pathType === 'Exact' ? 0 : 1);

/** Exact before others, then the longer path (Ingress v1 puts the longer path first; where both match, they agree). */
function byPath(a: PathRule, b: PathRule): number {
  return EXACT_FIRST(a) - EXACT_FIRST(b) || b.path.length - a.path.length;
}

/** ALB sorts within a block: Exact, then Prefix with the longest first, then what else there is as written (SEMANTICS 2.7). */
function byAlb(a: RoutedRule, b: RoutedRule): Precedence {
  if (!together(a, b)) return pick(byGroup(a, b));
  if (a.block !== b.block) return pick(a.block - b.block);
  const kind = (rule: PathRule) => ['Exact', 'Prefix'].indexOf(rule.pathType) >>> 0;
  const length = a.pathType === 'Prefix' && b.pathType === 'Prefix' ? b.path.length - a.path.length : 0;
  return pick(kind(a) - kind(b) || length || a.position - b.position);
}

/** ingress-nginx in regex mode: the longest path first, reverse alphabet on ties (controller.go, v1.15.1). */
function byRegexLength(a: PathRule, b: PathRule): Precedence {
  return pick(b.path.length - a.path.length || byText(b.path, a.path));
}

/** One path and type, as far as ingress-nginx tells types apart: ImplementationSpecific is Prefix to it. */
function sameKind(a: PathRule, b: PathRule, dialect: Dialect): boolean {
  const kind = (rule: PathRule) =>
    dialect.type === 'ingress-nginx' && rule.pathType !== 'Exact' ? 'Prefix' : rule.pathType;
  return a.path === b.path && kind(a) === kind(b);
}

/**
 * Which of two rules of one host comes first where both match a request; `undefined` where the controller defines no
 * order, or where it is not verified. `regexMode`: see `pathMatches`.
 */
export function precedes(a: RoutedRule, b: RoutedRule, dialect: Dialect, regexMode = false): Precedence {
  if (dialect.type === 'traefik') return byTraefik(a, b);
  if (sameKind(a, b, dialect)) return winnerOfTwins(a, b, dialect);
  switch (dialect.type) {
    case 'aws-alb':
      return byAlb(a, b);
    case 'ingress-nginx':
      return regexMode ? byRegexLength(a, b) : pick(byPath(a, b));
    case 'f5-nginx':
      // The host belongs to one of them.
      return together(a, b) ? pick(byPath(a, b)) : byAge(a, b, 'oldest-then-uid');
    case 'gce':
      return together(a, b) ? pick(byPath(a, b)) : 'undefined';
    case 'istio':
      return together(a, b)
        ? pick(b.path.length - a.path.length || EXACT_FIRST(a) - EXACT_FIRST(b))
        : 'undefined';
    case 'haproxytech':
    case 'haproxy-ingress':
    case 'contour':
      return byListedTypes(a, b);
    default:
      return 'undefined';
  }
}

/** HAProxy's and Contour's tables: Exact first; between Prefix and the controller's own kind only with one kind on both sides. */
function byListedTypes(a: PathRule, b: PathRule): Precedence {
  const exact = EXACT_FIRST(a) - EXACT_FIRST(b);
  if (exact !== 0) return pick(exact);
  return a.pathType === b.pathType ? pick(b.path.length - a.path.length) : 'undefined';
}

const WORDS: Readonly<Record<TieRule, string>> = {
  'oldest-then-name-descending':
    'ingress-nginx takes the oldest Ingress (creationTimestamp; of one second, the last by NAMESPACE/NAME)',
  'oldest-then-name': 'the oldest Ingress wins (of one second, the first by NAMESPACE/NAME)',
  'oldest-then-plain-name': 'the oldest Ingress wins (of one second, the first by name, then namespace)',
  'oldest-then-uid': 'a host belongs to the oldest Ingress (of one second, to the larger UID)',
  'last-written': 'the last one written wins',
  'group-order': 'the lower group.order comes first, then NAMESPACE/NAME, then the order of writing',
};

/** The rule by which a controller chooses between twins, in words. */
export function tieWords({ tie }: Dialect): string {
  return tie === null ? 'this controller defines no order between them' : WORDS[tie];
}
