/**
 * Incremental evaluation by recorded reads. A query is a pure function of what it reads through its Reader; the engine
 * remembers those reads and computes a query again only when one of them changed. From scratch and incremental are
 * therefore the same code: an engine without memory is the definition, the memory is the optimisation.
 * Queries are layered: a query may read only inputs and queries of a lower level, so one ascending sweep settles all.
 */
import { share } from './share';
import { WakeHeap } from './wake-heap';

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
function table<K>(tables: Map<K, Map<string, Cell>>, key: K): Map<string, Cell> {
  let cells = tables.get(key);
  if (!cells) {
    cells = new Map();
    tables.set(key, cells);
  }
  return cells;
}

/** When a cell wants to be computed again though nothing it read changes. */
interface Waking {
  at: number;
  /** The earliest of the cell's entries in the heap. */
  queued: number;
}

const NEVER = Number.POSITIVE_INFINITY;
/** Shared by all cells that have none; never written to. */
const NO_CELLS: Cell[] = [];
/** Up to here a list of readers is copied to its exact length: `push` would reserve 17 places for the one that most have. */
const FEW_READERS = 16;

/** Stands for the value of a query that threw: whoever reads it throws too, up to the roots. */
class Failure {
  constructor(readonly error: unknown) {}
}

/** There is a cell for each object and each query of it: hundreds of thousands, so what few need stands elsewhere. */
class Cell {
  value: unknown;
  /** Cells read by the last computation, each once. */
  deps: readonly Cell[] = NO_CELLS;
  dependents: Cell[] = NO_CELLS;
  /** Inputs are never dirty: their readers are. */
  dirty = true;
  computed = false;
  constructor(
    readonly query: Query<unknown> | null,
    readonly source: string,
    readonly key: string,
    readonly root: boolean,
  ) {}
}

function addReader(dep: Cell, reader: Cell): void {
  if (dep.dependents.length < FEW_READERS) dep.dependents = dep.dependents.concat(reader);
  else dep.dependents.push(reader);
}

export interface EngineOptions {
  /** The present value of an input. */
  readonly read: (source: string, key: string) => unknown;
  /** A root's value changed; `undefined`: the root is gone. */
  readonly onRoot: (query: Query<unknown>, key: string, value: unknown, before: unknown) => void;
  /** A root (or something it read) threw. What this returns stands in for its value. */
  readonly onError: (query: Query<unknown>, key: string, error: unknown) => unknown;
}

export class QueryEngine {
  readonly #inputs = new Map<string, Map<string, Cell>>();
  readonly #queries = new Map<Query<unknown>, Map<string, Cell>>();
  readonly #roots = new Map<Query<unknown>, Map<string, Cell>>();
  readonly #dirty: Set<Cell>[] = [];
  readonly #wakes = new WakeHeap<Cell>();
  readonly #waking = new Map<Cell, Waking>();
  readonly #options: EngineOptions;
  #now = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Makes a query's value at a key an output: computed though nobody reads it. */
  addRoot(query: Query<unknown>, key: string): void {
    const cells = table(this.#roots, query);
    if (cells.has(key)) return;
    const cell = new Cell(query, '', key, true);
    cells.set(key, cell);
    this.#enqueue(cell);
  }

  /** Ends an output; `onRoot` is told with `undefined`. */
  removeRoot(query: Query<unknown>, key: string): void {
    const cells = table(this.#roots, query);
    const cell = cells.get(key);
    if (!cell) return;
    cells.delete(key);
    this.#dirty[query.level]?.delete(cell);
    this.#release(cell);
    if (cell.computed) this.#options.onRoot(query, key, undefined, cell.value);
  }

  /** An input changed: whoever read it is computed again by the next `run`. */
  invalidate(source: string, key: string): void {
    const cell = this.#inputs.get(source)?.get(key);
    if (cell) for (const reader of cell.dependents) this.#enqueue(reader);
  }

  /** When `run` must be called again though no input changed; null when never. */
  get nextWake(): number | null {
    return this.#wakes.next();
  }

  /**
   * Settles what is dirty, in ascending levels, at the time `now` (epoch ms).
   * @returns false when `deadline()` said stop: call again before changing inputs.
   */
  run(now: number, deadline: () => boolean): boolean {
    this.#now = now;
    for (const cell of this.#wakes.due(now)) {
      const waking = this.#waking.get(cell);
      if (!waking) continue;
      waking.queued = NEVER;
      if (waking.at <= now) this.#enqueue(cell);
      else this.#queueWake(cell);
    }
    for (let level = 0; level < this.#dirty.length; level++) {
      const queue = this.#dirty[level];
      if (!queue) continue;
      for (const cell of queue) {
        if (deadline()) return false;
        queue.delete(cell);
        this.#settle(cell);
      }
    }
    return true;
  }

  #settle(cell: Cell): void {
    if (!cell.dirty || !cell.query) return;
    if (!cell.root && cell.dependents.length === 0) {
      this.#dispose(cell);
      return;
    }
    const before = cell.value;
    const first = !cell.computed;
    this.#compute(cell);
    if (!first && Object.is(before, cell.value)) return;
    for (const reader of cell.dependents) this.#enqueue(reader);
    if (cell.root) this.#options.onRoot(cell.query, cell.key, cell.value, first ? undefined : before);
  }

  #compute(cell: Cell): void {
    const query = cell.query as Query<unknown>;
    const seen = new Set<Cell>();
    const waking = this.#waking.get(cell);
    if (waking) waking.at = NEVER;
    let value: unknown;
    try {
      value = query.compute(this.#reader(cell, query, seen), cell.key);
    } catch (error) {
      value = cell.root ? this.#options.onError(query, cell.key, error) : new Failure(error);
    }
    cell.value = cell.computed ? share(cell.value, value) : value;
    cell.computed = true;
    cell.dirty = false;
    this.#relink(cell, seen);
    this.#queueWake(cell);
  }

  #queueWake(cell: Cell): void {
    const waking = this.#waking.get(cell);
    if (!waking) return;
    if (waking.at === NEVER && waking.queued === NEVER) this.#waking.delete(cell);
    if (waking.at >= waking.queued) return;
    waking.queued = waking.at;
    this.#wakes.push(waking.at, cell);
  }

  #wakeAt(cell: Cell, time: number): void {
    const waking = this.#waking.get(cell);
    if (waking) waking.at = Math.min(waking.at, time);
    else this.#waking.set(cell, { at: time, queued: NEVER });
  }

  #reader(cell: Cell, query: Query<unknown>, seen: Set<Cell>): Reader {
    return {
      input: (source, key) => {
        seen.add(this.#inputCell(source, key));
        return this.#options.read(source, key);
      },
      query: <V>(other: Query<V>, key: string): V => {
        if (other.level >= query.level)
          throw new Error(`${query.name} may not read ${other.name}: not of a lower level`);
        const read = this.#queryCell(other, key);
        seen.add(read);
        if (read.dirty) this.#compute(read);
        if (read.value instanceof Failure) throw read.value.error;
        return read.value as V;
      },
      reached: (time) => {
        if (this.#now >= time) return true;
        this.#wakeAt(cell, time);
        return false;
      },
    };
  }

  #relink(cell: Cell, seen: Set<Cell>): void {
    if (cell.deps.length === seen.size && cell.deps.every((dep) => seen.has(dep))) return;
    const before = new Set(cell.deps);
    // New links first: dropping an old one may dispose what only it read, which this cell may read now.
    for (const dep of seen) if (!before.has(dep)) addReader(dep, cell);
    for (const dep of before) if (!seen.has(dep)) this.#unlink(dep, cell);
    cell.deps = [...seen];
  }

  #unlink(dep: Cell, reader: Cell): void {
    const at = dep.dependents.indexOf(reader);
    if (at < 0) return;
    const last = dep.dependents.pop() as Cell;
    if (last !== reader) dep.dependents[at] = last;
    if (dep.dependents.length === 0) this.#dispose(dep);
  }

  /** Forgets a cell that nobody reads any more. */
  #dispose(cell: Cell): void {
    if (cell.root || cell.dependents.length > 0) return;
    const cells = cell.query ? this.#queries.get(cell.query) : this.#inputs.get(cell.source);
    if (cells?.get(cell.key) === cell) cells.delete(cell.key);
    if (cell.query) this.#dirty[cell.query.level]?.delete(cell);
    this.#release(cell);
  }

  #release(cell: Cell): void {
    this.#waking.delete(cell);
    const deps = cell.deps;
    cell.deps = NO_CELLS;
    for (const dep of deps) this.#unlink(dep, cell);
  }

  #enqueue(cell: Cell): void {
    if (!cell.query) return;
    cell.dirty = true;
    let queue = this.#dirty[cell.query.level];
    if (!queue) {
      queue = new Set();
      this.#dirty[cell.query.level] = queue;
    }
    queue.add(cell);
  }

  #inputCell(source: string, key: string): Cell {
    const cells = table(this.#inputs, source);
    let cell = cells.get(key);
    if (!cell) {
      cell = new Cell(null, source, key, false);
      cell.dirty = false;
      cells.set(key, cell);
    }
    return cell;
  }

  #queryCell(query: Query<unknown>, key: string): Cell {
    const cells = table(this.#queries, query);
    let cell = cells.get(key);
    if (!cell) {
      cell = new Cell(query, '', key, false);
      cells.set(key, cell);
    }
    return cell;
  }
}
