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
const FLAGS = 7;
const FLAG_BITS = 3;
/** Marks stay below: with the flags they fit the 31 bits that a number may have without a place of its own in memory. */
const MOST_MARKS = 2 ** 27;

/** There is a cell for each object and each query of it, hundreds of thousands: a word saved in each is megabytes. */
export class Cell {
  value: unknown;
  /** Cells read by the last computation, each once. */
  deps: Ties = null;
  readers: Ties = null;
  /** Flags, and above them the mark that it was given last. */
  #word = DIRTY;
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
    return (this.#word & ROOT) !== 0;
  }

  set root(root: boolean) {
    this.#word = root ? this.#word | ROOT : this.#word & ~ROOT;
  }

  /** To be computed; of an input: to be read again. */
  get dirty(): boolean {
    return (this.#word & DIRTY) !== 0;
  }

  get computed(): boolean {
    return (this.#word & COMPUTED) !== 0;
  }

  invalidate(): void {
    this.#word |= DIRTY;
  }

  settle(value: unknown): void {
    this.value = value;
    this.#word = (this.#word | COMPUTED) & ~DIRTY;
  }

  /** Whether a mark is the last that it was given. */
  bears(mark: number): boolean {
    return this.#word >> FLAG_BITS === mark;
  }

  /** Gives it a mark in place of the last; 0 is none. */
  mark(mark: number): void {
    this.#word = (mark << FLAG_BITS) | (this.#word & FLAGS);
  }
}

/** The tied cells as a list, to be read at once. */
export function listed(ties: Ties): readonly Cell[] {
  if (ties === null) return NO_CELLS;
  return ties instanceof Cell ? [ties] : ties;
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

/** One computation under way. */
export interface Reading {
  readonly reader: Cell;
  readonly query: Query<unknown>;
  readonly from: number;
  readonly mark: number;
  /** Another was done within it, which may have put its own mark in place of this one's. */
  interrupted: boolean;
}

/**
 * What the computations under way have read so far. One list serves all: what is nested ends before the other goes on.
 * A cell bears the mark of the computation that met it last, so that to read it again is told without a search.
 */
export class Trail {
  readonly #cells: Cell[] = [];
  #length = 0;
  #mark = 0;
  readonly #most: number;
  readonly #forget: () => void;

  /** `forget` takes the marks off all cells there are; called after so many marks (`most`), between computations. */
  constructor(forget: () => void, most = MOST_MARKS / 2) {
    this.#forget = forget;
    this.#most = most;
  }

  begin(reader: Cell, query: Query<unknown>, outer: Reading | null): Reading {
    // One outermost computation nests fewer others than there are cells, which is far from the other half of all marks.
    if (outer) outer.interrupted = true;
    else if (this.#mark >= this.#most) {
      this.#forget();
      this.#mark = 0;
    }
    return { reader, query, from: this.#length, mark: this.fresh(), interrupted: false };
  }

  /** A mark that no cell bears. */
  fresh(): number {
    return ++this.#mark;
  }

  add(cell: Cell, { mark }: Reading): void {
    if (cell.bears(mark)) return;
    cell.mark(mark);
    this.#cells[this.#length++] = cell;
  }

  /** What was read since `begin`, each once. */
  end({ from, interrupted }: Reading): Ties {
    const cells = this.#cells;
    let to = this.#length;
    this.#length = from;
    if (interrupted) {
      const mark = this.fresh();
      const all = to;
      to = from;
      for (let i = from; i < all; i++) {
        const cell = cells[i] as Cell;
        if (cell.bears(mark)) continue;
        cell.mark(mark);
        cells[to++] = cell;
      }
    }
    if (to - from > 1) return cells.slice(from, to);
    return to > from ? (cells[from] as Cell) : null;
  }
}
