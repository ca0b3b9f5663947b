/** What of its subject a picture draws: all of a small view, else the chains in question as far as they stay readable. The rest is counted. */

import { buildScene, type Scene } from '@/lib/layout/scene';
import { ChainIndex } from '@/lib/topology/chain-index';
import { recordOf } from '@/lib/topology/detail-reads';
import { FindingIndex } from '@/lib/topology/finding-index';
import type { Drawing } from '@/lib/topology/fold-pods';
import { Graph } from '@/lib/topology/graph';
import type { Status, TopologyNode } from '@/lib/topology/model';
import { knownStatus, STATUSES } from '@/lib/topology/status-words';
import { View } from '@/lib/topology/view';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { aroundOf, chainsOf, type Subject } from './subject';

export interface Selection {
  readonly scene: Scene;
  /** Rules and exposed Services whose chains are drawn because they are in question. */
  readonly pivots: readonly string[];
  /** Chains in question that are not drawn. */
  readonly morePivots: number;
  /** Hosts of the view that are not drawn, by status. */
  readonly left: Readonly<Record<Status, number>>;
  /** Whether the whole view is drawn. */
  readonly whole: boolean;
}

/** How much of a layout a picture can show, in the layout's own pixels: a row is 62 of them. */
export interface Capacity {
  readonly height: number;
  /** Most nodes that are worth laying out at all. */
  readonly nodes: number;
}

/** Chooses in slices. */
export function* selectionOf(subject: Subject, capacity: Capacity): Generator<void, Selection> {
  const { graph, focus } = subject;
  if (focus === null && graph.nodes.size <= capacity.nodes) {
    const scene = sceneOf({ nodes: graph.nodes, edges: graph.edges });
    if (scene.layout.height <= capacity.height) return finish(subject, scene, subject.pivots, true);
  }
  if (subject.pivots.length > 0) return yield* chains(subject, subject.pivots, capacity);
  const few = focus === null ? rulesOf(graph) : [];
  if (few.length > 0 && few.length <= FEW) return yield* chains(subject, few, capacity);
  if (focus !== null) return finish(subject, sceneOf(aroundOf(graph, focus.id)), [], false);
  return finish(subject, sceneOf(yield* folded(subject, capacity)), [], false);
}

function sceneOf(drawing: Drawing): Scene {
  return buildScene({ drawing, focus: null, expand: [] }, null);
}

/** Of so few rules some are drawn rather than all folded. */
const FEW = 12;

function rulesOf(graph: Graph): readonly string[] {
  const rules: string[] = [];
  for (const { id, kind } of graph.nodes.values()) if (kind === 'rule') rules.push(id);
  return rules.sort();
}

/** As many of the chains in question as there is room for, the gravest first, one at least. */
function* chains(
  subject: Subject,
  wanted: readonly string[],
  capacity: Capacity,
): Generator<void, Selection> {
  let n = Math.min(wanted.length, Math.max(1, Math.floor(capacity.height / 50)));
  for (;;) {
    const pivots = wanted.slice(0, n);
    const scene = sceneOf(chainsOf(subject.graph, pivots));
    if (n === 1 || scene.layout.height <= capacity.height) return finish(subject, scene, pivots, false);
    yield;
    n = Math.max(1, Math.min(n - 1, Math.floor((n * capacity.height) / scene.layout.height)));
  }
}

/** Nothing is wrong and there is too much of it: as the page folds it. */
function* folded({ topology }: Subject, capacity: Capacity): Generator<void, Drawing> {
  const everything = {
    nodes: { upsert: topology.nodes, remove: [] },
    edges: { upsert: topology.edges, remove: [] },
    findings: { upsert: topology.findings, remove: [] },
  };
  const graph = new Graph();
  const source = { graph, chains: new ChainIndex(graph), findings: new FindingIndex(graph) };
  yield* graph.applying(everything);
  yield* source.chains.update(everything);
  let budget = Math.max(4, Math.floor(capacity.height / 50));
  for (;;) {
    const drawn = yield* new View(source, { ...NO_FILTERS, budget }).draw();
    if (budget === 1 || sceneOf(drawn).layout.height <= capacity.height) return drawn;
    budget = Math.floor(budget / 2);
  }
}

function finish(subject: Subject, scene: Scene, pivots: readonly string[], whole: boolean): Selection {
  const left = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  const { nodes } = scene.drawing;
  // Where hosts are folded here, the cards drawn for them say how many there are.
  const counted = !whole && [...nodes.values()].some(({ detail }) => detail.folds === 'hosts');
  for (const node of subject.graph.nodes.values())
    if (!nodes.has(node.id) && !(counted && node.kind === 'host')) addHosts(left, node);
  const morePivots = whole ? 0 : Math.max(0, subject.pivots.length - pivots.length);
  return { scene, pivots, morePivots, left, whole };
}

function addHosts(left: Record<Status, number>, node: TopologyNode): void {
  if (node.kind === 'host') left[knownStatus(node.status)]++;
  if (node.kind !== 'group' || node.detail.folds !== 'hosts') return;
  for (const [status, n] of Object.entries(recordOf(node.detail, 'statuses') ?? {}))
    if (typeof n === 'number') left[knownStatus(status)] += n;
}
