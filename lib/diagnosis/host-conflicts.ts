/** Rules of one host that get in each other's way, by the order of the controller that serves both (lib/routing). */
import type { Ingress } from '@/lib/kube/objects';
import { type Dialect, dialectOf } from '@/lib/routing/dialect';
import { precedes } from '@/lib/routing/order';
import { usesRegex } from '@/lib/routing/paths';
import type { Query, Reader } from '@/lib/state/cells';
import { type HostRule, hostRules } from '@/lib/topology/hosts';
import { members, object } from '@/lib/topology/reads';
import { ingressRules, type Rule } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import type { Arena, Contender } from './arena';
import { isCanary, isSolver, type PlacedRule, placedRules } from './checks/ingress-parts';
import { servingController } from './lead-controller';
import { shadows } from './shadows';
import { strictPrefix } from './traefik-flags';

export interface Conflict {
  readonly kind: 'duplicate' | 'shadowed';
  /** Two rules that match the same requests though they are written differently (`/a` and `/a/`). */
  readonly alike: boolean;
  readonly loser: HostRule;
  readonly winner: HostRule;
  /** False: the controller defines no order between them. */
  readonly decided: boolean;
  readonly sameBackend: boolean;
  readonly controller: string;
  readonly regexMode: boolean;
}

const NONE: readonly Conflict[] = [];

/** Conflicts among the rules of a host ('' = every host), each told of its loser. */
export const hostConflicts: Query<readonly Conflict[]> = {
  name: 'host-conflicts',
  level: 5,
  compute: (read, host) => {
    if (read.query(hostRules, host).length < 2) return NONE;
    const ingresses = members(read, 'ingresses-by-host', host);
    const byController = new Map<string, string[]>();
    for (const key of ingresses)
      for (const id of read.query(serving, key).controllers)
        byController.set(id, [...(byController.get(id) ?? []), key]);
    return [...byController].flatMap(([id, keys]) => ofController(read, host, id, keys));
  },
};

function ofController(read: Reader, host: string, id: string, keys: readonly string[]): readonly Conflict[] {
  const controller = servingController(read, keys[0] ?? '', id);
  if (!controller) return NONE;
  const dialect = dialectOf(controller.type, strictPrefix(read, controller));
  if (dialect.sameHost === null) return NONE;
  const all = keys.flatMap((key) => contendersOf(read, key, host, dialect));
  const regexMode = dialect.type === 'ingress-nginx' && all.some((rule) => usesRegex(rule.annotations));
  const arenas = split(all, dialect).map((contenders) => ({ dialect, regexMode, contenders }));
  return arenas.flatMap((arena) => [...duplicates(arena, id), ...covered(arena, id)]);
}

/** The rules of an Ingress on a host that take part; an Ingress that is going takes none. */
function contendersOf(read: Reader, key: string, host: string, dialect: Dialect): readonly Contender[] {
  const ingress = object(read, 'ingresses', key);
  if (!ingress || ingress.deleting !== null || isExempt(ingress, dialect)) return [];
  return placedRules(ingress, read.query(ingressRules, key))
    .filter(({ rule }) => rule.host === host && !rule.isDefault && !hasConditions(ingress, rule, dialect))
    .map((placed) => contender(key, ingress, placed));
}

function contender(key: string, ingress: Ingress, { rule, block, position }: PlacedRule): Contender {
  const { namespace, name, uid, created, annotations } = ingress;
  return {
    host: rule.host,
    path: rule.path,
    pathType: rule.pathType,
    namespace,
    name,
    uid,
    created,
    annotations,
    block,
    position,
    at: { ingress: key, rule },
    backend: backendKey(ingress, rule),
  };
}

function backendKey(ingress: Ingress, { backend, service, port }: Rule): string {
  return service === null ? `${ingress.namespace} ${JSON.stringify(backend)}` : `${service}:${port}`;
}

/** Annotations by which a controller tells requests apart beyond host and path (CHECKS trap 15). */
const BEYOND: Readonly<Partial<Record<Dialect['type'], readonly string[]>>> = {
  traefik: ['traefik.ingress.kubernetes.io/router.'],
  kong: [
    'konghq.com/methods',
    'konghq.com/headers',
    'konghq.com/protocols',
    'konghq.com/regex-priority',
    'konghq.com/snis',
  ],
  agic: [
    'appgw.ingress.kubernetes.io/rule-priority',
    'appgw.ingress.kubernetes.io/hostname-extension',
    'appgw.ingress.kubernetes.io/use-private-ip',
  ],
  haproxytech: ['haproxy.org/route-acl'],
  'haproxy-ingress': [
    'haproxy-ingress.github.io/http-',
    'ingress.kubernetes.io/http-',
    'haproxy-ingress.github.io/path-type',
  ],
  'f5-nginx': ['nginx.org/path-regex', 'nginx.com/'],
};

function isExempt(ingress: Ingress, { type }: Dialect): boolean {
  if (isSolver(ingress) || (type === 'ingress-nginx' && isCanary(ingress))) return true;
  const prefixes = [...(BEYOND[type] ?? []), 'zalando.org/skipper-'];
  return Object.keys(ingress.annotations).some((key) => prefixes.some((prefix) => key.startsWith(prefix)));
}

/** ALB: further conditions of a backend. */
function hasConditions(ingress: Ingress, { backend }: Rule, { type }: Dialect): boolean {
  if (type !== 'aws-alb' || backend?.type !== 'service') return false;
  return ingress.annotations[`alb.ingress.kubernetes.io/conditions.${backend.name}`] !== undefined;
}

/** Ingresses that never meet are judged apart: each has its load balancer, or each group has. */
function split(all: readonly Contender[], { sameHost }: Dialect): readonly (readonly Contender[])[] {
  if (sameHost !== 'separate' && sameHost !== 'grouped') return [all];
  const groups = new Map<string, Contender[]>();
  for (const rule of all) {
    const alb = rule.annotations['alb.ingress.kubernetes.io/group.name'];
    const ports = rule.annotations['alb.ingress.kubernetes.io/listen-ports'] ?? '';
    const name = sameHost === 'grouped' && alb ? `${alb} ${ports}` : rule.at.ingress;
    groups.set(name, [...(groups.get(name) ?? []), rule]);
  }
  return [...groups.values()];
}

/** What two rules must share to match the same requests: type and path, a Prefix without its trailing slash. */
function twinKey(rule: Contender, { dialect, regexMode }: Arena): string {
  const free = dialect.type === 'ingress-nginx' && rule.pathType === 'ImplementationSpecific';
  const type = free ? 'Prefix' : rule.pathType;
  const trims = type === 'Prefix' && dialect.prefix === 'segments' && !regexMode && rule.path !== '/';
  // Without a path ingress-nginx takes the root (location.go, v1.15.1).
  const path = rule.path === '' && dialect.type === 'ingress-nginx' ? '/' : rule.path;
  return `${type} ${trims ? path.replace(/\/$/, '') : path}`;
}

function duplicates(arena: Arena, controller: string): readonly Conflict[] {
  if (arena.dialect.sameHost === 'owned') return [...taken(arena, controller)];
  const groups = new Map<string, Contender[]>();
  for (const rule of arena.contenders) {
    const key = twinKey(rule, arena);
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()].flatMap((twins) => ranked(twins, arena, controller));
}

/** Everybody loses to the first of them. */
function ranked(twins: readonly Contender[], arena: Arena, controller: string): readonly Conflict[] {
  if (twins.length < 2) return NONE;
  const first = twins.reduce((best, rule) => (before(rule, best, arena) ? rule : best));
  return twins
    .filter((rule) => rule !== first && !isOrdered(rule, first))
    .map((rule) => conflict('duplicate', rule, first, arena, controller));
}

/** Members of an ALB group with different orders were put into this order by hand (CHECKS trap 15). */
function isOrdered(a: Contender, b: Contender): boolean {
  const [first, second] = [a, b].map(
    (rule) => rule.annotations['alb.ingress.kubernetes.io/group.order'] ?? '0',
  );
  return first !== second;
}

function before(a: Contender, b: Contender, { dialect, regexMode }: Arena): boolean {
  const order = precedes(a, b, dialect, regexMode);
  return order === 'first' || (order === 'undefined' && a.at.rule.id < b.at.rule.id);
}

function conflict(
  kind: Conflict['kind'],
  loser: Contender,
  winner: Contender,
  { dialect, regexMode }: Arena,
  controller: string,
): Conflict {
  const alike = kind === 'duplicate' && loser.path !== winner.path;
  return {
    kind,
    alike,
    loser: loser.at,
    winner: winner.at,
    decided: !alike && precedes(winner, loser, dialect, regexMode) === 'first',
    sameBackend: loser.backend === winner.backend,
    controller,
    regexMode,
  };
}

const MERGEABLE = 'nginx.org/mergeable-ingress-type';

/** F5: a host belongs to its oldest Ingress, and minions share it path by path (internal/k8s/configuration.go, ~5.5). */
function taken(arena: Arena, controller: string): readonly Conflict[] {
  const minions = arena.contenders.filter((rule) => rule.annotations[MERGEABLE] === 'minion');
  const plain = arena.contenders.filter((rule) => rule.annotations[MERGEABLE] === undefined);
  if (minions.length > 0 && plain.length > 0) return NONE;
  if (minions.length > 0) {
    const groups = Map.groupBy(minions, (rule) => twinKey(rule, arena));
    return [...groups.values()].flatMap((twins) => ranked(twins, arena, controller));
  }
  if (new Set(plain.map((rule) => rule.at.ingress)).size < 2) return NONE;
  const owner = plain.reduce((best, rule) => (before(rule, best, arena) ? rule : best));
  return plain
    .filter((rule) => rule.at.ingress !== owner.at.ingress)
    .map((rule) => ({
      ...conflict('duplicate', rule, owner, arena, controller),
      alike: false,
      sameBackend: false,
    }));
}

function covered(arena: Arena, controller: string): readonly Conflict[] {
  return shadows(arena).map(({ loser, winner }) => conflict('shadowed', loser, winner, arena, controller));
}
