/** What changed between two topologies: field by field, worst first, with who edited what in between. */
import type { Finding, Severity, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { drain, sliced } from '@/lib/topology/slices';
import { statusRank } from '@/lib/topology/status';
import { comparing, countOf, type Pair } from './compare';
import { edgeFields, findingFields, nodeFields } from './fields';
import type { NodeChange, TopologyDiff, Who } from './model';
import { movedEdges, movedFindings, movedNodes } from './moved';
import { chainsThrough, type Scope, type Side } from './scope';
import { editsOf, isWithin, latest, type Window, whoBetween } from './who';

export interface DiffOptions {
  /** Node id: only the chains through it, as they are on either side. */
  readonly focus?: string | null;
  /** Ids of nodes, edges and findings: only these. */
  readonly only?: Scope | null;
  /** Most entries of each list. */
  readonly limit?: number;
}

/** What changed from one topology to another. */
export function diffTopologies(from: Side, to: Side, options: DiffOptions = {}): TopologyDiff {
  return drain(diffing(from, to, options));
}

/** The same in slices, for large topologies. */
export function* diffing(from: Side, to: Side, options: DiffOptions = {}): Generator<void, TopologyDiff> {
  const { focus = null, only = null, limit = Number.POSITIVE_INFINITY } = options;
  const scope = focus === null ? only : yield* chainsThrough(focus, [from, to]);
  const folds = { before: isFolded(from), after: isFolded(to) };
  const nodes = yield* comparing<TopologyNode>({
    before: from.nodes,
    after: to.nodes,
    fields: nodeFields,
    moved: movedNodes,
    scope,
    hidden: ({ kind, status }, other) => kind === 'group' || (folds[other] && status === 'ok'),
  });
  const edges = yield* comparing<TopologyEdge>({
    before: from.edges,
    after: to.edges,
    fields: edgeFields,
    moved: (gone, come) => movedEdges(gone, come, nodes.moves),
    scope,
    hidden: ({ status }, other) => folds[other] && status === 'ok',
  });
  const findings = yield* comparing<Finding>({
    before: from.findings,
    after: to.findings,
    fields: findingFields,
    moved: movedFindings,
    scope,
    hidden: ({ severity }, other) => folds[other] && severity !== 'broken' && severity !== 'degraded',
  });
  const told = {
    nodes: yield* withWho(ordered(nodes.pairs, nodeRank), from, to),
    edges: ordered(edges.pairs, edgeRank).map((pair) => ({ ...entry(pair), edge: itemOf(pair) })),
    findings: ordered(findings.pairs, findingRank).map((pair) => ({ ...entry(pair), finding: itemOf(pair) })),
  };
  return {
    nodes: told.nodes.slice(0, limit),
    edges: told.edges.slice(0, limit),
    findings: told.findings.slice(0, limit),
    summary: { nodes: countOf(told.nodes), edges: countOf(told.edges), findings: countOf(told.findings) },
    cut: [told.nodes, told.edges, told.findings].some(({ length }) => length > limit),
    folded: nodes.folded + edges.folded + findings.folded,
  };
}

function isFolded({ nodes }: Side): boolean {
  return nodes.some(({ kind }) => kind === 'group');
}

function itemOf<T>({ after, before }: Pair<T>): T {
  return (after ?? before) as T;
}

function entry<T>({ change, id, was, fields }: Pair<T>) {
  return { change, id, was, fields };
}

/** Who came between is told by the later of the two, whichever way they are compared. */
function* withWho(pairs: readonly Pair<TopologyNode>[], from: Side, to: Side): Generator<void, NodeChange[]> {
  const [a, b] = [Date.parse(from.takenAt), Date.parse(to.takenAt)];
  const forwards = a <= b;
  const window: Window = { from: Math.min(a, b), to: Math.max(a, b) };
  const workloads = yield* workloadEdits(forwards ? to : from, window);
  const changes: NodeChange[] = [];
  yield* sliced(pairs, (pair) => {
    const [earlier, later] = forwards ? [pair.before, pair.after] : [pair.after, pair.before];
    const own = whoBetween(earlier, later, window);
    const who = own ?? (later && isNewPod(pair, later) ? (workloads.get(workloadOf(later)) ?? null) : null);
    changes.push({ ...entry(pair), node: itemOf(pair), who });
  });
  return changes;
}

/** A pod was made by an edit of its workload, if by any: nobody edits pods. */
function isNewPod({ was, before, after }: Pair<TopologyNode>, { kind }: TopologyNode): boolean {
  return kind === 'pod' && (was !== null || before === null || after === null);
}

function workloadOf({ namespace, detail }: TopologyNode): string {
  return `${namespace}/${String(detail.workload)}`;
}

const WORKLOAD = /^(Deployment|StatefulSet|DaemonSet) /;

/** Edits of workloads within the window, by `NAMESPACE/NAME`. */
function* workloadEdits(side: Side, window: Window): Generator<void, ReadonlyMap<string, Who>> {
  const found = new Map<string, Who>();
  yield* sliced(side.nodes, (node) => {
    if (node.kind !== 'service') return;
    for (const edit of editsOf(node)) {
      if (!WORKLOAD.test(edit.object) || !isWithin(edit, window)) continue;
      const key = edit.object.replace(WORKLOAD, '');
      found.set(key, latest([edit, ...(found.has(key) ? [found.get(key) as Who] : [])]) ?? edit);
    }
  });
  return found;
}

type Rank = readonly (number | string)[];

/** Along a chain, as it is drawn. */
const KINDS = [
  'host',
  'address',
  'loadbalancer',
  'controller',
  'class',
  'listener',
  'rule',
  'secret',
  'service',
  'endpoint',
  'external',
  'pod',
  'group',
];
const SEVERITIES: readonly Severity[] = ['broken', 'degraded', 'warning', 'info'];

function nodeRank(pair: Pair<TopologyNode>): Rank {
  const { kind } = itemOf(pair);
  return [...statusRanks(pair), KINDS.indexOf(kind), pair.id];
}

function edgeRank(pair: Pair<TopologyEdge>): Rank {
  return [...statusRanks(pair), pair.id];
}

/** What is bad now stands before what was bad. */
function statusRanks({ before, after }: Pair<TopologyNode | TopologyEdge>): Rank {
  return [statusRank(after?.status ?? 'ok'), statusRank(before?.status ?? 'ok')];
}

function findingRank({ before, after, id }: Pair<Finding>): Rank {
  const rank = (finding: Finding | null) =>
    finding ? SEVERITIES.indexOf(finding.severity) : SEVERITIES.length;
  return [rank(after), rank(before), id];
}

function ordered<T>(pairs: readonly Pair<T>[], rank: (pair: Pair<T>) => Rank): readonly Pair<T>[] {
  return pairs
    .map((pair) => ({ pair, rank: rank(pair) }))
    .sort((a, b) => compareRanks(a.rank, b.rank))
    .map(({ pair }) => pair);
}

function compareRanks(a: Rank, b: Rank): number {
  for (let i = 0; i < a.length; i++) {
    const [left, right] = [a[i] ?? 0, b[i] ?? 0];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
