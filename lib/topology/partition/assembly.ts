/** Draws a view from as few partitions as it needs. */
import { Graph } from '@/lib/topology/graph';
import { sliced } from '@/lib/topology/slices';
import { type Drawn, indexed, View } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { firstNeeds, missingNeeds } from './needs';
import type { Part } from './part';
import { SHARED } from './partition-of';

/** So often partitions are fetched for what a drawing turned out to need, before all are fetched. */
const MOST_ROUNDS = 6;

/** One view under construction; the caller fetches what `wanted` names until `draw` gives a drawing. */
export class Assembly {
  readonly #filters: ViewFilters;
  readonly #shared: Part;
  readonly #there = new Set<string>([SHARED]);
  readonly #graph = new Graph();
  #wanted: ReadonlySet<string> | null;
  #rounds = 0;

  constructor(filters: ViewFilters, shared: Part) {
    this.#filters = filters;
    this.#shared = shared;
    this.#graph.apply(shared.topology());
    this.#wanted = firstNeeds(filters, shared);
  }

  /** Names of partitions to add before the next drawing; null: all that there are. */
  get wanted(): ReadonlySet<string> | null {
    return this.#wanted;
  }

  has(name: string): boolean {
    return this.#there.has(name);
  }

  /** Adds a partition, empty where nothing of that name is recorded. */
  add(name: string, part: Part): void {
    if (this.#there.has(name)) return;
    this.#there.add(name);
    this.#graph.apply(part.topology());
  }

  /** Draws in slices; null when partitions are missing, which `wanted` then names. */
  *draw(): Generator<void, Drawn | null> {
    const source = indexed(this.#graph);
    yield;
    const drawn = yield* new View(source, this.#filters).draw();
    if (this.#wanted === null) return drawn;
    const missing = missingNeeds(this.#there, this.#shared, source, drawn);
    if (missing.size === 0) return drawn;
    this.#wanted = ++this.#rounds >= MOST_ROUNDS ? null : missing;
    return null;
  }
}

/** A topology as parts by name: for whoever has all of it at hand. */
export function* drawFrom(
  parts: ReadonlyMap<string, Part>,
  filters: ViewFilters,
  empty: Part,
): Generator<void, Drawn> {
  const assembly = new Assembly(filters, parts.get(SHARED) ?? empty);
  for (;;) {
    yield* sliced(assembly.wanted ?? parts.keys(), (name) => assembly.add(name, parts.get(name) ?? empty));
    const drawn = yield* assembly.draw();
    if (drawn) return drawn;
  }
}
