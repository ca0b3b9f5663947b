import 'server-only';
import type { KindName } from '@/lib/kube/objects';

/** Counters of one resource's watchers since the start, for `/metrics`. */
export interface ResourceStats {
  /** Objects held now. */
  objects: number;
  events: number;
  bookmarks: number;
  lists: number;
  /** Lists that had to be made again because the server could not go on from where we were. */
  relists: number;
  /** Watches opened after the first. */
  reconnects: number;
  errors: number;
  /** Epoch ms of the last event or bookmark; null before the first. */
  lastEventAt: number | null;
}

export interface ClusterStats {
  readonly resources: Readonly<Partial<Record<KindName, Readonly<ResourceStats>>>>;
  /** Exceptions thrown by who receives our changes. */
  readonly handlerErrors: number;
}

export function emptyStats(): ResourceStats {
  return {
    objects: 0,
    events: 0,
    bookmarks: 0,
    lists: 0,
    relists: 0,
    reconnects: 0,
    errors: 0,
    lastEventAt: null,
  };
}
