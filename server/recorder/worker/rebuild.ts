import 'server-only';
import type { Kysely } from 'kysely';
import type { Topology } from '@/lib/topology/model';
import { Assembly } from '@/lib/topology/partition/assembly';
import { isOverview } from '@/lib/topology/partition/overview';
import type { Part, StoredPatch } from '@/lib/topology/partition/part';
import { SHARED } from '@/lib/topology/partition/partition-of';
import { type Drawn, View } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { type Frozen, topologyChunks } from '@/server/hub/chunks';
import { inTurns, yieldTurn } from '@/server/hub/turns';
import type { Tables } from '@/server/recorder/database/tables';
import { HEAD } from '@/server/recorder/messages';
import { bodiesOf, partOf, type RecordedBodies } from './bodies';
import { type FrameRow, type Log, logUpTo, partsOf, type Recorded, recorded } from './frames';
import { type Line, textOf, unpackLines } from './lines';
import { overviewAt } from './overview-at';
import type { PastGraph } from './past-graph';
import { slices } from './spans';
import { chapterOf, linesBetween, type Moment } from './touched';

/** So long others of the thread may have to wait. */
const TURN_MS = 10;

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
    const { key, lines } = await this.#recorded(name);
    const part = partOf(key, this.#until(lines));
    await yieldTurn();
    return part;
  }

  /** What is kept of all partitions that the run has had, by name in order. */
  async *bodies(): AsyncGenerator<readonly [name: string, bodies: RecordedBodies]> {
    const { db, cluster, moment } = this;
    const { frame } = moment;
    const names = await this.names();
    this.#log ??= logUpTo(db, cluster, frame);
    const log = await this.#log;
    const last = await chapterOf(db, cluster, frame.id);
    let end = performance.now() + TURN_MS;
    for (const some of slices(names))
      for (const found of await bodiesOf(db, cluster, some, { frame, log, last })) {
        yield found;
        if (performance.now() < end) continue;
        await yieldTurn();
        end = performance.now() + TURN_MS;
      }
  }

  /** What has changed in a partition since its key, until the moment. */
  patchesOf({ deltas, logged }: RecordedBodies): readonly StoredPatch[] {
    const lines = [...deltas.flatMap(unpackLines), ...logged.map(textOf)];
    return this.#until(lines);
  }

  #until(lines: readonly Line[]): readonly StoredPatch[] {
    const end = lines.findIndex(({ at }) => at > this.moment.time);
    return lines.slice(0, end < 0 ? lines.length : end).map(({ text }) => JSON.parse(text) as StoredPatch);
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
    const overview = isOverview(filters) && !past.holds(this) ? await overviewAt(this, filters) : null;
    if (overview) return overview;
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
