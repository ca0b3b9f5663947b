import 'server-only';
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { Retention } from './retention';
import type {
  EventType,
  FindingWord,
  History,
  HistoryEvent,
  HistoryQuery,
  Mark,
  Missing,
  NewSnapshot,
  RebuiltText,
  RecorderStatus,
  SignedOut,
  SnapshotEntry,
  SnapshotRecord,
} from './types';

/** What the worker is given at its start. */
export interface WorkerOptions {
  readonly url: string;
  readonly retention: Retention;
  readonly cluster: string;
  /** Changes wait so long for others that are written with them; for tests. */
  readonly batchMs?: number;
  /** Frames of a chapter; for tests. */
  readonly chapterFrames?: number;
}

/** An event before it has an id. */
export interface NewEvent {
  readonly type: EventType;
  readonly finding: FindingWord | null;
  /** Id of a finding that closed as its span has it. */
  readonly of?: string;
  readonly was?: HistoryEvent['was'];
  readonly change?: HistoryEvent['change'];
  readonly detail?: string;
}

/** The partition of what a topology says beside its items. No namespace can be called so. */
export const HEAD = '~head';

/** One published change, serialised; `at` in epoch ms. */
export interface DeltaMessage {
  readonly type: 'delta';
  readonly run: number;
  readonly at: number;
  readonly epoch: string;
  readonly version: number;
  /** What changed in each partition, in this order in the body: so many bytes of JSON. */
  readonly parts: readonly (readonly [part: string, bytes: number])[];
  /** What follows it there: so many bytes each, the JSON of a {@link NewEvent}, which is taken over as it is. */
  readonly events: readonly number[];
  readonly body: Uint8Array;
  readonly bytes: number;
}

/** All partitions have been sent: from here on deltas build upon them. */
export interface KeyedMessage {
  readonly type: 'keyed';
  readonly run: number;
  readonly at: number;
  readonly epoch: string;
  readonly version: number;
  readonly head: string;
  /** Findings that are open now, settled ones only. */
  readonly open: readonly FindingWord[];
  /** Why nothing was recorded before, where this process knows. */
  readonly gap: string | null;
  readonly bytes: number;
}

/** A piece of a whole partition. */
export interface KeyMessage {
  readonly type: 'key';
  readonly run: number;
  readonly part: string;
  readonly text: string;
  readonly last: boolean;
  readonly bytes: number;
}

export type ToWorker =
  | { readonly type: 'cluster'; readonly id: string }
  | { readonly type: 'run'; readonly run: number }
  | KeyMessage
  | KeyedMessage
  | DeltaMessage
  /** What has been sent of earlier runs and is not written yet is let go. */
  | { readonly type: 'reset'; readonly run: number }
  | { readonly type: 'ask'; readonly id: number; readonly method: Method; readonly args: unknown }
  | { readonly type: 'stop' };

/** What the thread is sent: a cluster's recording begins, or one of its messages. */
export type ToThread =
  | { readonly channel: number; readonly open: WorkerOptions }
  | { readonly channel: number; readonly message: ToWorker };

export type FromWorker =
  | { readonly type: 'status'; readonly status: RecorderStatus; readonly counts: WorkerCounts }
  /** Whether a run may begin. */
  | { readonly type: 'lead'; readonly leading: boolean; readonly reason: string }
  /** So many bytes of what was sent are written, or let go. */
  | { readonly type: 'done'; readonly run: number; readonly bytes: number; readonly version: number | null }
  /** The run cannot go on: another has to begin with whole partitions. */
  | { readonly type: 'ended'; readonly run: number; readonly reason: string }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  | { readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly type: 'stopped' };

export interface WorkerCounts {
  readonly frames: number;
  readonly gaps: number;
  /** CPU time of the worker's thread since it began, ms. */
  readonly cpuMs: number;
}

/** What may be asked of the worker, with what it answers. */
export interface Asks {
  readonly at: (args: { readonly time: number; readonly filters: ViewFilters }) => RebuiltText | Missing;
  readonly history: (args: HistoryQuery) => History;
  readonly putSnapshot: (args: NewSnapshot) => null;
  readonly snapshot: (args: { readonly idHash: string }) => SnapshotRecord | null;
  readonly picture: (args: { readonly idHash: string; readonly name: string }) => Uint8Array | null;
  readonly removeSnapshot: (args: { readonly idHash: string }) => boolean;
  readonly countSnapshots: (args: null) => { readonly count: number; readonly bytes: number };
  readonly listSnapshots: (args: { readonly limit: number }) => readonly SnapshotEntry[];
  readonly marks: (args: null) => readonly Mark[];
  readonly putMark: (args: Mark) => null;
  readonly removeMark: (args: { readonly finding: string }) => boolean;
  readonly signedOut: (args: null) => readonly SignedOut[];
  readonly putSignedOut: (args: SignedOut) => null;
}

export type Method = keyof Asks;
