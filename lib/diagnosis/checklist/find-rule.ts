/** Which rule takes a host and path by the Ingress specification: Exact before the longest Prefix, element by element. */
import { nearest } from '@/lib/diagnosis/edit-distance';
import type { RuleDetail } from '@/lib/topology/details';
import type { Graph } from '@/lib/topology/graph';
import type { TopologyNode } from '@/lib/topology/model';

export type FoundRule =
  | { readonly type: 'rule'; readonly rule: TopologyNode; readonly equals: readonly TopologyNode[] }
  /** Only rules whose meaning is their controller's own (regular expressions) might take it. */
  | { readonly type: 'pattern'; readonly rules: readonly TopologyNode[] }
  | { readonly type: 'no-path'; readonly paths: readonly string[]; readonly near: string | null }
  | { readonly type: 'no-host'; readonly near: string | null };

/** What a person typed, as rules write it. */
export function requestOf(host: string, path: string): { readonly host: string; readonly path: string } {
  const name = host.trim().toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  const clean = path.trim().replace(/[?#].*$/, '');
  return { host: name === '*' ? '' : name, path: clean.startsWith('/') ? clean : `/${clean}` };
}

/** The rule for a request made by {@link requestOf}. */
export function findRule(graph: Graph, host: string, path: string): FoundRule {
  const rules = [...graph.nodes.values()].filter((node) => node.kind === 'rule');
  const own = rules.filter((rule) => detailOf(rule).host === host);
  const exact = pick(own, path);
  if (exact) return exact;
  const parent = `*${host.slice(host.indexOf('.'))}`;
  const wild =
    host.includes('.') && !host.startsWith('*') ? rules.filter((r) => detailOf(r).host === parent) : [];
  // A host of its own keeps its requests: controllers do not fall through to another host's paths.
  const served =
    own.length > 0 ? null : (pick(wild, path) ?? (wild.length > 0 ? null : anyHost(rules, path)));
  if (served) return served;
  const named = own.length > 0 ? own : wild;
  if (named.length > 0) {
    const paths = [...new Set(named.map((rule) => detailOf(rule).path || '/'))].sort();
    return { type: 'no-path', paths, near: nearest(path, paths) };
  }
  const hosts = new Set(rules.map((rule) => detailOf(rule).host).filter((name) => name !== ''));
  return { type: 'no-host', near: nearest(host, [...hosts].sort()) };
}

function anyHost(rules: readonly TopologyNode[], path: string): FoundRule | null {
  return pick(
    // A default backend takes what nobody else does; it is no rule for this host.
    rules.filter((rule) => detailOf(rule).host === '' && !isDefault(rule)),
    path,
  );
}

function pick(rules: readonly TopologyNode[], path: string): FoundRule | null {
  let best = -1;
  let found: TopologyNode[] = [];
  for (const rule of rules) {
    const rank = rankOf(rule, path);
    if (rank > best) found = [];
    if (rank >= 0 && rank >= best) found.push(rule);
    best = Math.max(best, rank);
  }
  const [rule, ...equals] = found.sort(compare);
  if (rule) return { type: 'rule', rule, equals };
  const patterns = rules.filter((entry) => isPattern(detailOf(entry)));
  return patterns.length > 0 ? { type: 'pattern', rules: patterns } : null;
}

/** Served ones first: of two Ingresses with the same rule, the one that a controller carries out is meant. */
function compare(a: TopologyNode, b: TopologyNode): number {
  return Number(a.status === 'broken') - Number(b.status === 'broken') || (a.id < b.id ? -1 : 1);
}

/** How well a rule takes a path; -1: not at all. */
function rankOf(rule: TopologyNode, path: string): number {
  const detail = detailOf(rule);
  if (isDefault(rule)) return 0;
  if (detail.pathType === 'Exact') return detail.path === path ? 1_000_000 : -1;
  if (isPattern(detail)) return -1;
  const prefix = elements(detail.path);
  const wanted = elements(path);
  return prefix.every((element, i) => wanted[i] === element) ? 1 + prefix.length : -1;
}

function elements(path: string): readonly string[] {
  return path.split('/').filter((element) => element !== '');
}

function isPattern({ pathType, path }: RuleDetail): boolean {
  return pathType === 'ImplementationSpecific' && /[()[\]^$*+?|\\]/.test(path);
}

function isDefault(rule: TopologyNode): boolean {
  return rule.id.endsWith('/~default');
}

/** The detail of a rule node: the build writes it whole. */
export function detailOf(rule: TopologyNode): RuleDetail {
  return rule.detail as unknown as RuleDetail;
}
