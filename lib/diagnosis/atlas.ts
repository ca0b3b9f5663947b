/** The running build: inputs in, deltas out. `build` is the same from scratch, and the definition. */
import type { KindName } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import type { Query } from '@/lib/state/cells';
import type { Change, ObjectChange, ResourceCoverage } from '@/lib/state/change';
import { QueryEngine } from '@/lib/state/query-engine';
import { share } from '@/lib/state/share';
import { ObjectStore } from '@/lib/state/store';
import { addressesOf } from '@/lib/topology/exposure';
import { Graph } from '@/lib/topology/graph';
import { INDEXES } from '@/lib/topology/indexes';
import type { Internal } from '@/lib/topology/internal';
import type {
  Before,
  Finding,
  Patch,
  Summary,
  TopologyDelta,
  TopologyEdge,
  TopologyNode,
} from '@/lib/topology/model';
import type { BuildConfig } from '@/lib/topology/reads';
import { drain } from '@/lib/topology/slices';
import { SummaryCounter } from '@/lib/topology/summary-counter';
import { Ahead } from './ahead';
import { failedDraft } from './check';
import { Contributions } from './contributions';
import type { Draft, Fragment } from './draft';
import { clusterFragment } from './fragments/cluster';
import { controllersFragment } from './fragments/controller';
import { internalPart } from './internal';
import { mergeDrafts, mergeEdges, mergeNodes } from './merge';
import { Patching, patched } from './patching';
import { NO_OBSERVATIONS, type Observations, Settler } from './settle';
import { UNITS } from './units';
import { type Wanted, WantedNames } from './wanted';

/** Indexes by namespace of what can be drawn. */
const NAMESPACED = ['ingresses-of-namespace', 'services-of-namespace', 'pods-of-namespace'] as const;

export const DEFAULT_CONFIG: BuildConfig = {
  knownAddresses: [],
  limitedView: false,
  dns: true,
  ownHost: '',
  ownPod: '',
};

/** Incremental build of the topology with its findings. One writer; readers look at `graph` between publishes. */
export class Atlas {
  readonly graph = new Graph();
  readonly #store: ObjectStore;
  readonly #engine: QueryEngine;
  readonly #facts = new Map<string, Map<string, unknown>>([
    ['dns', new Map()],
    ['secret', new Map()],
    ['configmap', new Map()],
    ['server', new Map()],
    ['log', new Map()],
    ['crash', new Map()],
    ['coverage', new Map()],
  ]);
  readonly #formerAddresses: Set<string>;
  readonly #config: BuildConfig;
  readonly #unitRefs = new Map<string, number>();
  readonly #nodes = new Contributions<TopologyNode>(mergeNodes);
  readonly #edges = new Contributions<TopologyEdge>(mergeEdges);
  readonly #drafts = new Contributions<Draft>(mergeDrafts);
  readonly #settler: Settler;
  readonly #summary = new SummaryCounter();
  readonly #queue: Change[] = [];
  #taken = 0;
  #settled = true;
  #published = false;
  #before: Before = { nodes: new Map(), edges: new Map(), findings: new Map() };
  readonly #wanted: WantedNames;
  readonly #ahead: Ahead;
  /** Grows with every change of what `internal` reads beside the graph. */
  internalRevision = 0;
  /** How often a check or a unit threw since the start: for metrics. */
  failures = 0;

  constructor(config: Partial<BuildConfig> = {}, observations: Observations = NO_OBSERVATIONS) {
    this.#config = { ...DEFAULT_CONFIG, ...config };
    this.#formerAddresses = new Set(observations.formerAddresses);
    this.#settler = new Settler(observations.sightings);
    this.#engine = new QueryEngine({
      source: (name) => this.#reader(name),
      onRoot: (query, key, value, before) =>
        this.#contribute(unitOf(query, key), before as Fragment | undefined, value as Fragment | undefined),
      onError: (query, key, error) => this.#failed(query.name, key, error),
    });
    this.#store = new ObjectStore(INDEXES, {
      objectChanged: (kind, key) => this.#engine.invalidate(kind, key),
      indexChanged: (index, key) => this.#engine.invalidate(index, key),
      keyAppeared: (source, key) => this.#units(source, key, 1),
      keyVanished: (source, key) => this.#units(source, key, -1),
    });
    this.#wanted = new WantedNames(this.#store);
    this.#ahead = new Ahead(this.#store, this.#engine);
    this.#engine.addRoot(controllersFragment, '');
    this.#engine.addRoot(clusterFragment, '');
  }

  /** Queues changes of the inputs; `run` takes them in order. */
  change(changes: readonly Change[]): void {
    for (const change of changes) this.#queue.push(change);
  }

  /**
   * Takes queued changes and settles what they reach, at the time `now` (epoch ms).
   * @returns false when `budgetMs` was used up first: yield to others and call again with the same `now`.
   */
  run(now: number, budgetMs = Number.POSITIVE_INFINITY): boolean {
    const end = performance.now() + budgetMs;
    let steps = 0;
    const late = () => (++steps & 15) === 0 && performance.now() >= end;
    if (!this.#takeAll(late)) return false;
    this.#ahead.end();
    this.#settled = this.#engine.run(now, late);
    return this.#settled && this.#queue.length === 0;
  }

  /**
   * Takes what was told, and works out what already can be while a list is still being read.
   * @returns true when that is all for now.
   */
  ahead(now: number, budgetMs: number): boolean {
    const end = performance.now() + budgetMs;
    this.#takeAll(() => false);
    return this.#ahead.run(now, () => performance.now() >= end);
  }

  /** Inputs stand still while a settling is under way: a query never sees half a change. */
  #takeAll(late: () => boolean): boolean {
    while (this.#settled && this.#taken < this.#queue.length) {
      this.#take(this.#queue[this.#taken++] as Change);
      if (late()) return false;
    }
    if (this.#taken === this.#queue.length) {
      this.#queue.length = 0;
      this.#taken = 0;
    }
    return true;
  }

  /** What changed since the last publish; it is in `graph` when this returns. Call it when `run` has returned true. */
  publish(now: number): TopologyDelta {
    return drain(this.publishing(now));
  }

  /** The same in slices: between them others may run, but nobody may read the graph or change inputs. */
  *publishing(now: number): Generator<void, TopologyDelta> {
    const before = {
      nodes: new Map<string, TopologyNode>(),
      edges: new Map<string, TopologyEdge>(),
      findings: new Map<string, Finding>(),
    };
    const delta: TopologyDelta = {
      nodes: yield* patched(this.#nodes, this.graph.nodes, before.nodes),
      edges: yield* patched(this.#edges, this.graph.edges, before.edges),
      findings: yield* this.#findings(now, before.findings),
    };
    this.#before = before;
    this.#summary.apply(delta, this.graph);
    yield* this.graph.applying(delta);
    this.#published = true;
    return delta;
  }

  /** What the last publish changed and removed, as it was before. */
  get before(): Before {
    return this.#before;
  }

  get summary(): Summary {
    return this.#summary.value({
      services: this.#store.count('services'),
      pods: this.#store.count('pods'),
    });
  }

  /** How many there are in a namespace, drawn or not. */
  objectsIn(namespace: string): { readonly services: number; readonly pods: number } {
    const count = (index: string) => this.#store.index(index, namespace).length;
    return { services: count('services-of-namespace'), pods: count('pods-of-namespace') };
  }

  /** What no entry reaches, in slices; between them nobody may change inputs or publish. */
  internal(now: number): Generator<void, Internal> {
    return internalPart(
      { store: this.#store, graph: this.graph, input: (source, key) => this.#reader(source)(key) },
      now,
    );
  }

  /** Names of the namespaces that there are, and of those that hold what is drawn, where namespaces may not be listed. */
  get namespaces(): readonly string[] {
    const names = new Set(this.#store.index('namespaces-all', '').map((key) => splitKey(key).name));
    for (const index of NAMESPACED) for (const name of this.#store.indexKeys(index)) names.add(name);
    return [...names];
  }

  /** Coverage as the watchers last told it, by resource. */
  get coverage(): readonly ResourceCoverage[] {
    return [...(this.#facts.get('coverage') as Map<string, ResourceCoverage>).values()];
  }

  /** When `run` and `publish` must be called though nothing changed (epoch ms); null when never. */
  get nextWake(): number | null {
    const times = [this.#engine.nextWake, this.#settler.nextDue].filter(
      (time): time is number => time !== null,
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  get observations(): Observations {
    return { sightings: this.#settler.sightings, formerAddresses: [...this.#formerAddresses].sort() };
  }

  /** Names to resolve, what to ask for by name and logs to read; the same object until it changes. */
  wanted(): Wanted {
    return this.#wanted.value;
  }

  #take(change: Change): void {
    if (change.type === 'object' || change.type === 'coverage') this.internalRevision++;
    switch (change.type) {
      case 'object':
        this.#takeObject(change.change);
        break;
      case 'dns':
        this.#fact('dns', change.name, change.fact);
        break;
      case 'secret':
        this.#fact('secret', change.key, change.fact);
        break;
      case 'fact':
        this.#fact(change.source, change.key, change.fact);
        break;
      case 'coverage':
        this.#fact('coverage', change.coverage.resource, change.coverage);
        break;
      case 'listing':
        this.#ahead.take(change);
        break;
    }
  }

  #takeObject(change: ObjectChange): void {
    if (change.kind === 'services') this.#rememberAddresses(change);
    this.#wanted.note(change);
    this.#store.apply(change);
  }

  #rememberAddresses(change: ObjectChange & { kind: 'services' }): void {
    const before = this.#store.get('services', change.key);
    if (!before || before.addresses.length === 0) return;
    const now = new Set(addressesOf(change.object?.addresses ?? []));
    const gone = addressesOf(before.addresses).filter(
      (address) => !now.has(address) && !this.#formerAddresses.has(address),
    );
    for (const address of gone) this.#formerAddresses.add(address);
    if (gone.length > 0) this.#engine.invalidate('former-addresses', '');
  }

  #fact(source: string, key: string, value: unknown): void {
    const facts = this.#facts.get(source) as Map<string, unknown>;
    const before = facts.get(key);
    if (value === null) facts.delete(key);
    else if (share(before, value) === before) return;
    else facts.set(key, value);
    this.#engine.invalidate(source, key);
  }

  #reader(source: string): (key: string) => unknown {
    const facts = this.#facts.get(source);
    if (facts) return (key) => facts.get(key) ?? this.#ahead.assumed(source, key);
    if (source === 'config') return () => this.#config;
    if (source === 'former-addresses') return () => [...this.#formerAddresses].sort();
    if (Object.hasOwn(INDEXES, source)) return (key) => this.#store.index(source, key);
    const objects = this.#store.objects(source as KindName);
    return (key) => objects.get(key);
  }

  #units(source: string, key: string, by: 1 | -1): void {
    for (const { query, sources } of UNITS) {
      if (!sources.includes(source)) continue;
      // A unit of one source is there as long as its key is: nothing to count.
      if (sources.length === 1) {
        if (by === 1) this.#engine.addRoot(query, key);
        else this.#engine.removeRoot(query, key);
        continue;
      }
      const unit = unitOf(query, key);
      const refs = (this.#unitRefs.get(unit) ?? 0) + by;
      if (refs > 0) this.#unitRefs.set(unit, refs);
      else this.#unitRefs.delete(unit);
      if (refs === 0) this.#engine.removeRoot(query, key);
      else if (refs === 1 && by === 1) this.#engine.addRoot(query, key);
    }
  }

  #contribute(unit: string, before: Fragment | undefined, after: Fragment | undefined): void {
    this.#nodes.replace(unit, before?.nodes, after?.nodes);
    this.#edges.replace(unit, before?.edges, after?.edges);
    this.#drafts.replace(unit, before?.findings, after?.findings);
    for (const found of after?.findings ?? []) if (found.code === 'check-failed') this.failures++;
  }

  /** A check that throws is an unknown finding that names it; everything else goes on. */
  #failed(name: string, key: string, error: unknown): Fragment {
    const finding = failedDraft(`${name} ${key}`.trim(), key, error);
    return { nodes: [], edges: [], findings: [finding] };
  }

  *#findings(now: number, before: Map<string, Finding>): Generator<void, Patch<Finding>> {
    const changes = new Patching<Finding>(this.graph.findings, before);
    const seen = new Set<string>();
    yield* this.#drafts.taking((id, merged) => {
      seen.add(id);
      if (!merged) this.#settler.drop(id);
      changes.add(id, merged ? this.#settler.put(merged, now, !this.#published) : null);
    });
    for (const finding of this.#settler.settled(now))
      if (!seen.has(finding.id)) changes.add(finding.id, finding);
    return changes.patch;
  }
}

function unitOf(query: Query<unknown>, key: string): string {
  return [query.name, key].join(' ');
}
