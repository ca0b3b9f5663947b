/**
 * Which partitions a view needs. A first guess is made from the filters and the shared partition; then the view is drawn,
 * and what it shows or leans on names partitions that are still missing, until none is. The view of the whole graph is the
 * definition.
 */
import type { HostDetail } from '@/lib/topology/details';
import { segment } from '@/lib/topology/ids';
import type { Drawn, Indexed } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { Part } from './part';
import { endsOfEdge, partitionOfFinding, partitionOfNode, SHARED } from './partition-of';

/** The partitions to begin with, beside the shared one; null: all. */
export function firstNeeds(filters: ViewFilters, shared: Part): ReadonlySet<string> | null {
  if (filters.focus !== null) return ofFocus(filters.focus, shared);
  if (filters.namespace.length > 0) return new Set(filters.namespace.map(segment));
  if (filters.service.length > 0) return ofServices(filters.service);
  if (filters.host.length > 0) return ofHosts(filters.host, shared);
  return null;
}

/** Partitions that are missing for the view as drawn from those that are there; empty: the view is whole. */
export function missingNeeds(
  there: ReadonlySet<string>,
  shared: Part,
  source: Indexed,
  drawn: Drawn,
): ReadonlySet<string> {
  const missing = new Set<string>();
  const want = (part: string) => {
    if (!there.has(part)) missing.add(part);
  };
  const near = new Set([...drawn.nodes.keys(), ...hostsOf(source, drawn)]);
  for (const id of shared.edges.keys()) joinEnds(endsOfEdge(id), there, near, want);
  for (const { id, hosts, parts } of shared.affects.values()) {
    if (parts.some((part) => part !== SHARED && there.has(part)) || hosts.some((host) => near.has(host)))
      want(partitionOfFinding(id));
  }
  for (const item of [...drawn.nodes.values(), ...drawn.edges.values()])
    for (const id of item.findings) if (!source.graph.findings.has(id)) want(partitionOfFinding(id));
  for (const { cause } of drawn.findings.values())
    if (cause !== null && !source.graph.findings.has(cause)) want(partitionOfFinding(cause));
  return missing;
}

/** Chains go on across an edge between partitions where one end is there, or is drawn. */
function joinEnds(
  ends: readonly [string, string],
  there: ReadonlySet<string>,
  near: ReadonlySet<string>,
  want: (part: string) => void,
): void {
  const parts = ends.map(partitionOfNode);
  ends.forEach((end, i) => {
    const part = parts[i] ?? SHARED;
    const other = parts[1 - i] ?? SHARED;
    if (other !== SHARED && (part === SHARED ? near.has(end) : there.has(part))) want(other);
  });
}

/** Hosts of the rules that are there: they may be folded away, and still count. */
function hostsOf({ chains }: Indexed, drawn: Drawn): readonly string[] {
  const hosts = new Set<string>();
  for (const id of drawn.nodes.keys())
    for (const pivot of chains.pivotsOf(id)) addUnits(hosts, chains, pivot);
  return [...hosts];
}

function addUnits(hosts: Set<string>, chains: Indexed['chains'], pivot: string): void {
  for (const unit of chains.chains.get(pivot)?.units ?? []) hosts.add(unit);
}

function ofFocus(focus: string, shared: Part): ReadonlySet<string> | null {
  const part = partitionOfNode(focus);
  if (part !== SHARED) return new Set([part]);
  return focus.startsWith('host:') ? ofHosts([focus], shared) : null;
}

function ofServices(services: readonly string[]): ReadonlySet<string> | null {
  const parts = new Set<string>();
  for (const service of services) {
    const id = service.startsWith('service:');
    // A bare name may be in any namespace.
    if (!id && !service.includes('/')) return null;
    parts.add(id ? partitionOfNode(service) : segment(service.slice(0, service.indexOf('/'))));
  }
  return parts;
}

/** The partitions of the rules of these hosts, and of the Services that load balancers lead them to. */
function ofHosts(hosts: readonly string[], shared: Part): ReadonlySet<string> {
  const wanted = new Set(hosts);
  const isWanted = (id: string) => namesOf(id, shared).some((name) => wanted.has(name));
  const parts = new Set<string>();
  for (const { id, host } of shared.rules.values()) if (isWanted(host)) parts.add(partitionOfNode(id));
  const balancers = new Set<string>();
  for (const { source, target } of shared.edges.values())
    if (source.startsWith('host:') && isWanted(source)) balancers.add(target);
  for (const { source, target } of shared.edges.values())
    if (balancers.has(source)) parts.add(partitionOfNode(target));
  parts.delete(SHARED);
  return parts;
}

/** All that a filter may call a host. */
function namesOf(host: string, shared: Part): readonly string[] {
  const node = shared.nodes.get(host);
  const { host: name } = (node?.detail ?? {}) as Partial<HostDetail>;
  return [host, ...[host, node?.name, name].flatMap((text) => text?.toLowerCase() ?? [])];
}
