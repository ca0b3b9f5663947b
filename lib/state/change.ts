import type { KindName, Kinds } from '@/lib/kube/objects';
import type { ObjectKey } from '@/lib/kube/refs';
import type { DnsFact, Facts, SecretFact } from '@/lib/state/facts';

/** One object as it is now; `null`: it is gone. A later change of the same key replaces an earlier one. */
export type ObjectChange = {
  [K in KindName]: { readonly kind: K; readonly key: ObjectKey; readonly object: Kinds[K] | null };
}[KindName];

export type ResourceState = 'watched' | 'on-demand' | 'forbidden' | 'absent' | 'failing';

/** Whether a resource may be read, as its watcher last saw it. */
export interface ResourceCoverage {
  readonly resource: KindName;
  readonly state: ResourceState;
  readonly reason: string;
}

/** A fact of any other source; `null`: it is no longer known. */
export type FactChange = {
  [S in Exclude<keyof Facts, 'dns' | 'secret'>]: {
    readonly type: 'fact';
    readonly source: S;
    readonly key: string;
    readonly fact: Facts[S] | null;
  };
}[Exclude<keyof Facts, 'dns' | 'secret'>];

/** Everything that can change in the inputs of a build. */
export type Change =
  | { readonly type: 'object'; readonly change: ObjectChange }
  | { readonly type: 'dns'; readonly name: string; readonly fact: DnsFact | null }
  | { readonly type: 'secret'; readonly key: ObjectKey; readonly fact: SecretFact | null }
  | FactChange
  | { readonly type: 'coverage'; readonly coverage: ResourceCoverage }
  | Listing;

/** The last list of a start is under way. */
export interface Listing {
  readonly type: 'listing';
  readonly resource: KindName;
  /** It comes in the order of namespaces and has come to this one; null: nothing is known of its order. */
  readonly at: string | null;
}
