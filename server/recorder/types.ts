import 'server-only';
import type { ChangeEvent } from '@/lib/history/model';
import type { Finding } from '@/lib/topology/model';

/** How the recording stands. */
export interface RecorderStatus {
  /** `following`: another replica records. `behind`: changes wait. `down`: the database cannot be used now. */
  readonly state: 'off' | 'starting' | 'recording' | 'following' | 'behind' | 'down';
  /** Why; empty where all is well. */
  readonly reason: string;
  /** Since when it stands so, epoch ms. */
  readonly since: number;
  /** First and last moment that can be shown, epoch ms. */
  readonly oldest: number | null;
  readonly newest: number | null;
  /** What the database takes. */
  readonly bytes: number;
}

/** A time of which nothing is known, epoch ms. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** What history keeps of a finding. */
export interface FindingWord
  extends Pick<
    Finding,
    'id' | 'code' | 'severity' | 'impact' | 'state' | 'hop' | 'title' | 'cause' | 'since'
  > {
  readonly namespace: string;
  /** Ids of hosts and rules that it harms, the first few. */
  readonly hosts: readonly string[];
  readonly rules: readonly string[];
}

export type EventType =
  | 'finding-opened'
  | 'finding-closed'
  | 'finding-changed'
  | 'change'
  | 'connection'
  | 'recorder-started'
  | 'recorder-stopped'
  | 'clock-set-back';

/** Something that happened; `at` in epoch ms. */
export interface HistoryEvent {
  readonly id: number;
  readonly at: number;
  readonly type: EventType;
  /** What it is about; null where it is about no finding. */
  readonly finding: FindingWord | null;
  /** Of a finding that has changed: what it was. */
  readonly was?: { readonly severity: Finding['severity']; readonly state: Finding['state'] };
  /** Of what people or controllers have changed. */
  readonly change?: ChangeEvent;
  /** In words, where it is about no finding. */
  readonly detail: string;
}

/** A finding from when it was seen to open until it closed; null: it is open. */
export interface FindingSpan {
  readonly opened: number;
  readonly closed: number | null;
  readonly finding: FindingWord;
}

export interface HistoryQuery {
  readonly from: number;
  readonly to: number;
  /** Most events and most spans. */
  readonly limit: number;
}

export interface History {
  /** In the order in which they happened; of more than `limit` the last ones. */
  readonly events: readonly HistoryEvent[];
  readonly gaps: readonly Gap[];
  /** Findings that were open at some time of the range. */
  readonly spans: readonly FindingSpan[];
  /** Whether there was more than `limit`. */
  readonly cut: boolean;
  readonly oldest: number | null;
  readonly newest: number | null;
}

/** A snapshot as it is kept: ids only as hashes. Times in epoch ms. */
export interface SnapshotRecord {
  readonly idHash: string;
  readonly revokeHash: string;
  readonly cluster: string;
  readonly takenAt: number;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly public: boolean;
  readonly redacted: boolean;
  readonly doc: Uint8Array;
}

/** With its pictures by name. */
export interface NewSnapshot extends SnapshotRecord {
  readonly pictures: Readonly<Record<string, Uint8Array>>;
}

/** A snapshot without its contents; `size` in bytes. */
export interface SnapshotEntry extends Omit<SnapshotRecord, 'doc'> {
  readonly size: number;
}

/** What people have noted at a finding. */
export interface SignedOut {
  readonly idHash: string;
  /** Epoch ms. */
  readonly until: number;
}

export interface Mark {
  /** Id of the finding. */
  readonly finding: string;
  /** Expected until then, epoch ms; null: only a note. */
  readonly until: number | null;
  readonly note: string;
  /** What the finding rested on when it was marked: with another the mark does not hold. Empty: it always does. */
  readonly fingerprint: string;
  readonly by: string;
  readonly at: number;
}

/** Why there is no topology of a time. */
export interface Missing {
  readonly missing: 'before-retention' | 'not-yet' | 'gap' | 'off' | 'down';
  readonly reason: string;
  readonly oldest: number | null;
  readonly newest: number | null;
}

/** A topology of the past as JSON in pieces. */
export interface RebuiltText {
  readonly pieces: readonly Uint8Array[];
  /** Whether it is known to be what was seen then. */
  readonly exact: boolean;
  /** The time without records that the asked one lies in: then the topology is the last from before it. */
  readonly gap: Gap | null;
}
