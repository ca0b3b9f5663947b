import 'server-only';
import type { Kysely } from 'kysely';
import type { Topology } from '@/lib/topology/model';
import { Assembly } from '@/lib/topology/partition/assembly';
import { Part, type StoredPatch } from '@/lib/topology/partition/part';
import { SHARED } from '@/lib/topology/partition/partition-of';
import type { Drawn } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { type Frozen, topologyChunks } from '@/server/hub/chunks';
import { inTurns, yieldTurn } from '@/server/hub/turns';
import type { Tables } from '@/server/recorder/database/tables';
import { HEAD } from '@/server/recorder/messages';
import { type FrameRow, type Log, logUpTo, partsOf, type Recorded, recorded } from './frames';

/** What a topology says beside its items; of a change only what changed. */
export type HeadWord = Pick<Topology, 'epoch' | 'version' | 'takenAt' | 'summary'> &
  Partial<Pick<Topology, 'coverage' | 'cluster'>>;

/** Reads partitions as they were at one time. */
export class Rebuild {
  readonly #db: Kysely<Tables>;
  readonly #cluster: number;
  readonly #frame: FrameRow;
  readonly #time: number;
  #log: Promise<Log> | undefined;

  /** `time`: epoch ms, not before the frame's first change. */
  constructor(db: Kysely<Tables>, cluster: number, frame: FrameRow, time: number) {
    this.#db = db;
    this.#cluster = cluster;
    this.#frame = frame;
    this.#time = time;
  }

  /** The view as JSON in pieces. */
  async view(filters: ViewFilters): Promise<Uint8Array[]> {
    const drawn = await this.#draw(filters);
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
      if (at > this.#time) break;
      part.apply(JSON.parse(text) as StoredPatch);
    }
    await yieldTurn();
    return part;
  }

  async #draw(filters: ViewFilters): Promise<Drawn> {
    const assembly = new Assembly(filters, await this.part(SHARED));
    for (;;) {
      const names = assembly.wanted ?? (await partsOf(this.#db, this.#cluster, this.#frame));
      for (const name of names) if (!assembly.has(name)) assembly.add(name, await this.part(name));
      const drawn = await inTurns(assembly.draw());
      if (drawn) return drawn;
    }
  }

  async #recorded(name: string): Promise<Recorded> {
    this.#log ??= logUpTo(this.#db, this.#cluster, this.#frame);
    return recorded(this.#db, this.#cluster, name, this.#frame, await this.#log);
  }

  async #head(): Promise<Omit<Frozen, 'nodes' | 'edges' | 'findings'>> {
    const { key, lines } = await this.#recorded(HEAD);
    let head = JSON.parse(key ?? '{}') as Omit<Frozen, 'nodes' | 'edges' | 'findings'>;
    for (const { at, text } of lines) {
      if (at > this.#time) break;
      head = { ...head, ...(JSON.parse(text) as HeadWord) };
    }
    return head;
  }
}
