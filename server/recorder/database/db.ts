import 'server-only';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables';

export type Kind = 'sqlite' | 'postgres';

export type Work<T> = (db: Transaction<Tables>) => Promise<T>;

/** An open database with the schema of this version. */
export interface Db {
  readonly kind: Kind;
  /** For reading outside of transactions. */
  readonly read: Kysely<Tables>;
  /** Runs work in a transaction that may write. */
  change<T>(work: Work<T>): Promise<T>;
  /** The same for who leads a cluster's recording: fails with {@link NotLeading} when that is somebody else. */
  record<T>(cluster: number, work: Work<T>): Promise<T>;
  /**
   * Tries to lead or to go on leading; says whether it does. `now` in epoch ms; `alive`: until when all is recorded, which
   * is noted by who leads already, so that a successor knows where the gap begins.
   */
  lead(cluster: number, now: number, alive: number): Promise<boolean>;
  /** Lets another lead. */
  resign(cluster: number): Promise<void>;
  /** What it takes on disk, in bytes. */
  bytes(): Promise<number>;
  /** Gives freed space back where that must be asked for. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

/** Another process records this cluster now. */
export class NotLeading extends Error {
  override readonly name = 'NotLeading';
}
