import 'server-only';
import type { ResourceCoverage } from '@/lib/state/change';
import { Graph } from '@/lib/topology/graph';
import type { Internal } from '@/lib/topology/internal';
import type {
  Coverage,
  Finding,
  Summary,
  TopologyDelta,
  TopologyEdge,
  TopologyNode,
} from '@/lib/topology/model';
import { SummaryCounter } from '@/lib/topology/summary-counter';
import type { Engine } from '@/server/hub/engine';

const NOTHING_INTERNAL: Internal = { nodes: [], edges: [], wakeAt: null };

/** Changes of one collection that wait to be published; the last of an item counts. */
class Waiting<T extends { readonly id: string }> {
  #items = new Map<string, T | null>();

  add({ upsert, remove }: { readonly upsert: readonly T[]; readonly remove: readonly string[] }): void {
    for (const id of remove) this.#items.set(id, null);
    for (const item of upsert) this.#items.set(item.id, item);
  }

  take() {
    const entries = [...this.#items];
    this.#items = new Map();
    return {
      upsert: entries.flatMap(([, item]) => item ?? []),
      remove: entries.flatMap(([id, item]) => (item ? [] : id)),
    };
  }
}

/** The engine behind a hub of what some viewers may see: it computes nothing, it is given what is left after masking. */
export class MaskedEngine implements Engine {
  readonly graph = new Graph();
  readonly nextWake = null;
  internalRevision = 0;
  coverage: readonly ResourceCoverage[] = [];
  readonly #nodes = new Waiting<TopologyNode>();
  readonly #edges = new Waiting<TopologyEdge>();
  readonly #findings = new Waiting<Finding>();
  readonly #summary = new SummaryCounter();
  #counts = { services: 0, pods: 0 };
  #internal = NOTHING_INTERNAL;

  get summary(): Summary {
    return this.#summary.value(this.#counts);
  }

  /** Takes what has changed; the next publish tells it. */
  give(delta: TopologyDelta): void {
    this.#nodes.add(delta.nodes);
    this.#edges.add(delta.edges);
    this.#findings.add(delta.findings);
  }

  /** Takes how many objects there are in the viewers' namespaces, and which resources may be read. */
  tell(counts: { readonly services: number; readonly pods: number }, coverage: readonly Coverage[]): void {
    this.#counts = counts;
    this.coverage = coverage.map(asResource);
  }

  /** Takes what no entry reaches. */
  giveInternal(internal: Internal): void {
    this.#internal = internal;
    this.internalRevision++;
  }

  objectsIn() {
    return this.#counts;
  }

  change(): void {
    // Nothing is computed here: a change only asks for a publish.
  }

  ahead(): boolean {
    return true;
  }

  run(): boolean {
    return true;
  }

  *publishing(): Generator<void, TopologyDelta> {
    const delta = { nodes: this.#nodes.take(), edges: this.#edges.take(), findings: this.#findings.take() };
    this.#summary.apply(delta, this.graph);
    yield* this.graph.applying(delta);
    return delta;
  }

  *internal(): Generator<void, Internal> {
    yield;
    return this.#internal;
  }
}

/** The one cast: a coverage that a hub tells is that of a resource, with a fix. */
function asResource(coverage: Coverage): ResourceCoverage {
  return coverage as ResourceCoverage;
}
