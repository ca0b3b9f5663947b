import 'server-only';
import type { Db } from './db';
import { openDatabase } from './open';

/** A database that several clusters' recordings of this thread have open together; each user is called when it is closed under it. */
interface Open {
  readonly db: Promise<Db>;
  readonly users: Set<() => void>;
}

const OPEN = new Map<string, Open>();
/** Failures of an opening that all who waited for it have met, and one has dealt with. */
const DEALT_WITH = new WeakSet<object>();

/** One user's hold on a database. */
export interface Held {
  readonly db: Db;
  /** Gives it back; the last one closes it. */
  release(): Promise<void>;
  /**
   * The file is damaged: closes it for all, and tells the others. Whether this was the first to say so: then the file is
   * its to put aside.
   */
  condemn(): Promise<boolean>;
}

/**
 * Opens a database, or joins who has it open already: there is one connection that writes. Fails as opening does.
 * `onCondemned`: another user has found it damaged and closed it.
 */
export async function holdDatabase(url: string, onCondemned: () => void): Promise<Held> {
  const open = OPEN.get(url) ?? { db: openDatabase(url), users: new Set() };
  OPEN.set(url, open);
  open.users.add(onCondemned);
  const isCurrent = () => OPEN.get(url) === open;
  let db: Db;
  try {
    db = await open.db;
  } catch (error) {
    if (isCurrent()) OPEN.delete(url);
    throw error;
  }
  return {
    db,
    release: async () => {
      open.users.delete(onCondemned);
      if (open.users.size > 0 || !isCurrent()) return;
      OPEN.delete(url);
      await db.close();
    },
    condemn: async () => {
      open.users.delete(onCondemned);
      if (!isCurrent()) return false;
      OPEN.delete(url);
      await db.close().catch(() => undefined);
      // Later: first the file has to be put aside, or they would open it again.
      for (const tell of open.users) setImmediate(tell);
      return true;
    },
  };
}

/** Whether the failure of an opening is for this caller to deal with: the first of all who waited for it. */
export function isFirstToSee(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return true;
  if (DEALT_WITH.has(error)) return false;
  DEALT_WITH.add(error);
  return true;
}
