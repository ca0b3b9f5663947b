// Continue tokens: each pins the snapshot its list began with, for a limited time.
import type { Revision } from './revision';
import { badRequest, expired } from './status';

export type Pinned = { items: readonly Revision[]; version: string; isFiltered: boolean };
type Kept = Pinned & { until: number };

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';

/** Snapshots kept at most; a client that begins lists and never ends them costs no more memory than this. */
const MOST = 256;

/** The snapshots behind the continue tokens that are still valid. */
export class ContinueTokens {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;
  #count = 0;
  /** How long a token lives. */
  lifetimeMs: number;

  constructor(lifetimeMs: number, now: () => number) {
    this.lifetimeMs = lifetimeMs;
    this.#now = now;
  }

  /** Pins a snapshot; returns the id to put into tokens. */
  pin(pinned: Pinned): string {
    this.#sweep();
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST && oldest !== undefined) this.#kept.delete(oldest);
    this.#count += 1;
    const id = `s${this.#count}`;
    this.#kept.set(id, { ...pinned, until: this.#now() + this.lifetimeMs });
    return id;
  }

  /** Writes a token. */
  token(id: string, start: number): string {
    return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', id, start })).toString('base64url');
  }

  /** Finds the snapshot and position of a token; throws 410 when it is too old. */
  resolve(token: string): { id: string; start: number; pinned: Pinned } {
    const { id, start } = decode(token);
    this.#sweep();
    const pinned = this.#kept.get(id);
    if (pinned === undefined) throw expired(TOO_OLD);
    return { id, start, pinned };
  }

  /** Makes every token too old. */
  expireAll(): void {
    this.#kept.clear();
  }

  #sweep(): void {
    const now = this.#now();
    for (const [id, { until }] of this.#kept) if (until <= now) this.#kept.delete(id);
  }
}

function decode(token: string): { id: string; start: number } {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof value === 'object' && value !== null && 'id' in value && 'start' in value) {
      const { id, start } = value;
      if (typeof id === 'string' && typeof start === 'number' && start >= 0) return { id, start };
    }
  } catch {
    // Falls through to the answer for any unreadable token.
  }
  throw badRequest('continue key is not valid: illegal base64 data');
}
