import 'server-only';
import type { Kysely } from 'kysely';
import type { Topology } from '@/lib/topology/model';
import { Assembly } from '@/lib/topology/partition/assembly';
import { Part, type StoredPatch } from '@/lib/topology/partition/part';
import { SHARED } from '@/lib/topology/partition/partition-of';
import { type Drawn, View } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { type Frozen, topologyChunks } from '@/server/hub/chunks';
import { inTurns, yieldTurn } from '@/server/hub/turns';
import type { Tables } from '@/server/recorder/database/tables';
import { HEAD } from '@/server/recorder/messages';
import { type FrameRow, type Log, logUpTo, partsOf, type Recorded, recorded } from './frames';
import type { Line } from './lines';
import type { PastGraph } from './past-graph';
import { linesBetween, type Moment } from './touched';

/** What a topology says beside its items; of a change only what changed. */
export type HeadWord = Pick<Topology, 'epoch' | 'version' | 'takenAt' | 'summary'> &
  Partial<Pick<Topology, 'coverage' | 'cluster'>>;

/** Reads partitions as they were at one time. */
export class Rebuild {
  readonly db: Kysely<Tables>;
  readonly cluster: number;
  readonly moment: Moment;
  #log: Promise<Log> | undefined;

  /** `time`: epoch ms, not before the frame's first change. */
  constructor(db: Kysely<Tables>, cluster: number, frame: FrameRow, time: number) {
    this.db = db;
    this.cluster = cluster;
    this.moment = { frame, time };
  }

  /** The view as JSON in pieces. `past`: where whole graphs are kept. */
  async view(filters: ViewFilters, past: PastGraph): Promise<Uint8Array[]> {
    const drawn = await this.#draw(filters, past);
    const head = await this.#head();
    const frozen: Frozen = {
      ...head,
      nodes: [...drawn.nodes.values()],
      edges: [...drawn.edges.values()],
      findings: [...drawn.findings.values()],
    };
    const encoder = new TextEncoder();
    const pieces: Uint8Array[] = [];
    for (const piece of topologyChunks(frozen)) {
      pieces.push(encoder.encode(piece));
      if (pieces.length % 64 === 0) await yieldTurn();
    }
    return pieces;
  }

  async part(name: string): Promise<Part> {
    const part = new Part();
    const { key, lines } = await this.#recorded(name);
    if (key !== null) part.apply(JSON.parse(key) as StoredPatch);
    for (const { at, text } of lines) {
      if (at > this.moment.time) break;
      part.apply(JSON.parse(text) as StoredPatch);
    }
    await yieldTurn();
    return part;
  }

  /** Names of all partitions that the run has had. */
  names(): Promise<readonly string[]> {
    return partsOf(this.db, this.cluster, this.moment.frame);
  }

  /** What changed in these partitions between another moment of the run and this one, whichever is earlier. */
  async between(other: Moment, names: readonly string[]): Promise<ReadonlyMap<string, readonly Line[]>> {
    const range = [other, this.moment].sort((a, b) => a.time - b.time) as [Moment, Moment];
    const log = await logUpTo(this.db, this.cluster, range[1].frame);
    return linesBetween(this.db, this.cluster, range, names, log);
  }

  async #draw(filters: ViewFilters, past: PastGraph): Promise<Drawn> {
    const assembly = new Assembly(filters, await this.part(SHARED));
    for (;;) {
      if (assembly.wanted === null) return inTurns(new View(await past.at(this), filters).draw());
      for (const name of assembly.wanted) if (!assembly.has(name)) assembly.add(name, await this.part(name));
      const drawn = await inTurns(assembly.draw());
      if (drawn) return drawn;
    }
  }

  async #recorded(name: string): Promise<Recorded> {
    this.#log ??= logUpTo(this.db, this.cluster, this.moment.frame);
    return recorded(this.db, this.cluster, name, this.moment.frame, await this.#log);
  }

  async #head(): Promise<Omit<Frozen, 'nodes' | 'edges' | 'findings'>> {
    const { key, lines } = await this.#recorded(HEAD);
    let head = JSON.parse(key ?? '{}') as Omit<Frozen, 'nodes' | 'edges' | 'findings'>;
    for (const { at, text } of lines) {
      if (at > this.moment.time) break;
      head = { ...head, ...(JSON.parse(text) as HeadWord) };
    }
    return head;
  }
}
