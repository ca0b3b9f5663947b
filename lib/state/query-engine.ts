/**
 * Incremental evaluation by recorded reads. A query is a pure function of what it reads through its Reader; the engine
 * remembers those reads and computes a query again only when one of them changed. From scratch and incremental are
 * therefore the same code: an engine without memory is the definition, the memory is the optimisation.
 * Queries are layered: a query may read only inputs and queries of a lower level, so one ascending sweep settles all.
 * (Longer than most files: sweep, head start and links are one invariant over the same cells, and are to be read together.)
 */
import {
  addReader,
  Cell,
  Failure,
  listed,
  NEVER,
  type Query,
  type Reader,
  type Reading,
  removeReader,
  type Ties,
  Trail,
  table,
  type Waking,
} from './cells';
import { share } from './share';
import { WakeHeap } from './wake-heap';

export interface EngineOptions {
  /** What reads the present values of a source's inputs, by key. */
  readonly source: (name: string) => (key: string) => unknown;
  /** A root's value changed; `undefined`: the root is gone. */
  readonly onRoot: (query: Query<unknown>, key: string, value: unknown, before: unknown) => void;
  /** A root (or something it read) threw. What this returns stands in for its value. */
  readonly onError: (query: Query<unknown>, key: string, error: unknown) => unknown;
  /** After so many marks (see `Trail`) they start anew; absent: as late as can be. */
  readonly marks?: number;
}

/** What an input lacks while its source is still being read; null: it is whole. */
export type Lacks = (source: string, key: string) => string | null;

/** Ends what is not to be kept anyway, and all that it is read by. */
const LACKING = new Error('an input lacks something');

/** The inputs of one source that somebody reads. */
interface Inputs {
  readonly cells: Map<string, Cell>;
  readonly read: (key: string) => unknown;
}

/** Longer lists have little room to spare. */
const FEW = 16;

export class QueryEngine {
  readonly #inputs = new Map<string, Inputs>();
  readonly #queries = new Map<Query<unknown>, Map<string, Cell>>();
  readonly #dirty: Set<Cell>[] = [];
  readonly #wakes = new WakeHeap<Cell>();
  readonly #waking = new Map<Cell, Waking>();
  readonly #options: EngineOptions;
  readonly #trail: Trail;
  /** The computation that is under way. */
  #current: Reading | null = null;
  #now = 0;
  /** While something is computed ahead: tells of an input what it lacks. */
  #lacks: Lacks | null = null;
  /** What the computation that is under way has found lacking. */
  #lacking: string | null = null;
  /** Counts values that were made anew in place of others. */
  #remade = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#trail = new Trail(() => {
      for (const { cells } of this.#inputs.values()) for (const cell of cells.values()) cell.mark(0);
      for (const cells of this.#queries.values()) for (const cell of cells.values()) cell.mark(0);
    }, options.marks);
  }

  /** Makes a query's value at a key an output: computed though nobody reads it. */
  addRoot(query: Query<unknown>, key: string): void {
    const cell = this.#queryCell(query, key);
    if (cell.root) return;
    cell.root = true;
    // Somebody read it before: it will be told again only if it changes.
    if (cell.computed) this.#options.onRoot(query, key, this.#told(cell, cell.value), undefined);
    if (cell.dirty) this.#enqueue(cell);
  }

  /** Ends an output; `onRoot` is told with `undefined`. */
  removeRoot(query: Query<unknown>, key: string): void {
    const cell = this.#queries.get(query)?.get(key);
    if (!cell?.root) return;
    cell.root = false;
    if (cell.computed) this.#options.onRoot(query, key, undefined, this.#told(cell, cell.value));
    this.#dispose(cell);
  }

  /** An input changed: whoever read it is computed again by the next `run`. */
  invalidate(source: string, key: string): void {
    const cell = this.#inputs.get(source)?.cells.get(key);
    if (!cell) return;
    cell.invalidate();
    for (const reader of listed(cell.readers)) this.#enqueue(reader);
  }

  /**
   * Computes an output before its turn, at the time `now` (epoch ms), while some sources are still being read. What comes
   * of inputs that lack something is not kept, and what read something that was made anew meanwhile neither, for it may have
   * seen both the old and the new: the output waits for `run`, which goes by levels.
   * @returns the first lack that was met; null: there was none.
   */
  ahead(query: Query<unknown>, key: string, now: number, lacks: Lacks): string | null {
    const cell = this.#queries.get(query)?.get(key);
    if (!cell?.root || !cell.dirty) return null;
    this.#now = now;
    this.#lacks = lacks;
    try {
      this.#settle(cell, query);
      return this.#lacking;
    } finally {
      this.#lacks = null;
      this.#lacking = null;
    }
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
        this.#settleQueued(cell);
      }
    }
    return true;
  }

  #settleQueued(cell: Cell): void {
    const { query } = cell;
    if (!cell.dirty || !query) return;
    if (!cell.root && cell.readers === null) this.#dispose(cell);
    else this.#settle(cell, query);
  }

  /** Computes, and tells whom it concerns. Gives what was computed. */
  #settle(cell: Cell, query: Query<unknown>): unknown {
    const before = cell.value;
    const first = !cell.computed;
    const value = this.#compute(cell, query);
    if (cell.dirty || (!first && Object.is(before, value))) return value;
    for (const reader of listed(cell.readers)) this.#enqueue(reader);
    if (!cell.root) return value;
    const told = first ? undefined : this.#told(cell, before);
    this.#options.onRoot(query, cell.key, this.#told(cell, value), told);
    return value;
  }

  /** What an output tells of a value: of one that could not be computed, what stands in for it. */
  #told(cell: Cell, value: unknown): unknown {
    if (!(value instanceof Failure)) return value;
    value.standIn ??= this.#options.onError(cell.query as Query<unknown>, cell.key, value.error);
    return value.standIn;
  }

  /** Gives the value; it is also the cell's, unless it is not to be kept: see `ahead`. */
  #compute(cell: Cell, query: Query<unknown>): unknown {
    const outer = this.#current;
    const remade = this.#remade;
    const reading = this.#trail.begin(cell, query, outer);
    const waking = this.#waking.get(cell);
    if (waking) waking.at = NEVER;
    this.#current = reading;
    let value: unknown;
    try {
      value = query.compute(this.#reader, cell.key);
    } catch (error) {
      value = new Failure(error);
    } finally {
      this.#current = outer;
    }
    const ties = this.#trail.end(reading);
    if (this.#lacking !== null || (this.#lacks !== null && this.#remade !== remade)) return value;
    if (cell.computed) this.#remade += 1;
    cell.settle(cell.computed ? share(cell.value, value) : fitted(value));
    this.#relink(cell, ties);
    this.#queueWake(cell);
    return cell.value;
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

  /** One reader serves all: it records for the computation that is under way. */
  readonly #reader: Reader = {
    input: (source, key) => {
      const inputs = this.#inputs.get(source) ?? this.#newSource(source);
      let cell = inputs.cells.get(key);
      if (!cell) {
        cell = new Cell(source, key);
        inputs.cells.set(key, cell);
      }
      this.#trail.add(cell, this.#reading);
      if (cell.dirty) cell.settle(inputs.read(key));
      if (this.#lacks !== null) this.#check(source, key);
      return cell.value;
    },
    query: <V>(other: Query<V>, key: string): V => {
      const reading = this.#reading;
      if (other.level >= reading.query.level)
        throw new Error(`${reading.query.name} may not read ${other.name}: not of a lower level`);
      if (this.#lacking !== null) throw LACKING;
      const read = this.#queryCell(other, key);
      this.#trail.add(read, reading);
      const value = read.dirty ? this.#make(read, other) : read.value;
      if (value instanceof Failure) throw value.error;
      return value as V;
    },
    reached: (time) => {
      if (this.#now >= time) return true;
      this.#wakeAt(this.#reading.reader, time);
      return false;
    },
  };

  /** Ahead of its turn something may be read that is an output, or that others have read before: they are told. */
  #make(cell: Cell, query: Query<unknown>): unknown {
    if (cell.root || cell.readers !== null) return this.#settle(cell, query);
    return this.#compute(cell, query);
  }

  #check(source: string, key: string): void {
    this.#lacking ??= this.#lacks?.(source, key) ?? null;
    if (this.#lacking !== null) throw LACKING;
  }

  get #reading(): Reading {
    if (!this.#current) throw new Error('a query reads only while it is computed');
    return this.#current;
  }

  #relink(cell: Cell, ties: Ties): void {
    const before = listed(cell.deps);
    const cells = listed(ties);
    if (before.length === cells.length && before.every((dep, i) => dep === cells[i])) return;
    cell.deps = ties;
    // New links first: dropping an old one may dispose what only it read, which this cell may read now.
    if (before.length === 0) {
      for (const dep of cells) addReader(dep, cell);
      return;
    }
    const old = this.#trail.fresh();
    for (const dep of before) dep.mark(old);
    const present = this.#trail.fresh();
    for (const dep of cells) {
      if (!dep.bears(old)) addReader(dep, cell);
      dep.mark(present);
    }
    for (const dep of before) if (!dep.bears(present)) this.#unlink(dep, cell);
  }

  #unlink(dep: Cell, reader: Cell): void {
    removeReader(dep, reader);
    if (dep.readers === null) this.#dispose(dep);
  }

  /** Forgets a cell that nobody reads any more. */
  #dispose(cell: Cell): void {
    if (cell.root || cell.readers !== null) return;
    const cells = typeof cell.of === 'string' ? this.#inputs.get(cell.of)?.cells : this.#queries.get(cell.of);
    if (cells?.get(cell.key) === cell) cells.delete(cell.key);
    if (cell.query) this.#dirty[cell.query.level]?.delete(cell);
    this.#release(cell);
  }

  #release(cell: Cell): void {
    this.#waking.delete(cell);
    const deps = listed(cell.deps);
    cell.deps = null;
    for (const dep of deps) this.#unlink(dep, cell);
  }

  #enqueue(cell: Cell): void {
    const { query } = cell;
    if (!query) return;
    cell.invalidate();
    let queue = this.#dirty[query.level];
    if (!queue) {
      queue = new Set();
      this.#dirty[query.level] = queue;
    }
    queue.add(cell);
  }

  #newSource(name: string): Inputs {
    const inputs = { cells: new Map<string, Cell>(), read: this.#options.source(name) };
    this.#inputs.set(name, inputs);
    return inputs;
  }

  #queryCell(query: Query<unknown>, key: string): Cell {
    const cells = table(this.#queries, query);
    let cell = cells.get(key);
    if (!cell) {
      cell = new Cell(query, key);
      cells.set(key, cell);
    }
    return cell;
  }
}

/** A list without the room to grow that `flatMap` and `filter` leave: 17 places for the one or two that most have. */
function fitted(value: unknown): unknown {
  return Array.isArray(value) && value.length > 0 && value.length < FEW ? value.slice() : value;
}
