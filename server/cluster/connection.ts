import 'server-only';
import type { Clock } from './clock';
import type { Contact } from './reflector-options';

/** How we stand with the API server (CONTRACT, "cluster"). */
export interface Connection {
  readonly connection: 'connecting' | 'live' | 'stale' | 'unauthorized' | 'unreachable';
  /** Epoch ms; of `stale`: when we last heard from the server. */
  readonly since: number;
  readonly reason: string;
}

/**
 * The connection's state from the last outcome of each watcher and of the heartbeat. One failing resource is that
 * resource's coverage; the connection is lost when nothing gets through.
 */
export class ConnectionTracker {
  readonly #clock: Clock;
  readonly #onConnection: (connection: Connection) => void;
  readonly #outcomes = new Map<string, { readonly contact: Contact; readonly reason: string }>();
  #current: Connection;
  #lastContact: number | null = null;
  #lastContactMonotonic: number;
  #hadData = false;

  constructor(clock: Clock, onConnection: (connection: Connection) => void) {
    this.#clock = clock;
    this.#onConnection = onConnection;
    this.#current = { connection: 'connecting', since: clock.now(), reason: '' };
    this.#lastContactMonotonic = clock.monotonic();
  }

  get current(): Connection {
    return this.#current;
  }

  /** Milliseconds since the server last sent anything. */
  get silence(): number {
    return this.#clock.monotonic() - this.#lastContactMonotonic;
  }

  /** A byte came from the server. */
  heard(): void {
    this.#lastContact = this.#clock.now();
    this.#lastContactMonotonic = this.#clock.monotonic();
  }

  /** Outcome of a watcher's (or the heartbeat's) last request. */
  report(who: string, contact: Contact, reason: string): void {
    this.#outcomes.set(who, { contact, reason });
    if (contact === 'ok' && who !== HEARTBEAT) this.#hadData = true;
    const next = this.#judge();
    if (next.connection === this.#current.connection && next.reason === this.#current.reason) return;
    const since = next.connection === this.#current.connection ? this.#current.since : next.since;
    this.#current = { ...next, since };
    this.#onConnection(this.#current);
  }

  #judge(): Connection {
    const now = this.#clock.now();
    const outcomes = [...this.#outcomes];
    const refused = outcomes.find(([, { contact }]) => contact === 'unauthorized');
    if (refused) return { connection: 'unauthorized', since: now, reason: refused[1].reason };
    const heartbeat = this.#outcomes.get(HEARTBEAT);
    const watchers = outcomes.filter(([who, { contact }]) => who !== HEARTBEAT && contact !== 'none');
    const failed = watchers.filter(([, { contact }]) => contact === 'failed');
    const lost =
      heartbeat?.contact === 'failed'
        ? heartbeat
        : failed.length > 0 && failed.length === watchers.length
          ? failed[0]?.[1]
          : undefined;
    if (lost !== undefined) {
      if (this.#hadData) return { connection: 'stale', since: this.#lastContact ?? now, reason: lost.reason };
      return { connection: 'unreachable', since: now, reason: lost.reason };
    }
    const heard = watchers.length > 0 || outcomes.some(([who]) => who !== HEARTBEAT);
    return heard ? { connection: 'live', since: now, reason: '' } : { ...this.#current };
  }
}

/** Name under which the heartbeat reports. */
export const HEARTBEAT = 'heartbeat';
