/** What the query engine remembers: a cell for each input, and for each query at a key, that somebody reads. */

/** A derived value by key. `level` orders evaluation: see above. */
export interface Query<V> {
  readonly name: string;
  readonly level: number;
  readonly compute: (read: Reader, key: string) => V;
}

/** How a query sees the world. Every call is recorded as a dependency. */
export interface Reader {
  input(source: string, key: string): unknown;
  query<V>(query: Query<V>, key: string): V;
  /** Whether the clock has reached a time (epoch ms); if not, the query is computed again when it has. */
  readonly reached: (time: number) => boolean;
}

/** The inner map of a key, made when missing. */
export function table<K>(tables: Map<K, Map<string, Cell>>, key: K): Map<string, Cell> {
  let cells = tables.get(key);
  if (!cells) {
    cells = new Map();
    tables.set(key, cells);
  }
  return cells;
}

/** When a cell wants to be computed again though nothing it read changes. */
export interface Waking {
  at: number;
  /** The earliest of the cell's entries in the heap. */
  queued: number;
}

export const NEVER = Number.POSITIVE_INFINITY;
/** Shared by all cells that have none; never written to. */
export const NO_CELLS: Cell[] = [];
/** Up to here a list of readers is copied to its exact length: `push` would reserve 17 places for the one that most have. */
const FEW_READERS = 16;

/** Stands for the value of a query that threw: whoever reads it throws too, up to the roots. */
export class Failure {
  constructor(readonly error: unknown) {}
}

/** There is a cell for each object and each query of it: hundreds of thousands, so what few need stands elsewhere. */
export class Cell {
  value: unknown;
  /** Cells read by the last computation, each once. */
  deps: readonly Cell[] = NO_CELLS;
  dependents: Cell[] = NO_CELLS;
  /** To be computed; of an input: to be read again. */
  dirty = true;
  computed = false;
  constructor(
    readonly query: Query<unknown> | null,
    readonly source: string,
    readonly key: string,
    readonly root: boolean,
  ) {}
}

/** Most cells read a handful of others: to search a list costs less than a set, up to here. */
const FEW_READS = 12;

/** What one computation has read so far. */
export class Reads {
  readonly cells: Cell[] = [];
  #set: Set<Cell> | null = null;
  constructor(
    readonly reader: Cell,
    readonly query: Query<unknown>,
  ) {}

  add(cell: Cell): void {
    if (this.has(cell)) return;
    this.cells.push(cell);
    if (this.#set) this.#set.add(cell);
    else if (this.cells.length > FEW_READS) this.#set = new Set(this.cells);
  }

  has(cell: Cell): boolean {
    return this.#set ? this.#set.has(cell) : this.cells.includes(cell);
  }
}

export function addReader(dep: Cell, reader: Cell): void {
  if (dep.dependents.length < FEW_READERS) dep.dependents = dep.dependents.concat(reader);
  else dep.dependents.push(reader);
}
