/** Contributions of several units to one node, edge or finding, made one: the same whatever order they came in. */
import type { Affected, Severity, Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { worse } from '@/lib/topology/status';
import type { Draft } from './draft';

const SEVERITIES: readonly Severity[] = ['broken', 'degraded', 'warning', 'info'];

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort();
}

function worstOf(statuses: readonly Status[]): Status {
  return statuses.reduce((a, b) => worse(a, b));
}

/** @param parts at least one, in a fixed order */
export function mergeNodes(parts: readonly TopologyNode[]): TopologyNode {
  const first = parts[0] as TopologyNode;
  if (parts.length === 1) return first;
  // A ghost gives way to the real thing, whose status stands.
  const real = parts.find((part) => part.ref?.uid !== undefined && part.detail.ghost !== true) ?? first;
  return {
    ...real,
    status: worstOf(parts.map((part) => part.status)),
    findings: union(parts.map((part) => part.findings)),
  };
}

/** @param parts at least one, in a fixed order */
export function mergeEdges(parts: readonly TopologyEdge[]): TopologyEdge {
  const first = parts[0] as TopologyEdge;
  if (parts.length === 1) return first;
  return {
    ...first,
    status: worstOf(parts.map((part) => part.status)),
    findings: union(parts.map((part) => part.findings)),
  };
}

/** One cause with all whom it harms; the worst contribution gives title and severity. @param parts at least one, in a fixed order */
export function mergeDrafts(parts: readonly Draft[]): Draft {
  if (parts.length === 1) return parts[0] as Draft;
  const lead = [...parts].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.affects.length - a.affects.length,
  )[0] as Draft;
  const affects = new Map<string, Affected>();
  for (const part of parts)
    for (const entry of part.affects) affects.set(`${entry.host} ${entry.rule}`, entry);
  const related = new Map(
    parts
      .flatMap((part) => part.related)
      .map((ref) => [`${ref.group}/${ref.kind}/${ref.namespace}/${ref.name}`, ref]),
  );
  return {
    ...lead,
    state: parts.some((part) => part.state === 'open') ? 'open' : 'unknown',
    cause: lead.cause ?? parts.find((part) => part.cause !== null)?.cause ?? null,
    affects: [...affects.keys()].sort().map((key) => affects.get(key) as Affected),
    related: [...related.keys()]
      .sort()
      .slice(0, 50)
      .map((key) => related.get(key) as Draft['related'][number]),
  };
}
