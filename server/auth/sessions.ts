import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { cookieName, deletions, isSecure, readChunked, readCookies, setChunked } from './cookies';
import type { Sealing } from './sealing';

const MINUTE = 60_000;

/** Without a request for so long a session is over. A page that is open asks again sooner than that. */
export const IDLE_MS = 60 * MINUTE;
/** However busy, it ends after so long. */
export const ABSOLUTE_MS = 12 * 60 * MINUTE;
/** A cookie this old is made anew when it is used. */
const RENEW_MS = 5 * MINUTE;

const COOKIE = 'atlas-session';

/** Who signed in, as verified then. */
export interface Subject {
  readonly user: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

const payloadSchema = z.object({
  sid: z.string(),
  user: z.string(),
  groups: z.array(z.string()).readonly(),
  extra: z.record(z.string(), z.array(z.string()).readonly()).readonly(),
  /** Milliseconds since the epoch. */
  end: z.number(),
  seen: z.number(),
});

/** A session that is on. */
export interface Session extends Subject {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly end: number;
  /** Set-Cookie headers for the answer; usually none. */
  readonly cookies: readonly string[];
}

export interface SessionsOptions {
  readonly sealing: Sealing;
  /** What a session belongs to: one of another way of signing in is none. */
  readonly purpose: string;
  readonly publicUrl: string;
  readonly now: () => number;
  /** Told of each session that is ended early, so that other replicas learn of it. */
  readonly onEnd?: (ended: Ended) => void;
}

/** A session that was ended early. The id itself goes nowhere. */
export interface Ended {
  readonly idHash: string;
  /** When it would have ended anyway, epoch ms. */
  readonly until: number;
}

type Asked = Pick<Headers, 'get'>;

/** Sessions, kept by the browser in a sealed cookie; only those that were ended early are remembered here. */
export class Sessions {
  readonly #options: SessionsOptions;
  /** Hash of an id → when it would have ended anyway. */
  readonly #revoked = new Map<string, number>();
  /** Of the sessions that have a stream open, by the same. */
  readonly #ends = new Map<string, { readonly controller: AbortController; readonly end: number }>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Set-Cookie headers that begin a session. `until`: it ends by then at the latest. Throws CookieTooLarge. */
  async begin(
    subject: Subject,
    headers: Asked,
    until = Number.POSITIVE_INFINITY,
  ): Promise<readonly string[]> {
    const now = this.#options.now();
    const end = Math.min(until, now + ABSOLUTE_MS);
    const { user, groups, extra } = subject;
    const session = { sid: randomBytes(16).toString('base64url'), user, groups, extra, end, seen: now };
    return await this.#cookies(session, headers);
  }

  /** The session of a request; null: none, or it is over. */
  async of(headers: Asked): Promise<Session | null> {
    const { sealing, purpose, now } = this.#options;
    const sealed = readChunked(this.#name(headers), readCookies(headers.get('cookie')));
    const opened = sealed === '' ? null : await sealing.open(purpose, sealed, now());
    const read = payloadSchema.safeParse(opened?.payload);
    if (!opened || !read.success || this.#revoked.has(hashOf(read.data.sid))) return null;
    const { sid: id, user, groups, extra, end, seen } = read.data;
    const isDue = opened.isOld || now() - seen > RENEW_MS;
    const cookies = isDue ? await this.#cookies({ ...read.data, seen: now() }, headers) : [];
    return { id, user, groups, extra, end, cookies };
  }

  /** Ends a session and what runs in it; answers the Set-Cookie headers that make the browser forget it. */
  end(session: Pick<Session, 'id' | 'end'> | null, headers: Asked): readonly string[] {
    if (session) {
      const ended = { idHash: hashOf(session.id), until: session.end };
      this.learn([ended]);
      this.#options.onEnd?.(ended);
    }
    return deletions(COOKIE, 0, this.#secure(headers), readCookies(headers.get('cookie')));
  }

  /** Takes down which sessions were ended, here or at another replica, and ends what runs in them. */
  learn(ended: readonly Ended[]): void {
    this.#forget();
    for (const { idHash, until } of ended) {
      this.#revoked.set(idHash, until);
      this.#ends.get(idHash)?.controller.abort('you have signed out');
      this.#ends.delete(idHash);
    }
  }

  /** Aborts when a session is ended early. */
  endOf({ id, end }: Pick<Session, 'id' | 'end'>): AbortSignal {
    this.#forget();
    const hash = hashOf(id);
    const { controller } = this.#ends.get(hash) ?? { controller: new AbortController() };
    if (this.#revoked.has(hash)) controller.abort('you have signed out');
    else this.#ends.set(hash, { controller, end });
    return controller.signal;
  }

  #forget(): void {
    const now = this.#options.now();
    for (const [id, end] of this.#revoked) if (end < now) this.#revoked.delete(id);
    for (const [id, { end }] of this.#ends) if (end < now) this.#ends.delete(id);
  }

  async #cookies(session: z.infer<typeof payloadSchema>, headers: Asked): Promise<readonly string[]> {
    const { sealing, purpose, now } = this.#options;
    const until = Math.min(session.end, session.seen + IDLE_MS);
    const value = await sealing.seal(purpose, session, until);
    const maxAge = Math.max(0, Math.floor((until - now()) / 1000));
    const before = readCookies(headers.get('cookie'));
    return setChunked(COOKIE, value, { secure: this.#secure(headers), maxAge }, before);
  }

  #secure(headers: Asked): boolean {
    return isSecure(this.#options.publicUrl, headers.get('host'));
  }

  /** Under which a browser sends it; chunks have a number behind. */
  #name(headers: Asked): string {
    return cookieName(COOKIE, this.#secure(headers));
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
