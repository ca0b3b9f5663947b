import 'server-only';
import type { Finding, Topology, TopologyEdge, TopologyNode } from '@/lib/topology/model';

/** About so many bytes per piece: a stringify of this size takes well below a millisecond. */
const CHUNK = 64 * 1024;

/** A topology whose items stand still: taken at one version, serialised later. */
export interface Frozen
  extends Pick<Topology, 'epoch' | 'version' | 'takenAt' | 'cluster' | 'coverage' | 'summary'> {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly findings: readonly Finding[];
}

/** The JSON of a topology in pieces; joined they are one object. */
export function* topologyChunks(frozen: Frozen): Generator<string> {
  const { epoch, version, takenAt, cluster, coverage, summary } = frozen;
  const fields = { epoch, version, takenAt, cluster, coverage, summary };
  yield JSON.stringify(fields).slice(0, -1);
  for (const key of ['nodes', 'edges', 'findings'] as const) yield* arrayChunks(key, frozen[key]);
  yield '}';
}

/** `,"key":[…]` in pieces. */
export function* arrayChunks(key: string, items: Iterable<unknown>): Generator<string> {
  let text = `,${JSON.stringify(key)}:[`;
  let first = true;
  for (const item of items) {
    text += first ? JSON.stringify(item) : `,${JSON.stringify(item)}`;
    first = false;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield `${text}]`;
}

/**
 * Pieces made once for all who read them at about the same time. Pieces are kept while somebody may still come
 * (`keep`), later only those that the slowest reader has not had.
 */
export class SharedChunks {
  readonly #source: Iterator<string>;
  readonly #pieces: (Uint8Array | null)[] = [];
  readonly #readers = new Set<ChunkReader>();
  readonly #encoder = new TextEncoder();
  #done = false;
  #keep = true;
  #dropped = 0;

  constructor(source: Iterator<string>) {
    this.#source = source;
  }

  /** Starts reading from the first piece; null when that is gone. */
  reader(): ChunkReader | null {
    if (this.#dropped > 0) return null;
    const reader = new ChunkReader(this);
    this.#readers.add(reader);
    return reader;
  }

  /** Nobody new will come. */
  release(): void {
    this.#keep = false;
    this.#trim();
  }

  /** @internal The piece at a position; null after the last. */
  at(position: number): Uint8Array | null {
    while (!this.#done && this.#pieces.length <= position) {
      const next = this.#source.next();
      if (next.done) this.#done = true;
      else this.#pieces.push(this.#encoder.encode(next.value));
    }
    return this.#pieces[position] ?? null;
  }

  /** @internal A reader went on or went away. */
  moved(reader: ChunkReader, gone: boolean): void {
    if (gone) this.#readers.delete(reader);
    if (!this.#keep) this.#trim();
  }

  #trim(): void {
    let least = this.#pieces.length;
    for (const reader of this.#readers) least = Math.min(least, reader.position);
    while (this.#dropped < least) this.#pieces[this.#dropped++] = null;
  }
}

/** One reader's place in shared pieces. */
export class ChunkReader {
  readonly #chunks: SharedChunks;
  position = 0;

  constructor(chunks: SharedChunks) {
    this.#chunks = chunks;
  }

  /** The next piece; null after the last. */
  next(): Uint8Array | null {
    const piece = this.#chunks.at(this.position);
    if (piece) this.position++;
    this.#chunks.moved(this, piece === null);
    return piece;
  }

  /** Stops reading early; idempotent. */
  close(): void {
    this.#chunks.moved(this, true);
  }
}
