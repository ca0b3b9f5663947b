import 'server-only';
import type { Change, ResourceCoverage } from '@/lib/state/change';
import type { Graph } from '@/lib/topology/graph';
import type { Internal } from '@/lib/topology/internal';
import type { Summary, TopologyDelta } from '@/lib/topology/model';

/** What the hub asks of the build; `lib/diagnosis/atlas` is it, tests have smaller ones. */
export interface Engine {
  readonly graph: Graph;
  readonly summary: Summary;
  readonly coverage: readonly ResourceCoverage[];
  /** When it must run again though nothing changed (epoch ms); null when never. */
  readonly nextWake: number | null;
  /** How many there are in a namespace, drawn or not. */
  objectsIn(namespace: string): { readonly services: number; readonly pods: number };
  change(changes: readonly Change[]): void;
  /** Takes what was told, and works out what can be before all is there; true when that is all for now. */
  ahead(now: number, budgetMs: number): boolean;
  /** false: the budget was used up, call again with the same `now`. */
  run(now: number, budgetMs?: number): boolean;
  /** What changed since the last publish, in slices; it is in `graph` when this ends, and nobody may read it before. */
  publishing(now: number): Generator<void, TopologyDelta>;
  /** Grows with every change of what `internal` reads beside the graph. */
  readonly internalRevision: number;
  /** What no entry reaches, in slices; between them nobody may run or publish. */
  internal(now: number): Generator<void, Internal>;
}
