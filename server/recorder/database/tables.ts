import 'server-only';
import type { Generated } from 'kysely';

/** One schema for SQLite and PostgreSQL. Times are epoch ms; bodies are packed (see `../codec`). `part`: a partition. */
export interface Tables {
  atlas_schema: { readonly id: number; version: number };
  /** Clusters by their number in all other tables. */
  atlas_clusters: {
    id: Generated<number>;
    readonly name: string;
    /** The first frame that can still be rebuilt; 0 before anything is recorded. */
    oldest_frame: number;
    oldest_at: number | null;
  };
  /**
   * Recorded changes: of one transaction, or of a chapter of them, which is called by its last one. `run`: the frame whose
   * keys it builds upon, its own id for those keys.
   */
  atlas_frames: {
    readonly cluster: number;
    readonly id: number;
    readonly run: number;
    /** Of the first and of the last change in it. */
    readonly since: number;
    readonly at: number;
    readonly epoch: string;
    readonly version: number;
    /** What its rows take, packed. */
    readonly bytes: number;
  };
  /** Names of the partitions of a run. */
  atlas_parts: { readonly cluster: number; readonly run: number; readonly part: string };
  /** Frames that are not sorted by partition yet; `events` null: nothing happened in it but changes. */
  atlas_log: {
    readonly cluster: number;
    readonly frame: number;
    readonly body: Uint8Array;
    readonly events: Uint8Array | null;
  };
  /** Frames of the log that are damaged or build upon one that is, with the reason. They are not read any more. */
  atlas_aside: {
    readonly cluster: number;
    readonly frame: number;
    readonly reason: string;
    readonly body: Uint8Array;
    readonly events: Uint8Array | null;
  };
  /** What a chapter changed in a partition. */
  atlas_deltas: {
    readonly cluster: number;
    readonly part: string;
    readonly frame: number;
    readonly body: Uint8Array;
  };
  /** A whole partition as it was after a frame. */
  atlas_keys: {
    readonly cluster: number;
    readonly part: string;
    readonly frame: number;
    readonly body: Uint8Array;
  };
  /** What goes with no frame; all events of earlier versions. */
  atlas_events: {
    readonly cluster: number;
    id: Generated<number>;
    readonly at: number;
    readonly type: string;
    readonly finding: string | null;
    readonly body: Uint8Array;
  };
  /** From when to when a finding was open; `closed` null: it still is. */
  atlas_spans: {
    readonly cluster: number;
    readonly finding: string;
    readonly opened: number;
    closed: number | null;
    body: Uint8Array;
  };
  /** Times of which nothing is known. */
  atlas_gaps: {
    readonly cluster: number;
    id: Generated<number>;
    readonly since: number;
    readonly until: number;
    readonly reason: string;
  };
  /** Who records, and when it last said so. */
  atlas_leases: { readonly cluster: number; holder: string; until: number; alive: number };
  atlas_snapshots: {
    readonly id_hash: string;
    readonly revoke_hash: string;
    readonly cluster: string;
    readonly taken_at: number;
    readonly created_at: number;
    readonly expires_at: number | null;
    readonly public: number;
    readonly redacted: number;
    /** Of the document and its pictures, in bytes. */
    readonly size: number;
    readonly doc: Uint8Array;
  };
  atlas_pictures: { readonly id_hash: string; readonly name: string; readonly body: Uint8Array };
  /** Sessions that were ended before their time. */
  atlas_signed_out: { readonly id_hash: string; readonly until: number };
  atlas_marks: {
    readonly cluster: string;
    readonly finding: string;
    readonly until: number | null;
    readonly note: string;
    readonly fingerprint: string;
    readonly by: string;
    readonly at: number;
  };
}
