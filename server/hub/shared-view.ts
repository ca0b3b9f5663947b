import 'server-only';
import type { Touched } from '@/lib/topology/chain-index';
import { diffing } from '@/lib/topology/drawn-diff';
import type { TopologyDelta } from '@/lib/topology/model';
import { type Drawn, type Indexed, NOTHING_DRAWN, View } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { isUnfiltered } from '@/lib/wire/filters';
import { type Frozen, SharedChunks, topologyChunks } from './chunks';
import { DeltaRing, type RingLimits } from './delta-ring';
import { inTurns } from './turns';

/** What every topology says beside its items. */
export type Head = Omit<Frozen, 'nodes' | 'edges' | 'findings'>;

/** What a delta says beside its items. */
export interface DeltaHead {
  readonly version: number;
  readonly takenAt: string;
  readonly summary: Head['summary'];
  readonly coverage?: Head['coverage'];
  readonly cluster?: Head['cluster'];
}

/** What a delta says of two heads that follow each other. */
export function changesOf(before: Head, now: Head): DeltaHead {
  return {
    version: now.version,
    takenAt: now.takenAt,
    summary: now.summary,
    ...(now.coverage === before.coverage ? {} : { coverage: now.coverage }),
    ...(now.cluster === before.cluster ? {} : { cluster: now.cluster }),
  };
}

/** A whole view at one version, to be read in pieces. */
export interface Snapshot {
  readonly version: number;
  readonly chunks: SharedChunks;
}

/** A change with more items than this is told by a fresh snapshot, which leaves in slices. */
const LARGEST_DELTA = 5000;

/** A delta that changes nothing. */
export const NOTHING: TopologyDelta = {
  nodes: { upsert: [], remove: [] },
  edges: { upsert: [], remove: [] },
  findings: { upsert: [], remove: [] },
};

/** One view, materialised once for all clients that ask for the same. The hub writes, connections read. */
export class SharedView {
  readonly key: string;
  readonly scope: ViewFilters['scope'];
  readonly ring: DeltaRing;
  /** Connections that hold it. */
  users = 0;
  /** Epoch ms since when nobody holds it. */
  idleSince = 0;
  readonly #source: Indexed;
  /** null: the whole graph, unfolded; deltas pass straight through. */
  readonly #view: View | null;
  #drawn: Drawn | null = null;
  #head: Head;
  #snapshot: SharedChunks | null = null;
  #isDropped = false;

  constructor(key: string, source: Indexed, filters: ViewFilters, head: Head, limits?: RingLimits) {
    this.key = key;
    this.scope = filters.scope;
    this.#source = source;
    this.#view = isUnfiltered(filters) ? null : new View(source, filters);
    this.#head = head;
    this.ring = new DeltaRing(head.version, limits);
  }

  /** How many nodes it keeps for itself; none where the graph's own are shown. */
  get nodes(): number {
    return this.#drawn?.nodes.size ?? 0;
  }

  /** It is told no versions any more: who holds it must go. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** Lets go of what it keeps though somebody holds it. */
  drop(): void {
    this.#isDropped = true;
    this.#drawn = NOTHING_DRAWN;
    this.forgetSnapshot();
  }

  /** Draws it for the first time; the graph must stand still. */
  async prepare(): Promise<void> {
    if (this.#view) this.#drawn = await inTurns(this.#view.draw());
  }

  /** Takes over a publish. The graph already has it and stands still. */
  async update(
    head: Head,
    delta: TopologyDelta,
    touched: Touched,
    changed: DeltaHead,
    now: number,
  ): Promise<void> {
    const own = await this.#narrowed(delta, touched);
    this.#head = head;
    this.#snapshot?.release();
    this.#snapshot = null;
    if (sizeOf(own) > LARGEST_DELTA) this.ring.reset(head.version);
    else this.ring.push({ version: head.version, body: bodyOf(changed, own), at: now });
  }

  /** The whole view at its present version, frozen: items never change, only the maps that hold them do. */
  freeze(): Frozen {
    const { nodes, edges, findings } = this.#drawn ?? this.#source.graph;
    return {
      ...this.#head,
      nodes: [...nodes.values()],
      edges: [...edges.values()],
      findings: [...findings.values()],
    };
  }

  /** The snapshot's JSON, made once for all who ask at this version; the graph must stand still while it is frozen. */
  snapshot(): Snapshot {
    this.#snapshot ??= new SharedChunks(topologyChunks(this.freeze()));
    return { version: this.#head.version, chunks: this.#snapshot };
  }

  /** Lets go of a snapshot that nobody reads any more. */
  forgetSnapshot(): void {
    this.#snapshot?.release();
    this.#snapshot = null;
  }

  async #narrowed(delta: TopologyDelta, touched: Touched): Promise<TopologyDelta> {
    if (!this.#view || !this.#drawn) return delta;
    if (!(await inTurns(this.#view.refresh(touched, delta)))) return NOTHING;
    const after = await inTurns(this.#view.draw());
    const { drawn, delta: own } = await inTurns(diffing(this.#drawn, after));
    this.#drawn = drawn;
    return own;
  }
}

function sizeOf({ nodes, edges, findings }: TopologyDelta): number {
  let size = 0;
  for (const patch of [nodes, edges, findings]) size += patch.upsert.length + patch.remove.length;
  return size;
}

function bodyOf(head: DeltaHead, { nodes, edges, findings }: TopologyDelta): string {
  const { version, takenAt, ...rest } = head;
  return JSON.stringify({ version, takenAt, nodes, edges, findings, ...rest }).slice(1);
}
