import 'server-only';
import { PING_MS } from '@/lib/wire/sse';
import type { NamedView, Position } from '@/lib/wire/views';
import type { TopologyHub } from '@/server/topology-hub';
import { StreamConnection } from './connection';
import { Seats } from './seats';

export const MOST_CLIENTS = 2000;

export interface StreamServerOptions {
  readonly hub: TopologyHub;
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  readonly mostClients?: number;
  /** Shared by the streams of several clusters. */
  readonly seats?: Seats;
}

/** All clients of the stream. */
export class StreamServer {
  readonly #options: StreamServerOptions;
  readonly #now: () => number;
  readonly #seats: Seats;
  readonly #connections = new Set<StreamConnection>();
  readonly #pings: NodeJS.Timeout;
  readonly #unsubscribe: readonly (() => void)[];
  #closing = false;

  constructor(options: StreamServerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#seats = options.seats ?? new Seats(options.mostClients ?? MOST_CLIENTS);
    const { hub } = options;
    this.#unsubscribe = [
      hub.onVersion(() => this.#each((connection) => connection.wake())),
      hub.onConnection((cluster) => this.#each((connection) => connection.tellCluster(cluster))),
    ];
    this.#pings = setInterval(() => this.#each((connection) => connection.ping(this.#now())), PING_MS);
    this.#pings.unref();
  }

  get clients(): number {
    return this.#connections.size;
  }

  /** Those of other clusters with whom the seats are shared too. */
  get allClients(): number {
    return this.#seats.taken;
  }

  /**
   * A new client's stream; null when there are too many, or when we are about to stop. `signal`: the client is gone;
   * `ended`: it is to say again who it is, with a reason in words.
   */
  connect(
    views: readonly NamedView[],
    position: Position | null,
    signal: AbortSignal,
    ended?: AbortSignal,
  ): StreamConnection | null {
    if (this.#closing || !this.#seats.take()) return null;
    const bye = () => connection.bye(reasonOf(ended));
    const connection: StreamConnection = new StreamConnection({
      hub: this.#options.hub,
      views,
      position,
      now: this.#now,
      onClosed: (closed) => {
        this.#seats.leave();
        this.#connections.delete(closed);
        // One signal may serve many, and live as long as the process: it must not keep those who have gone.
        ended?.removeEventListener('abort', bye);
      },
      onError: this.#options.onError,
    });
    this.#connections.add(connection);
    if (ended?.aborted) bye();
    else ended?.addEventListener('abort', bye, { once: true });
    if (signal.aborted) connection.close();
    else signal.addEventListener('abort', () => connection.close(), { once: true });
    return connection;
  }

  /** Says goodbye to everybody and takes nobody new. */
  stop(reason: string): void {
    this.#closing = true;
    clearInterval(this.#pings);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#each((connection) => connection.bye(reason));
  }

  /** One client's fault must not keep the others from being told. */
  #each(act: (connection: StreamConnection) => void): void {
    for (const connection of [...this.#connections]) {
      try {
        act(connection);
      } catch (error) {
        this.#options.onError(error);
        connection.close();
      }
    }
  }
}

function reasonOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason;
  return typeof reason === 'string' ? reason : 'who reads this is asked again';
}
