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
/** Up to here a list of readers is copied to its exact length: `push` would reserve 17 places for the few that most have. */
const FEW_READERS = 16;

/** Stands for the value of a query that threw: whoever reads it throws too, up to the roots. */
export class Failure {
  /** What is told in its place where the query is an output. */
  standIn: unknown;
  constructor(readonly error: unknown) {}
}

/** Cells that a cell is tied to. Most have one reader and many read one other: that one stands without a list around it. */
export type Ties = Cell | readonly Cell[] | null;

const NO_CELLS: readonly Cell[] = [];
const DIRTY = 1;
const COMPUTED = 2;
const ROOT = 4;

/** There is a cell for each object and each query of it, hundreds of thousands: a word saved in each is megabytes. */
export class Cell {
  value: unknown;
  /** Cells read by the last computation, each once. */
  deps: Ties = null;
  readers: Ties = null;
  #flags = DIRTY;
  /** `of`: the query whose value at the key this is, or the name of the input. */
  constructor(
    readonly of: Query<unknown> | string,
    readonly key: string,
  ) {}

  /** The query; null for an input. */
  get query(): Query<unknown> | null {
    return typeof this.of === 'string' ? null : this.of;
  }

  /** An output: computed though nobody reads it. */
  get root(): boolean {
    return (this.#flags & ROOT) !== 0;
  }

  set root(root: boolean) {
    this.#flags = root ? this.#flags | ROOT : this.#flags & ~ROOT;
  }

  /** To be computed; of an input: to be read again. */
  get dirty(): boolean {
    return (this.#flags & DIRTY) !== 0;
  }

  get computed(): boolean {
    return (this.#flags & COMPUTED) !== 0;
  }

  invalidate(): void {
    this.#flags |= DIRTY;
  }

  settle(value: unknown): void {
    this.value = value;
    this.#flags = (this.#flags | COMPUTED) & ~DIRTY;
  }
}

/** The tied cells as a list, to be read at once. */
export function listed(ties: Ties): readonly Cell[] {
  if (ties === null) return NO_CELLS;
  return ties instanceof Cell ? [ties] : ties;
}

/** What a computation read, to be kept. */
export function tiesTo(cells: readonly Cell[]): Ties {
  if (cells.length > 1) return cells.slice();
  return cells[0] ?? null;
}

export function addReader(dep: Cell, reader: Cell): void {
  const { readers } = dep;
  if (readers === null) dep.readers = reader;
  else if (readers instanceof Cell) dep.readers = [readers, reader];
  else if (readers.length < FEW_READERS) dep.readers = readers.concat(reader);
  else (readers as Cell[]).push(reader);
}

/** The order of readers is nobody's business. */
export function removeReader(dep: Cell, reader: Cell): void {
  const { readers } = dep;
  if (readers === null) return;
  if (readers instanceof Cell) {
    if (readers === reader) dep.readers = null;
    return;
  }
  const at = readers.indexOf(reader);
  if (at < 0) return;
  const list = readers as Cell[];
  const last = list.pop() as Cell;
  if (last !== reader) list[at] = last;
  if (list.length === 1) dep.readers = list[0] as Cell;
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
