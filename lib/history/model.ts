/** What changed between two topologies, in words that a person uses. Plain data; `lib/wire/diff` has its schemas. */
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';

export type Change = 'added' | 'removed' | 'changed';

/** A value of a field; null: it was not there. Lists are joined by commas. */
export type FieldValue = string | number | boolean | null;

/** One field that differs. */
export interface FieldChange {
  /** `status`, `ports.80`, `workloads.Deployment/watch.images.app`, … */
  readonly path: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
}

/** Who edited an object between the two times, as its managedFields tell: no claim that the edit brought the change. */
export interface Who {
  readonly manager: string;
  /** RFC 3339. */
  readonly at: string;
  /** `KIND NAMESPACE/NAME` */
  readonly object: string;
}

interface ItemChange {
  readonly change: Change;
  /** Of what was removed its id before, of all else its id after. */
  readonly id: string;
  /** The id before where the same thing stands under another id now; else null. */
  readonly was: string | null;
  /** What differs; empty for what was added or removed. */
  readonly fields: readonly FieldChange[];
}

export interface NodeChange extends ItemChange {
  /** As it is after; of what was removed as it was before. */
  readonly node: TopologyNode;
  readonly who: Who | null;
}

export interface EdgeChange extends ItemChange {
  readonly edge: TopologyEdge;
}

export interface FindingChange extends ItemChange {
  readonly finding: Finding;
}

export interface Count {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export interface TopologyDiff {
  /** Each list worst first. */
  readonly nodes: readonly NodeChange[];
  readonly edges: readonly EdgeChange[];
  readonly findings: readonly FindingChange[];
  /** Of everything, also of what a limit left out of the lists. */
  readonly summary: { readonly nodes: Count; readonly edges: Count; readonly findings: Count };
  /** Whether a limit left something out. */
  readonly cut: boolean;
  /** What stands on one side only and may be folded away on the other: nothing can be said of it. */
  readonly folded: number;
}

/** `deploy`: what runs; `replicas`: how many; `configuration`: all else that people set. */
export type EventKind = 'deploy' | 'replicas' | 'configuration';

/** Something that people or controllers changed: a mark of the timeline. */
export interface ChangeEvent {
  readonly kind: EventKind;
  /** `KIND NAMESPACE/NAME` of what was changed. */
  readonly object: string;
  /** In one line: `image app: shop/watch:1.2 → shop/watch:1.3`. */
  readonly title: string;
  readonly fields: readonly FieldChange[];
  /** Null where managedFields name nobody new. */
  readonly who: Who | null;
  /** Ids of the nodes at which it is seen. */
  readonly nodes: readonly string[];
}
