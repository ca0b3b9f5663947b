/** Nodes and edges as a viewer sees them who may not see everything. */
import { hostStatus } from '@/lib/diagnosis/fragments/host';
import type { HostDetail } from '@/lib/topology/details';
import { edgeId } from '@/lib/topology/ids';
import type { Detail, Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { namespacesOfHost, placeholderId } from './owners';
import type { Sight } from './sights';

/** Why a placeholder stands there. */
export const HIDDEN_REASON = 'in a namespace that you may not see';

/** What a placeholder has for a detail. */
const WITHHELD: Detail = { withheld: true, reason: HIDDEN_REASON };

/** What stands in the place of a node in a namespace of others: its kind and its status, nothing else. */
export function placeholder(node: TopologyNode, opaque: (id: string) => string): TopologyNode {
  return {
    id: placeholderId(node.kind, opaque(node.id)),
    kind: node.kind,
    name: 'hidden',
    namespace: '',
    status: node.status,
    findings: [],
    detail: WITHHELD,
  };
}

export interface NodeContext {
  readonly namespaces: ReadonlySet<string>;
  /** Ids as the viewer knows them, of those that he may see. */
  readonly findings: (ids: readonly string[]) => readonly string[];
  /** Whether a text names nothing of others alone. */
  readonly isClean: (text: string) => boolean;
  /** How many nodes next to it are not seen at all. */
  readonly hidden: number;
}

/** A node that is seen, own or shared. Hosts have {@link maskedHost}. */
export function maskedNode(node: TopologyNode, sight: Sight, context: NodeContext): TopologyNode {
  const findings = context.findings(node.findings);
  const detail = detailOf(node, sight, context);
  if (context.hidden === 0 && detail === node.detail && findings === node.findings) return node;
  return { ...node, findings, detail: context.hidden > 0 ? { ...detail, hidden: context.hidden } : detail };
}

/** Kinds whose facts may come from several namespaces though they stand in one. */
const GATHERING: ReadonlySet<string> = new Set(['controller', 'loadbalancer', 'class', 'listener']);

function detailOf(node: TopologyNode, sight: Sight, { isClean }: NodeContext): Detail {
  if (!GATHERING.has(node.kind)) return node.detail;
  if (sight === 'shared' && node.kind === 'controller') {
    // Several teams share it: its classes, settings and Services are theirs too.
    const { type, ghost, reason } = node.detail;
    return cleaned(
      { type, classes: [], ...(ghost === undefined ? {} : { ghost, reason }) },
      isClean,
    ) as Detail;
  }
  return cleaned(node.detail, isClean) as Detail;
}

/** The same value without texts that name what is of others alone; the same reference where nothing had to go. */
function cleaned(value: unknown, isClean: (text: string) => boolean): unknown {
  if (typeof value === 'string') return isClean(value) ? value : 'hidden';
  if (Array.isArray(value)) {
    const items = value.map((item) => cleaned(item, isClean));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const kept = entries.flatMap(([key, item]) =>
    isClean(key) ? [[key, cleaned(item, isClean)] as const] : [],
  );
  const same =
    kept.length === entries.length && kept.every(([, item], index) => item === entries[index]?.[1]);
  return same ? value : Object.fromEntries(kept);
}

export interface HostContext extends Omit<NodeContext, 'hidden'> {
  /** Statuses of the rules that are seen. */
  readonly rules: readonly Status[];
  /** The edges from the host that are seen. */
  readonly links: readonly TopologyEdge[];
}

/** A host that the viewer's objects name: what is said of it is made of his rules alone. */
export function maskedHost(node: TopologyNode, context: HostContext): TopologyNode {
  const { rules, links } = context;
  const findings = context.findings(node.findings);
  const { rules: all, dns = 'not-asked' } = node.detail as Partial<HostDetail & { dns: 'not-asked' }>;
  const namespaces = namespacesOfHost(node).filter((name) => context.namespaces.has(name));
  const hidden = Math.max(0, (all?.total ?? 0) - rules.length);
  if (hidden === 0 && namespaces.length === namespacesOfHost(node).length)
    return findings === node.findings ? node : { ...node, findings };
  const failing = rules.filter((status) => status === 'broken').length;
  const detail = { ...node.detail, namespaces, rules: { total: rules.length, failing } };
  return {
    ...node,
    status: hostStatus(rules, links, dns),
    findings,
    detail: hidden > 0 ? { ...detail, hidden } : detail,
  };
}

/** An end of an edge as it is seen. */
export interface SeenEnd {
  readonly id: string;
  readonly sight: Sight;
}

/** An edge whose ends are both seen; one at a placeholder says what it carries and nothing else. */
export function maskedEdge(
  edge: TopologyEdge,
  source: SeenEnd,
  target: SeenEnd,
  findings: readonly string[],
  opaque: (text: string) => string,
): TopologyEdge {
  if (source.sight !== 'hidden' && target.sight !== 'hidden')
    return findings === edge.findings ? edge : { ...edge, findings };
  const { port, ...rest } = edge;
  const told = source.sight === 'own' || typeof port !== 'string' ? port : opaque(`port ${port}`);
  return {
    ...rest,
    id: edgeId(edge.kind, source.id, target.id, told),
    source: source.id,
    target: target.id,
    ...(told === undefined ? {} : { port: told }),
    label: '',
    findings,
  };
}
