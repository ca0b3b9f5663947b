import 'server-only';
import { createHash } from 'node:crypto';
import type { Reviews } from './reviews';
import type { Subject } from './sessions';

/** So long a review of a token holds. */
const KEEP_MS = 30_000;
const MOST_KEPT = 1000;

/** A token as an Authorization header brings it; null: none. */
export function bearerOf(headers: Pick<Headers, 'get'>): string | null {
  return /^bearer +([\w.~+/=-]{1,16384})$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}

/** Whose bearer tokens are; known by their hash for a short while, so that programs do not cost a review each time. */
export class Bearers {
  readonly #reviews: Pick<Reviews, 'whose'>;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly at: number; readonly subject: Subject }>();

  constructor(reviews: Pick<Reviews, 'whose'>, now: () => number) {
    this.#reviews = reviews;
    this.#now = now;
  }

  /** What is known of a token without asking. */
  known(token: string): Subject | null {
    const kept = this.#kept.get(hashOf(token));
    const age = kept ? this.#now() - kept.at : Number.POSITIVE_INFINITY;
    return kept && age >= 0 && age < KEEP_MS ? kept.subject : null;
  }

  /** Whose it is; null: nobody's. Throws ReviewError. */
  async whose(token: string): Promise<Subject | null> {
    const subject = await this.#reviews.whose(token);
    const key = hashOf(token);
    this.#kept.delete(key);
    if (!subject) return null;
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete([...this.#kept.keys()][0] ?? '');
    this.#kept.set(key, { at: this.#now(), subject });
    return subject;
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
